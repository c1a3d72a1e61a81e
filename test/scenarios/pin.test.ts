import { describe, expect, test } from 'vitest';
import type { PinPad } from '../../drivers/devices.ts';
import type { PinBlock } from '../../drivers/pin-pad/pin-block.ts';
import { pinPadFaults } from '../../drivers/simulator/pin-pad-faults.ts';
import type { TestCard } from '../../drivers/simulator/test-card.ts';
import { fen } from '../../terminal/base/money.ts';
import type { SaleStep } from '../../terminal/flows/counter.ts';
import { makeCounter } from '../../terminal/flows/make-counter.ts';
import { type SellOptions, startTestSystem, type TestSystem } from '../support/terminal.ts';
import { lastSale, scenarios } from './scenario.ts';

/** The customer's PIN, from the keys of the PIN pad to the host that checks it. */

const once = { value: 0, times: 1, chance: () => true };
const withPinPad = { devices: { pinPad: true } } as const;

/** A sale by stripe at which the customer does this whenever the PIN pad asks. Also every step of it that the screen showed. */
async function sellWithPin(
  system: TestSystem,
  atPinPad: (tries: number) => void,
  options: SellOptions & { readonly amountFen?: number } = {},
) {
  const steps: SaleStep[] = [];
  let tries = 0;
  const stop = system.devices.pinPad.onAsk(() => atPinPad(++tries));
  const outcome = await system.sell(options.amountFen ?? 10_000, {
    how: 'swipe',
    ...options,
    onStep: (step) => steps.push(step),
  });
  stop();
  return { outcome, steps, asked: tries };
}

const nothingSent = (system: TestSystem): void => {
  expect(lastSale(system)).toBe('FAILED - -');
  expect(system.host.count('SELECT count(*) FROM approvals')).toBe(0);
};
const types = (system: TestSystem, pin: string) => () => void system.devices.pinPad.enterPin(pin);
const at = (steps: readonly SaleStep[]): string => steps.map((step) => step.at).join(' ');

describe('密码', () => {
  scenarios(
    {
      given: 'a stripe, and the right PIN',
      expect: 'asked after the cashier said yes and before the host is asked; approved; no digit of it anywhere',
      system: withPinPad,
      async play(system) {
        const { outcome, steps } = await sellWithPin(system, types(system, '123456'));
        expect(outcome).toMatchObject({ kind: 'approved', txn: { state: 'PAID', entry: 'MAG' } });
        expect(at(steps)).toBe('card pin host printing');
        expect(steps[1]).toMatchObject({ card: '622202*********0128', again: false });
        expect(system.logged.join('\n')).not.toContain('123456');
      },
    },
    {
      given: 'a wrong PIN, then the right one',
      expect:
        'asked again in place; two payments with numbers of their own, the first declined with 55, the second booked once',
      system: withPinPad,
      async play(system) {
        const { outcome, steps } = await sellWithPin(system, (tries) =>
          types(system, tries === 1 ? '000000' : '123456')(),
        );
        expect(outcome).toMatchObject({ kind: 'approved', txn: { state: 'PAID' } });
        expect(at(steps)).toBe('card pin host pin host printing');
        expect(steps[3]).toMatchObject({ again: true });
        const rows = system.db.prepare('SELECT state, code FROM payment ORDER BY no').all();
        expect(rows).toEqual([
          { state: 'FAILED', code: '55' },
          { state: 'PAID', code: '00' },
        ]);
        expect(system.count('SELECT count(DISTINCT stan) FROM payment')).toBe(2);
        expect(system.cashier.status().batch?.records).toBe(1);
      },
    },
    {
      given: 'a wrong PIN three times',
      expect: 'declined with 55; not asked a fourth time; nothing booked',
      system: withPinPad,
      async play(system) {
        const { outcome, asked } = await sellWithPin(system, types(system, '000000'));
        expect(outcome).toMatchObject({ kind: 'declined', code: '55' });
        expect([asked, system.count("SELECT count(*) FROM payment WHERE code = '55'")]).toEqual([3, 3]);
        expect(system.count('SELECT count(*) FROM journal')).toBe(0);
      },
    },
    {
      given: 'the customer presses Cancel at the PIN pad',
      expect: 'stopped, nothing sent; the next sale goes',
      system: withPinPad,
      async play(system) {
        const { outcome } = await sellWithPin(system, () => void system.devices.pinPad.pressCancel());
        expect(outcome).toEqual({ kind: 'stopped', why: 'pin-cancelled' });
        nothingSent(system);
        expect((await sellWithPin(system, types(system, '123456'))).outcome.kind).toBe('approved');
      },
    },
    {
      given: 'the customer enters nothing',
      expect: 'stopped when the time is over, nothing sent',
      system: { ...withPinPad, limits: { pinWaitMs: 1_000 } },
      async play(system) {
        const { outcome } = await sellWithPin(system, () => undefined);
        expect(outcome).toEqual({ kind: 'stopped', why: 'pin-timeout' });
        nothingSent(system);
      },
    },
    {
      given: '取消 while the PIN is entered',
      expect: 'stopped within 300 ms, nothing sent; the PIN pad waits no longer',
      system: withPinPad,
      async play(system) {
        const abort = new AbortController();
        let cancelledAt = 0;
        const { outcome } = await sellWithPin(
          system,
          () => {
            cancelledAt = performance.now();
            abort.abort();
          },
          { signal: abort.signal },
        );
        expect(performance.now() - cancelledAt).toBeLessThan(300);
        expect(outcome).toEqual({ kind: 'stopped', why: 'cancelled' });
        nothingSent(system);
        await system.eventually('the PIN pad rests', () => !system.devices.pinPad.isWaiting());
      },
    },
    {
      given: 'a PIN pad that refuses, because its key is absent',
      expect: 'stopped with the reason, nothing sent',
      system: withPinPad,
      async play(system) {
        const { pinPad } = system.devices;
        pinPadFaults['key-absent'].apply(pinPad, once);
        const { outcome } = await sellWithPin(system, types(system, '123456'));
        expect(outcome).toEqual({ kind: 'stopped', why: 'pin-pad', detail: 'key-absent' });
        nothingSent(system);
      },
    },
  );
});

describe('密码键盘 is dead', () => {
  scenarios(
    {
      given: 'a PIN pad that stops to answer while the PIN is entered',
      expect:
        'stopped by the time limit as a fault of the pad, nothing sent; with a pad that answers the next sale goes',
      system: { ...withPinPad, limits: { pinWaitMs: 1_000 } },
      async play(system) {
        const { pinPad } = system.devices;
        const { outcome } = await sellWithPin(system, () => pinPad.use({ onSend: () => undefined }));
        expect(outcome).toMatchObject({ kind: 'stopped', why: 'pin-pad' });
        nothingSent(system);
        pinPad.reset();
        await system.eventually('the pad is back', () => system.cashier.status().deviceProblems.length === 0);
        expect((await sellWithPin(system, types(system, '123456'))).outcome.kind).toBe('approved');
      },
    },
    {
      given: 'a PIN pad that is not there',
      expect: 'stopped at once, nothing sent; the status names it; a card that needs no PIN is still taken',
      system: { config: { pinPad: 'tcp:127.0.0.1:1' } },
      async play(system) {
        expect(await system.sell(10_000, { how: 'swipe' })).toMatchObject({ kind: 'stopped', why: 'pin-pad' });
        nothingSent(system);
        expect(system.cashier.status().deviceProblems).toMatchObject([{ device: 'pin-pad', problem: 'DEVICE_ABSENT' }]);
        expect((await system.sell(10_000)).kind).toBe('approved');
      },
    },
  );
});

describe('密码 is asked', () => {
  const chip = { pan: '6222021234567890128', expiry: '3012', chip: true };
  const isAsked = async (system: TestSystem, verification: TestCard['verification'], how: How, amountFen: number) => {
    const { reader } = system.devices;
    const card = { ...chip, ...(verification && { verification }) };
    const atReader = () => (how === 'insert' ? reader.insert(card) : reader.present(card));
    const { outcome, asked } = await sellWithPin(system, types(system, '123456'), { atReader, amountFen });
    reader.takeAway();
    expect(outcome.kind).toBe('approved');
    return asked > 0;
  };
  type How = 'insert' | 'contactless';

  const table: readonly [how: How, verification: TestCard['verification'], amountFen: number, asked: boolean][] = [
    ['contactless', undefined, 100_000, false], // 小额免密
    ['contactless', undefined, 100_002, true],
    ['contactless', 'none', 100_002, true],
    ['contactless', 'signature', 100_002, true],
    ['contactless', 'cdcvm', 100_002, false], // the telephone knows its holder
    ['contactless', 'online-pin', 100, true],
    ['insert', undefined, 100, true],
    ['insert', 'online-pin', 100, true],
    ['insert', 'signature', 100, false],
    ['insert', 'none', 500_000, false],
  ];
  scenarios({
    given: 'cards that want their holder known in every way, below and above the limit',
    expect: 'asked where the card or the limit (小额免密) wants it',
    system: withPinPad,
    async play(system) {
      for (const [how, verification, amountFen, asked] of table) {
        const name = `${how} ${verification} ${amountFen}`;
        expect([name, await isAsked(system, verification, how, amountFen)]).toEqual([name, asked]);
      }
    },
  });

  scenarios({
    given: 'a limit of nothing, and a counter without a PIN pad',
    expect: 'each card held to the reader is asked at the first, none at the second',
    system: { ...withPinPad, limits: { pinFreeFen: 0 } },
    async play(system) {
      expect(await isAsked(system, undefined, 'contactless', 100)).toBe(true);
      const { world } = system.terminal;
      const counter = makeCounter({ ...world, pinPad: undefined });
      await counter.logOn('01', '0000');
      const steps: string[] = [];
      await counter.sale(
        fen(100_000),
        new AbortController().signal,
        ({ at }) => {
          steps.push(at);
          if (at === 'card') system.devices.reader.swipe({ ...chip, chip: false });
        },
        async () => true,
      );
      expect(steps).toEqual(['card', 'host', 'printing']);
    },
  });
});

test('the PIN block is wiped from memory, whatever becomes of the sale', async () => {
  const system = await startTestSystem(withPinPad);
  const { world } = system.terminal;
  const { pinPad } = world;
  if (!pinPad) throw new Error('the PIN pad was asked for');
  const read: PinBlock[] = [];
  const kept: PinPad = {
    ...pinPad,
    async readPin(request, signal) {
      const pin = await pinPad.readPin(request, signal);
      read.push(pin);
      return pin;
    },
  };
  const counter = makeCounter({ ...world, pinPad: kept });
  await counter.logOn('01', '0000');
  const stop = system.devices.pinPad.onAsk(types(system, '123456'));
  const sale = (amountFen: number) =>
    counter.sale(
      fen(amountFen),
      new AbortController().signal,
      ({ at }) => at === 'card' && system.devices.reader.swipe({ pan: '6222021234567890128', expiry: '3012' }),
      async () => true,
    );
  expect((await sale(10_000)).kind).toBe('approved');
  expect((await sale(10_051)).kind).toBe('declined');
  stop();
  expect(read).toHaveLength(2);
  for (const pin of read) expect(() => pin.reveal()).toThrow('erased');
  await system.stop();
});
