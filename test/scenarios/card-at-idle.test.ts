import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startTestSystem, type TestSystem } from '../support/terminal.ts';
import { keysOf } from '../terminal/screens/desk.ts';

/** A card that is swiped or inserted at the idle screen begins 消费 (faces.md, rule 1): the screen, the flow and the reader together. */

const stripeCard = { pan: '6228480011223344554', expiry: '2906', chip: false };
const chipCard = { pan: '6222021234567890128', expiry: '3012', chip: true };
let system: TestSystem;

beforeEach(async () => {
  system = await startTestSystem();
});
afterEach(async () => {
  expect(await system.problems()).toEqual([]);
  expect(system.devices.reader.violations).toEqual([]);
  await system.stop();
});

function press(line: string): void {
  for (const key of keysOf(line)) system.terminal.runner.key(key);
}

const screen = (): string =>
  system.terminal.runner
    .screen()
    .rows.map((row) => row.trim())
    .join('\n');

const sees = async (words: string): Promise<string> => {
  await system.eventually(words, () => screen().includes(words));
  return screen();
};

const readerWaits = (): Promise<void> =>
  system.eventually('the reader waits for a card', () => system.devices.reader.isWaiting());
const readerRests = (): Promise<void> =>
  system.eventually('the reader rests', () => !system.devices.reader.isWaiting());

async function logOn(operator = '0 1', secret = '0 0 0 0'): Promise<void> {
  press(`${operator} 确认 ${secret} 确认`);
  await sees('1消费');
}

describe('a swiped card', () => {
  test('asks for the amount and shows the card; the sale takes it without asking for a card', async () => {
    await logOn();
    await readerWaits();
    system.devices.reader.swipe(stripeCard);
    expect(await sees('请输入金额')).toContain('622848*********4554\n0.00');
    const before = system.devices.reader.commands.length;
    press('1 2 00 确认');
    expect(await sees('确认消费')).toMatch(/刷卡\n622848\*+4554\n12.00/);
    expect(system.devices.reader.commands.slice(before)).not.toContain('02-40');
    press('确认');
    await sees('请取签购单');
    expect(system.count("SELECT count(*) FROM payment WHERE state = 'PAID' AND entry = 'MAG'")).toBe(1);
  });

  test('that is left by 取消 is forgotten: the next sale asks for its own', async () => {
    await logOn();
    await readerWaits();
    system.devices.reader.swipe(stripeCard);
    await sees('622848');
    press('取消 1 1 2 00 确认');
    await sees('请挥卡或刷卡');
    system.devices.reader.swipe({ ...stripeCard, pan: '6217009900112233446' });
    expect(await sees('确认消费')).toContain('621700*********3446');
    press('取消');
    await sees('已取消');
  });

  test('with a chip is not taken: the chip is asked for, for two seconds', async () => {
    await logOn();
    await readerWaits();
    system.devices.reader.swipe(chipCard);
    await sees('此卡有芯片\n请插卡');
    press('确认');
    await sees('1消费');
    await readerWaits();
  });
});

describe('an inserted card', () => {
  test('asks for the amount; its chip is read with the amount, and it can stay in', async () => {
    await logOn();
    await readerWaits();
    system.devices.reader.insert(chipCard);
    await sees('已插卡');
    press('1 2 00 确认');
    expect(await sees('确认消费')).toContain('插卡\n622202*********0128');
    press('确认');
    await sees('请取卡');
    expect(system.count("SELECT count(*) FROM payment WHERE state = 'PAID' AND entry = 'CHIP'")).toBe(1);
  });

  test('that is left in does not begin another sale; the next one does', async () => {
    await logOn();
    await readerWaits();
    system.devices.reader.insert(chipCard);
    await sees('已插卡');
    press('取消 取消');
    await sees('1消费');
    // Told at once that a card is in, the reader is asked again a second later.
    const asked = () => system.devices.reader.commands.filter((command) => command === '02-40').length;
    const before = asked();
    await system.eventually('the reader was asked twice more', () => asked() >= before + 2);
    expect(screen()).toContain('1消费');
  });
});

describe('the reader at idle', () => {
  test('rests while nobody is logged on, while 主管 is, and while the screen is elsewhere', async () => {
    await readerRests();
    await logOn('0 0', '1 2 3 4 5 6');
    await readerRests();
    press('7 4 6');
    await sees('操作员登录');
    press('取消');
    await logOn();
    await readerWaits();
    press('7');
    await readerRests();
    press('取消 取消');
    await readerWaits();
  });

  test('is left to a sale of another counter, and waits again afterwards', async () => {
    await logOn();
    await readerWaits();
    expect(await system.sell(10_000)).toMatchObject({ kind: 'approved', txn: { entry: 'CONTACTLESS' } });
    await readerWaits();
    expect(screen()).toContain('1消费');
  });

  test('leaves a card alone that is held to it: no amount is known', async () => {
    await logOn();
    await readerWaits();
    system.devices.reader.present(chipCard);
    press('1 1 2 00 确认');
    expect(await sees('确认消费')).toContain('挥卡');
    press('取消');
    await sees('已取消');
  });
});
