import { describe, expect } from 'vitest';
import { amountTable } from '../../sync/host/amount-table.ts';
import { refusal } from '../support/refusal.ts';
import { type TestSystem, visaCard } from '../support/terminal.ts';
import { lastSale, onRequest, scenarios } from './scenario.ts';

const signal = new AbortController().signal;
const journals = (system: TestSystem): number => system.count('SELECT count(*) FROM journal');
const inBatch = (system: TestSystem): string =>
  `${system.cashier.status().batch?.records} ${system.count('SELECT domestic_debit_fen + foreign_debit_fen FROM batch')}`;
/** What the customer and the cashier hold: copies of slips so far. */
const copies = (system: TestSystem): number => system.slips().length;

describe('消费 approved (B-024)', () => {
  scenarios(
    {
      given: 'card held to the reader, 1000.00',
      expect: 'booked with the contactless fee of 0.38 %, two copies, fee 3.80 (P-32)',
      async play(system) {
        const outcome = await system.sell(100_000);
        expect(outcome).toMatchObject({ kind: 'approved', printProblem: undefined });
        expect(outcome).toMatchObject({ txn: { state: 'PAID', feeFen: 380, entry: 'CONTACTLESS', code: '00' } });
        expect([inBatch(system), copies(system), journals(system)]).toEqual(['1 100000', 2, 1]);
      },
    },
    {
      given: 'card held to the reader, 1000.02',
      expect: 'above the limit of the discount the normal fee is taken on the whole (P-32)',
      async play(system) {
        expect(await system.sell(100_002)).toMatchObject({ txn: { feeFen: 600, entry: 'CONTACTLESS' } });
      },
    },
    {
      given: 'card swiped, 100.00',
      expect: 'the normal fee, also below the limit (P-32)',
      async play(system) {
        expect(await system.sell(10_000, { how: 'swipe' })).toMatchObject({ txn: { feeFen: 60, entry: 'MAG' } });
      },
    },
    {
      given: 'a foreign card and a domestic one',
      expect: 'each counts in its own group',
      async play(system) {
        await system.sell(10_000, { card: visaCard });
        await system.sell(20_000);
        const groups =
          'SELECT domestic_debit_count || domestic_debit_fen || foreign_debit_count || foreign_debit_fen FROM batch';
        expect(system.db.prepare(groups).pluck().get()).toBe('120000110000');
      },
    },
  );
});

describe('消费 declined', () => {
  scenarios({
    given: 'an amount for every code of the table that declines',
    expect: 'the code, no slip, nothing booked, nothing counted, nothing to reverse',
    async play(system) {
      const codes = amountTable.flatMap(({ rule }) => (rule.does === 'decline' ? [rule.code] : []));
      expect(codes).toEqual(expect.arrayContaining(['04', '13', '51', '55', '91', '96'])); // one of each class B to E
      for (const code of codes) {
        await system.ready(); // after 77 it signs in again by itself
        const outcome = await system.sell(10_000 + Number(code));
        expect(outcome).toMatchObject({ kind: 'declined', code, txn: { state: 'FAILED', code } });
        expect(lastSale(system)).toBe('FAILED - -');
      }
      expect([inBatch(system), copies(system), journals(system)]).toEqual(['0 0', 0, 0]);
    },
  });
});

describe('消费 stopped before anything was sent', () => {
  const nothingSent = (system: TestSystem): void => {
    expect(lastSale(system)).toBe('FAILED - -');
    expect(system.host.count('SELECT count(*) FROM approvals')).toBe(0);
    expect(system.wire.seen.filter(({ topic }) => topic.endsWith('/up/auth'))).toHaveLength(1); // the sign-in
  };
  const cancelled = new AbortController();
  scenarios(
    {
      given: '取消 while the reader waits for the card',
      expect: 'stopped, nothing sent, the next sale goes',
      async play(system) {
        const abort = new AbortController();
        const outcome = await system.sell(10_000, { signal: abort.signal, atReader: () => abort.abort() });
        expect(outcome).toEqual({ kind: 'stopped', why: 'cancelled' });
        nothingSent(system);
        expect((await system.sell(10_000)).kind).toBe('approved');
      },
    },
    {
      given: '取消 on the page that shows the card',
      expect: 'stopped, nothing sent',
      async play(system) {
        const outcome = await system.sell(10_000, {
          signal: cancelled.signal,
          confirm: () => {
            cancelled.abort();
            return new Promise(() => {});
          },
        });
        expect(outcome).toEqual({ kind: 'stopped', why: 'cancelled' });
        nothingSent(system);
      },
    },
    {
      given: 'the cashier says no to the card',
      expect: 'stopped, nothing sent',
      async play(system) {
        expect(await system.sell(10_000, { confirm: () => Promise.resolve(false) })).toMatchObject({ kind: 'stopped' });
        nothingSent(system);
      },
    },
    {
      given: 'nobody presents a card',
      expect: 'stopped when the time is over',
      system: { limits: { cardWaitMs: 1_000 } },
      async play(system) {
        expect(await system.sell(10_000, { atReader: () => {} })).toEqual({ kind: 'stopped', why: 'card-timeout' });
        nothingSent(system);
      },
    },
    {
      given: 'a damaged stripe, a card pulled away early, two cards, a blocked one, one of a scheme that is not taken',
      expect: 'stopped with the reason, nothing sent',
      async play(system) {
        const { reader } = system.devices;
        const card = { pan: '6222021234567890128', expiry: '3012' };
        const faults = {
          track: () => reader.swipe(card, 'track'),
          removed: () => reader.present(card, 'removed'),
          'two-cards': () => reader.present(card, 'two-cards'),
          blocked: () => reader.present(card, 'blocked'),
          unsupported: () => reader.present(card, 'unsupported'),
        };
        for (const [detail, atReader] of Object.entries(faults)) {
          expect(await system.sell(10_000, { atReader })).toEqual({ kind: 'stopped', why: 'card-unreadable', detail });
          nothingSent(system);
        }
        expect(journals(system)).toBe(0);
      },
    },
  );
});

describe('消费 and 取消 after the request has left (B-024)', () => {
  scenarios(
    {
      given: '取消 while the host thinks, and the host had booked it (amount …99)',
      expect: 'unknown, reversed with 00',
      async play(system) {
        const abort = new AbortController();
        onRequest(system, 'sale', () => void setImmediate(() => abort.abort()));
        const outcome = await system.sell(10_099, { signal: abort.signal });
        expect(outcome).toMatchObject({ kind: 'unknown', why: 'cancelled' });
        await system.ready();
        expect(lastSale(system)).toBe('REVERSED DONE 00');
        expect(copies(system)).toBe(0);
      },
    },
    {
      given: '取消 while the host thinks, and the host never booked it (amount …98)',
      expect: 'unknown, reversed with 25',
      async play(system) {
        const abort = new AbortController();
        onRequest(system, 'sale', () => void setImmediate(() => abort.abort()));
        expect(await system.sell(10_098, { signal: abort.signal })).toMatchObject({
          kind: 'unknown',
          why: 'cancelled',
        });
        await system.ready();
        expect(lastSale(system)).toBe('REVERSED DONE 25');
      },
    },
  );
});

describe('小票 does not come out', () => {
  scenarios(
    {
      given: 'the paper is out',
      expect: 'approved and safe; printed when there is paper, then marked as a duplicate',
      async play(system) {
        system.devices.printer.set({ paper: 'out' });
        expect(await system.sell(10_000)).toMatchObject({ kind: 'approved', printProblem: 'PAPER_OUT' });
        expect([inBatch(system), journals(system), lastSale(system)]).toEqual(['1 10000', 1, 'PAID - -']);
        expect(await refusal(() => system.cashier.reprint({ kind: 'last' }, signal))).toBe('PAPER_OUT');

        system.devices.printer.set({ paper: 'ok' });
        await system.cashier.reprint({ kind: 'last' }, signal);
        const first = system.slips().flat().join('\n');
        await system.cashier.reprint({ kind: 'last' }, signal);
        const all = system.slips().flat().join('\n');
        expect(first).not.toContain('DUPLICATED');
        expect(all).toContain('****重打印/DUPLICATED****');
        expect(system.cashier.lastTransaction()).toMatchObject({ prints: 2 });
      },
    },
    {
      given: 'the paper ends in the middle of the slip',
      expect: 'approved and safe; the sale after it works',
      async play(system) {
        system.devices.printer.paperOutAfter(12);
        expect(await system.sell(10_000)).toMatchObject({ kind: 'approved', printProblem: 'PAPER_OUT' });
        expect(system.cashier.lastTransaction()).toMatchObject({ state: 'PAID', prints: 0 });
        system.devices.printer.set({ paper: 'ok' });
        expect(await system.sell(10_000)).toMatchObject({ kind: 'approved', printProblem: undefined });
      },
    },
  );
});

describe('重打印', () => {
  scenarios({
    given: 'a sale that was declined, and none at all',
    expect: 'refused: only what was booked has a slip',
    async play(system) {
      expect(await refusal(() => system.cashier.reprint({ kind: 'last' }, signal))).toBe('NOT_FOUND');
      expect(await refusal(() => system.cashier.reprint({ kind: 'batch-slip' }, signal))).toBe('NOT_FOUND');
      const declined = await system.sell(10_051);
      const stan = declined.kind === 'declined' ? declined.txn.stan : '';
      expect(await refusal(() => system.cashier.reprint({ kind: 'stan', stan }, signal))).toBe('ILLEGAL_STATE');
      expect(copies(system)).toBe(0);
    },
  });
});
