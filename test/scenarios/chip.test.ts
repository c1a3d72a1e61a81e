import { describe, expect } from 'vitest';
import { readerFaults } from '../../drivers/simulator/reader-faults.ts';
import { fen } from '../../terminal/base/money.ts';
import type { SaleStep } from '../../terminal/flows/counter.ts';
import { powerCutWhen } from '../support/power-cut.ts';
import type { SellOptions, TestSystem } from '../support/terminal.ts';
import { lastSale, onRequest, rewriteDown, scenarios } from './scenario.ts';

/** A card in the chip slot: it has the last word about an approval (payments.md, Reversal 2). */

const chipCard = { pan: '6222021234567890128', expiry: '3012', chip: true };
const journals = (system: TestSystem): number => system.count('SELECT count(*) FROM journal');

/** By the names of devices.md §6: the chip has not agreed. */
const notAgreed = [
  ['finish-aac', 'a chip that refuses'],
  ['finish-arqc', 'a chip that asks for the host again'],
  ['finish-without-result', 'a chip that says nothing'],
  ['removed-before-finish', 'a card that was pulled out'],
  ['restart-before-finish', 'a reader that restarted'],
] as const;

const arm = (system: TestSystem, fault: (typeof notAgreed)[number][0]): void =>
  readerFaults[fault]?.apply(system.devices.reader, { value: 0, times: 1, chance: () => true });

async function sellChip(system: TestSystem, amountFen: number, options: SellOptions = {}) {
  const steps: SaleStep[] = [];
  const outcome = await system.sell(amountFen, {
    atReader: () => system.devices.reader.insert(chipCard),
    ...options,
    onStep: (step) => {
      steps.push(step);
      options.onStep?.(step);
    },
  });
  return { outcome, steps: steps.map(({ at }) => at).join(' ') };
}

/** Nobody was charged, at the terminal and at the host. */
async function chargedNothing(system: TestSystem, code: '00' | '25'): Promise<void> {
  await system.ready();
  expect(lastSale(system)).toBe(`REVERSED DONE ${code}`);
  expect([journals(system), system.slips().length, system.cashier.status().batch?.records]).toEqual([0, 0, 0]);
  expect(system.host.count("SELECT count(*) FROM approvals WHERE state NOT IN ('REVERSED', 'DECLINED')")).toBe(0);
}

const nothingSent = (system: TestSystem): void => {
  expect(lastSale(system)).toBe('FAILED - -');
  expect(system.host.count('SELECT count(*) FROM approvals')).toBe(0);
};

describe('插卡', () => {
  scenarios(
    {
      given: 'a chip, and the host approves',
      expect: 'the chip agrees before anything is booked; its data stand on the slip',
      async play(system) {
        const { outcome, steps } = await sellChip(system, 10_000);
        expect(outcome).toMatchObject({ kind: 'approved', txn: { entry: 'CHIP', state: 'PAID' } });
        expect(steps).toBe('card host chip printing');
        expect(system.slips()[0]?.join('\n')).toMatch(/\/I[\s\S]*AID: A000000333010101/);
        expect(system.devices.reader.commands.filter((command) => command.startsWith('60'))).toEqual([
          '60-10',
          '60-11',
          '60-12',
        ]);
        expect(system.devices.reader.violations).toEqual([]);
      },
    },
    {
      given: 'a chip, and the host declines',
      expect: 'declined; the chip is told, so that its transaction ends, and the next sale goes',
      async play(system) {
        const { outcome, steps } = await sellChip(system, 10_051);
        expect(outcome).toMatchObject({ kind: 'declined', code: '51' });
        expect(steps).toBe('card host');
        expect(system.devices.reader.commands).toContain('60-12');
        expect((await sellChip(system, 10_000)).outcome.kind).toBe('approved');
        expect(system.devices.reader.violations).toEqual([]);
      },
    },
    ...notAgreed.map(([fault, given]) => ({
      given: `${given}, although the host approved`,
      expect: 'unknown (card-refused), reversed with 00: charged nothing; the next sale goes',
      async play(system: TestSystem) {
        arm(system, fault);
        const { outcome, steps } = await sellChip(system, 10_000);
        expect(outcome).toMatchObject({ kind: 'unknown', why: 'card-refused', txn: { state: 'REVERSING' } });
        expect(steps).toBe('card host chip');
        await chargedNothing(system, '00');
        await system.eventually('the reader is there', () => system.cashier.status().readerProblem === undefined);
        expect((await sellChip(system, 10_000)).outcome.kind).toBe('approved');
      },
    })),
    {
      given: 'a card that is pulled out while the host thinks',
      expect: 'unknown (card-refused), reversed with 00: charged nothing',
      async play(system) {
        const { reader } = system.devices;
        onRequest(system, 'sale', () => {
          reader.takeAway();
          return undefined;
        });
        expect((await sellChip(system, 10_000)).outcome).toMatchObject({ kind: 'unknown', why: 'card-refused' });
        await chargedNothing(system, '00');
      },
    },
    {
      given: '取消 while the chip is asked',
      expect: 'unknown (cancelled), reversed with 00',
      async play(system) {
        const abort = new AbortController();
        const { outcome } = await sellChip(system, 10_000, {
          signal: abort.signal,
          onStep: ({ at }) => at === 'chip' && abort.abort(),
        });
        expect(outcome).toMatchObject({ kind: 'unknown', why: 'cancelled' });
        await chargedNothing(system, '00');
      },
    },
    {
      given: 'no answer of the host (amount …98)',
      expect: 'unknown (no-answer), reversed with 25; the chip is let go',
      system: { limits: { hostWaitMs: 300 } },
      async play(system) {
        const { outcome, steps } = await sellChip(system, 10_098);
        expect(outcome).toMatchObject({ kind: 'unknown', why: 'no-answer' });
        expect(steps).toBe('card host');
        expect(system.devices.reader.commands).toContain('60-12');
        await chargedNothing(system, '25');
      },
    },
    {
      given: 'an approval of another amount',
      expect: 'unknown (bad-answer): the chip is never told that it was approved',
      async play(system) {
        const honest = rewriteDown(system, 'auth', (message) => {
          const answer = message['answer'];
          return answer && typeof answer === 'object' && 'rrn' in answer
            ? { ...message, answer: { ...answer, amountFen: 9_999 } }
            : undefined;
        });
        const { outcome, steps } = await sellChip(system, 10_000);
        expect(outcome).toMatchObject({ kind: 'unknown', why: 'bad-answer' });
        expect(steps).toBe('card host');
        honest();
        await chargedNothing(system, '00');
      },
    },
    {
      given: 'the power goes while the chip is asked',
      expect: 'nothing was booked yet: the start reverses it',
      async play(system) {
        const face = new AbortController();
        let asked = false;
        chipSaysNothing(system);
        const lost = sellChip(system, 10_000, {
          signal: face.signal,
          onStep: ({ at }) => {
            asked ||= at === 'chip';
          },
        });
        await powerCutWhen(system, 'the chip is asked', () => asked, face);
        await lost;
        system.devices.reader.reset();
        await system.startTerminal();
        await chargedNothing(system, '00');
      },
    },
    {
      given: 'the cashier says no to an inserted card',
      expect: 'stopped, nothing sent; the next sale goes with the card still in',
      async play(system) {
        const { outcome } = await sellChip(system, 10_000, { confirm: () => Promise.resolve(false) });
        expect(outcome.kind).toBe('stopped');
        nothingSent(system);
        expect((await sellChip(system, 10_000, { atReader: () => undefined })).outcome.kind).toBe('approved');
        expect(system.devices.reader.violations).toEqual([]);
      },
    },
  );
});

describe('插卡 that does not come to the host', () => {
  scenarios(
    {
      given: 'a card that declines by itself, one that is pulled out early, a blocked one',
      expect: 'stopped with the reason, nothing sent',
      async play(system) {
        for (const detail of ['declined', 'removed', 'blocked'] as const) {
          const { reader } = system.devices;
          const { outcome } = await sellChip(system, 10_000, { atReader: () => reader.insert(chipCard, detail) });
          expect(outcome).toEqual({ kind: 'stopped', why: 'card-unreadable', detail });
          reader.takeAway();
          nothingSent(system);
        }
      },
    },
    {
      given: 'a stripe whose card has a chip, then the chip, which is broken, then the stripe as fallback',
      expect: 'use-chip, chip, approved: one charge',
      async play(system) {
        const { reader } = system.devices;
        const stop = { kind: 'stopped', why: 'card-unreadable' };
        const swiped = await sellChip(system, 10_000, { atReader: () => reader.swipe(chipCard) });
        expect(swiped.outcome).toEqual({ ...stop, detail: 'use-chip' });
        const inserted = await sellChip(system, 10_000, { atReader: () => reader.insert(chipCard, 'chip') });
        expect(inserted.outcome).toEqual({ ...stop, detail: 'chip' });
        nothingSent(system);
        reader.takeAway();
        const fallback = await system.cashier.sale(
          fen(10_000),
          new AbortController().signal,
          ({ at }) => at === 'card' && reader.swipe(chipCard),
          async () => true,
          true,
        );
        expect(fallback).toMatchObject({ kind: 'approved', txn: { entry: 'MAG' } });
        expect(system.count("SELECT count(*) FROM payment WHERE state = 'PAID'")).toBe(1);
      },
    },
  );
});

/** The reader swallows the host's word for the chip. */
function chipSaysNothing(system: TestSystem): void {
  system.devices.reader.use({ onCommand: ({ command, sub }) => command === 0x60 && sub === 0x12 });
}
