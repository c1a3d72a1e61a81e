import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { CardData } from '../../../drivers/card-reader/card-data.ts';
import type { CardReader } from '../../../drivers/devices.ts';
import { fen } from '../../../terminal/base/money.ts';
import type { CardToConfirm, SaleStep } from '../../../terminal/flows/counter.ts';
import { makeCounter } from '../../../terminal/flows/make-counter.ts';
import { startTestSystem, type TestSystem, unionPayCard } from '../../support/terminal.ts';
import { keysOf } from './desk.ts';

/** The screen, the flow, the reader and the host together: nothing leaves before 确认 (faces.md, cashier rule 5). */

/** Time enough for this test's hands on a busy machine, and what the last case waits. */
const cardWaitMs = 2_000;
let system: TestSystem;

beforeAll(async () => {
  system = await startTestSystem({ limits: { cardWaitMs } });
  press('0 1 确认 0 0 0 0 确认');
  await sees('1消费');
});
afterAll(() => system.stop());
afterEach(() => system.devices.reader.takeAway());

function press(line: string): void {
  for (const key of keysOf(line)) system.terminal.runner.key(key);
}

/** Resolves with the screen that shows `words`; the test's own time limit ends a wait in vain. */
function sees(words: string): Promise<string> {
  return new Promise((resolve) => {
    const stop = system.terminal.runner.onScreen(({ rows }) => {
      const text = rows.map((row) => row.trim()).join('\n');
      if (!text.includes(words)) return;
      queueMicrotask(() => stop());
      resolve(text);
    });
  });
}

/** Faster than any customer, the reader may still be leaving its wait for a card at idle: a stripe is drawn only once. */
const readerWaits = (): Promise<void> =>
  new Promise((resolve) => {
    const stop = system.devices.reader.onActivate(() => {
      queueMicrotask(() => stop());
      resolve();
    });
  });

async function readCard(how: 'present' | 'swipe' = 'present'): Promise<string> {
  await Promise.all([sees('请挥卡或刷卡'), readerWaits()]);
  system.devices.reader[how](unionPayCard);
  return sees('确认消费');
}

async function leaveResult(): Promise<void> {
  await sees('请取签购单');
  press('确认');
  await sees('1消费');
}

const requests = (): number =>
  system.wire.seen.filter(({ towards, topic }) => towards === 'broker' && topic.endsWith('/up/auth')).length;
const last = (): unknown =>
  system.db.prepare('SELECT state, why, reversal FROM payment ORDER BY created_at DESC, no DESC').get();

describe('the card was read', () => {
  test('确认 sends the request, and nothing was sent before it', async () => {
    const before = requests();
    press('1 1 2 00 确认');
    expect(await readCard('swipe')).toMatch(/刷卡\n622202\*+0128\n12.00\n确认 取消/);
    expect(requests()).toBe(before);
    press('确认');
    await leaveResult();
    expect(requests()).toBe(before + 1);
    expect(last()).toMatchObject({ state: 'PAID' });
  });

  test('取消 forgets the sale, and the next one can be started in the same moment', async () => {
    const before = requests();
    press('1 1 2 00 确认');
    await readCard();
    system.devices.reader.takeAway();
    press('取消 1 1 3 00 确认');
    await readCard();
    expect(requests()).toBe(before);
    expect(
      system.count(`SELECT count(*) FROM payment WHERE why = 'cancelled' AND state = 'FAILED' AND reversal IS NULL`),
    ).toBe(1);
    press('确认');
    await leaveResult();
  });

  test('取消 after 确认 is reversed before the next sale, which can be started in the same moment', async () => {
    const silence = system.wire.rule(({ topic }) => (topic.endsWith('/down/auth') ? 'drop' : undefined));
    press('1 1 2 00 确认');
    await readCard();
    press('确认');
    await sees('通讯中');
    silence();
    system.devices.reader.takeAway();
    press('取消 取消 1 1 3 00 确认');
    await readCard();
    expect(system.count(`SELECT count(*) FROM payment WHERE why = 'cancelled' AND state = 'REVERSED'`)).toBe(1);
    press('确认');
    await leaveResult();
  });

  test('no answer in time is a no', async () => {
    const before = requests();
    press('1 1 2 00 确认');
    await readCard();
    await sees('操作超时 未扣款');
    expect(requests()).toBe(before);
    expect(last()).toEqual({ state: 'FAILED', why: 'confirm-timeout', reversal: null });
    await system.ready();
  });
});

describe('the card data are wiped from memory', () => {
  test.each([
    ['after 确认', true, 'approved'],
    ['after a no', false, 'stopped'],
  ])('%s', async (_, yes, kind) => {
    const { world } = system.terminal;
    const read: CardData[] = [];
    const reader: CardReader = {
      ...world.reader,
      async readCard(request, signal) {
        const card = await world.reader.readCard(request, signal);
        read.push(card);
        return card;
      },
    };
    const counter = makeCounter({ ...world, reader });
    await counter.logOn('01', '0000');
    const step = ({ at }: SaleStep) => at === 'card' && system.devices.reader.present(unionPayCard);
    const confirm = async ({ card }: CardToConfirm) => {
      expect(read.map((one) => [one.masked, one.reveal().pan])).toEqual([[card, unionPayCard.pan]]);
      return yes;
    };
    expect(await counter.sale(fen(1200), new AbortController().signal, step, confirm)).toMatchObject({ kind });
    expect(() => read[0]?.reveal()).toThrow('erased');
  });
});
