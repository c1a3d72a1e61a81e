import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Database, inTransaction, openDatabase } from '../../../terminal/base/database.ts';
import { migrate } from '../../../terminal/base/migrate.ts';
import { base } from '../../../terminal/base/migrations/0001-base.ts';
import { usersTables } from '../../../terminal/base/migrations/0003-users.ts';
import { paymentTables } from '../../../terminal/base/migrations/0004-payments.ts';
import { refundTables } from '../../../terminal/base/migrations/0007-refunds.ts';
import { countPayments } from '../../../terminal/flows/count-shift.ts';
import { beginShiftOf, endShiftOf, shiftSoFar, shiftViews } from '../../../terminal/flows/shift.ts';
import type { ShiftView } from '../../../terminal/flows/shift-slip.ts';
import { countInShift } from '../../../terminal/users/keep-shift.ts';
import type { User } from '../../../terminal/users/user.ts';
import { type TestClock, testClock } from '../../support/test-clock.ts';
import { auditLines } from '../users/staff.ts';

/** A book of which only operators and payments are used. */
class Counter {
  readonly clock: TestClock = testClock();
  readonly db: Database = openDatabase(':memory:');
  #payments = 0;

  constructor() {
    migrate(this.db, [base, usersTables, paymentTables, refundTables]);
  }

  logOn(user: User): void {
    inTransaction(this.db, (tx) => beginShiftOf(this, tx, user));
  }

  handOver(user: User, by = user.no): ShiftView | undefined {
    const ended = inTransaction(this.db, (tx) => endShiftOf(this, tx, user.no, by));
    return ended && shiftViews(this.db, 100).find(({ id }) => id === ended.id);
  }

  /** The row of a payment as the verbs of payments leave it; its number. */
  pay(operator: string, payment: { txn?: string; state?: string; entry?: string; amountFen?: number } = {}): string {
    const { txn = 'sale', state = 'PAID', entry = 'CONTACTLESS', amountFen = 100 } = payment;
    this.#payments += 1;
    const stan = String(this.#payments).padStart(6, '0');
    const reversal = /^(CREATED|REVERSING)$/.test(state) ? 'DUE' : null;
    this.db
      .prepare(`INSERT INTO payment (no, txn, state, batch, business_date, stan, operator, amount_fen, created_at, entry, reversal, cleared)
        VALUES (?, ?, ?, '000001', '2026-11-20', ?, ?, ?, ?, ?, ?, ?)`)
      .run(
        `P${stan}`,
        txn,
        state,
        stan,
        operator,
        amountFen,
        this.clock.now(),
        entry,
        reversal,
        state === 'CLEARED' ? 1 : 0,
      );
    return `P${stan}`;
  }

  /** The row of a refund, as the verb leaves it. */
  refund(operator: string, amountFen: number): string {
    const no = `R${amountFen}`;
    inTransaction(this.db, (tx) => {
      tx.db
        .prepare(`INSERT INTO refund (no, state, payment, origin_terminal, origin_batch, origin_stan, origin_at, batch, business_date, stan,
          operator, amount_fen, fee_fen, cum_before_fen, source, entry, card_group, requested_at)
          VALUES (?, 'REQUESTED', ?, '10000001', '000001', '000001', 0, '000001', '2026-11-20', '000002', ?, ?, 0, 0, '2002', 'MAG', 'domestic', 0)`)
        .run(no, `P${no}`, operator, amountFen);
      countInShift(tx, operator, no);
    });
    return no;
  }

  decideRefund(no: string, state: string, counted: boolean): void {
    this.db.prepare('UPDATE refund SET state = ?, counted = ? WHERE no = ?').run(state, counted ? 1 : 0, no);
  }

  decide(no: string, state: string): void {
    this.db.prepare('UPDATE payment SET state = ?, reversal = NULL WHERE no = ?').run(state, no);
  }
}

const [ann, bob]: readonly [User, User] = [
  { no: '01', role: 'C' },
  { no: '02', role: 'C' },
];
const facts = (view: ShiftView | undefined) =>
  view && [view.debitCount, view.debitFen, view.creditCount, view.creditFen, view.undecided];

describe('a shift', () => {
  test('has the payments of its operator between log-on and 交班', () => {
    const counter = new Counter();
    counter.pay('01');
    counter.logOn(ann);
    counter.pay('01', { amountFen: 250 });
    counter.pay('02', { amountFen: 999 });
    counter.pay('01', { state: 'FAILED' });
    counter.pay('01', { txn: 'void', state: 'DONE', amountFen: 50 });
    expect(facts(shiftSoFar(counter.db, ann))).toEqual([1, 250, 1, 50, 0]);
    expect(facts(counter.handOver(ann))).toEqual([1, 250, 1, 50, 0]);
    counter.pay('01');
    expect(shiftSoFar(counter.db, ann)).toBeUndefined();
    counter.logOn(ann);
    expect(facts(counter.handOver(ann))).toEqual([0, 0, 0, 0, 0]);
  });

  test('goes on at every other log-on, also after somebody else’s, and a restart', () => {
    const counter = new Counter();
    counter.logOn(ann);
    counter.pay('01');
    counter.logOn(bob);
    counter.pay('02');
    counter.logOn(ann);
    counter.pay('01');
    expect(facts(counter.handOver(ann))?.slice(0, 2)).toEqual([2, 200]);
    expect(facts(counter.handOver(bob))?.slice(0, 2)).toEqual([1, 100]);
  });

  test('00 and 99 have none', () => {
    const counter = new Counter();
    for (const user of [
      { no: '00', role: 'MO' },
      { no: '99', role: 'A' },
    ] as const) {
      counter.logOn(user);
      expect(shiftSoFar(counter.db, user)).toBeUndefined();
      expect(counter.handOver(user)).toBeUndefined();
    }
  });

  test('that a power cut interrupts before the commit is open as before', () => {
    const counter = new Counter();
    counter.logOn(ann);
    counter.pay('01');
    const cut = () =>
      inTransaction(counter.db, (tx) => {
        endShiftOf(counter, tx, '01', '01');
        throw new RangeError('power cut');
      });
    expect(cut).toThrow(RangeError);
    expect(facts(counter.handOver(ann))).toEqual([1, 100, 0, 0, 0]);
  });

  test('what was undecided is said, and counts in the next one, once', () => {
    const counter = new Counter();
    counter.logOn(ann);
    const [paid, failed, waiting] = ['UNKNOWN', 'STORED', 'UNKNOWN'].map((state) =>
      counter.pay('01', { txn: 'code-sale', state, entry: 'QR_ALIPAY' }),
    );
    expect(facts(counter.handOver(ann))).toEqual([0, 0, 0, 0, 3]);
    counter.decide(paid ?? '', 'PAID');
    counter.decide(failed ?? '', 'FAILED');
    counter.logOn(ann);
    expect(facts(counter.handOver(ann))).toEqual([1, 100, 0, 0, 1]);
    counter.decide(waiting ?? '', 'PAID');
    counter.logOn(bob);
    expect(facts(counter.handOver(bob))).toEqual([0, 0, 0, 0, 0]);
    counter.logOn(ann);
    expect(facts(counter.handOver(ann))).toEqual([1, 100, 0, 0, 0]);
  });

  test('is never changed when it has ended', () => {
    const counter = new Counter();
    counter.logOn(ann);
    const no = counter.pay('01');
    counter.handOver(ann);
    counter.decide(no, 'VOIDED');
    expect(facts(shiftViews(counter.db, 1)[0])).toEqual([1, 100, 0, 0, 0]);
    expect(() => counter.db.exec('UPDATE shift_total SET debit_fen = 0')).toThrow('never changed');
    expect(() => counter.db.exec('DELETE FROM shift_total')).toThrow('never deleted');
  });

  test('its beginning and its end are written down', () => {
    const counter = new Counter();
    counter.logOn(ann);
    counter.logOn(ann);
    counter.pay('01');
    counter.handOver(ann, '00');
    expect(auditLines(counter.db)).toEqual([
      '01 begin-shift 01 ok {}',
      '00 end-shift 01 ok {"shift":1,"count":1,"undecided":0}',
    ]);
  });
});

describe('refunds', () => {
  test.each([
    ['REQUESTED', false, [0, 0, 0, 0, 1]],
    ['PROCESSING', true, [0, 0, 1, 700, 0]],
    ['SUCCESS', true, [0, 0, 1, 700, 0]],
    ['FAILED', true, [0, 0, 1, 700, 0]],
    ['FAILED', false, [0, 0, 0, 0, 0]],
  ])('%s, accepted %s', (state, counted, expected) => {
    const counter = new Counter();
    counter.logOn(ann);
    const no = counter.refund('01', 700);
    counter.decideRefund(no, state, counted);
    expect(facts(shiftSoFar(counter.db, ann))).toEqual(expected);
    expect(facts(counter.handOver(ann))).toEqual(expected);
  });

  test('accepted after 交班 count in the next shift, once; without a shift in none', () => {
    const counter = new Counter();
    const before = counter.refund('01', 1);
    counter.decideRefund(before, 'SUCCESS', true);
    counter.logOn(ann);
    const no = counter.refund('01', 700);
    expect(facts(counter.handOver(ann))).toEqual([0, 0, 0, 0, 1]);
    counter.decideRefund(no, 'SUCCESS', true);
    counter.logOn(ann);
    expect(facts(counter.handOver(ann))).toEqual([0, 0, 1, 700, 0]);
    counter.logOn(ann);
    expect(facts(counter.handOver(ann))).toEqual([0, 0, 0, 0, 0]);
  });
});

describe('what counts', () => {
  test.each([
    ['sale', 'PAID', 'debit'],
    ['sale', 'CLEARED', 'debit'],
    ['sale', 'VOIDING', 'debit'],
    ['sale', 'VOIDED', 'debit'],
    ['sale', 'PARTLY_REFUNDED', 'debit'],
    ['sale', 'REFUNDED', 'debit'],
    ['sale', 'FAILED', 'nothing'],
    ['sale', 'REVERSING', 'nothing'],
    ['sale', 'REVERSED', 'nothing'],
    ['sale', 'NEEDS_HUMAN', 'nothing'],
    ['sale', 'CREATED', 'undecided'],
    ['code-sale', 'PAID', 'debit'],
    ['code-sale', 'UNKNOWN', 'undecided'],
    ['stored-sale', 'STORED', 'undecided'],
    ['stored-sale', 'PAID', 'debit'],
    ['completion', 'PAID', 'debit'],
    ['completion-advice', 'PAID', 'debit'],
    ['void', 'DONE', 'credit'],
    ['completion-void', 'DONE', 'credit'],
    ['preauth', 'HELD', 'nothing'],
    ['preauth', 'CREATED', 'nothing'],
    ['preauth-void', 'DONE', 'nothing'],
  ])('%s %s: %s', (txn, state, side) => {
    const counter = new Counter();
    counter.logOn(ann);
    counter.pay('01', { txn, state });
    const expected = { debit: [1, 100, 0, 0, 0], credit: [0, 0, 1, 100, 0], undecided: [0, 0, 0, 0, 1] };
    expect(facts(counter.handOver(ann))).toEqual(expected[side as keyof typeof expected] ?? [0, 0, 0, 0, 0]);
  });

  test('by type and instrument', () => {
    const counter = new Counter();
    counter.logOn(ann);
    counter.pay('01', { entry: 'MAG', amountFen: 1 });
    counter.pay('01', { entry: 'CHIP', amountFen: 20 });
    counter.pay('01', { entry: 'CHIP', amountFen: 300 });
    counter.pay('01', { txn: 'void', state: 'DONE', entry: 'CHIP', amountFen: 20 });
    const rows = counter
      .handOver(ann)
      ?.totals.map((t) => `${t.txn} ${t.instrument} ${t.debitCount}/${t.debitFen} ${t.creditCount}/${t.creditFen}`);
    expect(rows).toEqual(['sale CHIP 2/320 0/0', 'sale MAG 1/1 0/0', 'void CHIP 0/0 1/20']);
  });

  test('nothing comes to nothing', () => expect(countPayments([])).toEqual({ totals: [], undecided: [] }));
});

const moves = fc.array(
  fc.record({
    do: fc.constantFrom('log-on', 'hand-over', 'pay', 'pay', 'pay', 'decide', 'restart'),
    who: fc.constantFrom('01', '02'),
    txn: fc.constantFrom('sale', 'code-sale', 'void', 'preauth'),
    state: fc.constantFrom('PAID', 'UNKNOWN', 'FAILED', 'REVERSED'),
    entry: fc.constantFrom('MAG', 'CHIP', 'QR_WECHAT'),
    amountFen: fc.integer({ min: 1, max: 999_999_999 }),
    pick: fc.nat({ max: 10 }),
  }),
  { maxLength: 40 },
);

test('over any days, each payment made in a shift is counted in one shift of its operator, and the sums are those of the payments', () => {
  fc.assert(
    fc.property(moves, (days) => {
      const counter = new Counter();
      const made = new Map<string, { who: string; txn: string; entry: string; amountFen: number }>();
      const waiting: string[] = [];
      const working = new Set<string>();
      for (const move of days) {
        const user: User = { no: move.who, role: 'C' };
        if (move.do === 'log-on') {
          counter.logOn(user);
          working.add(move.who);
        }
        if (move.do === 'restart') for (const who of working) counter.logOn({ no: who, role: 'C' });
        if (move.do === 'hand-over') {
          counter.handOver(user);
          working.delete(move.who);
        }
        if (move.do === 'pay' && working.has(move.who)) {
          const state = { preauth: 'HELD', void: 'DONE', sale: 'PAID', 'code-sale': move.state }[move.txn] ?? '';
          const no = counter.pay(move.who, { ...move, state });
          if (state === 'UNKNOWN') waiting.push(no);
          if (['PAID', 'UNKNOWN', 'DONE'].includes(state)) made.set(no, move);
        }
        const [undecided] = move.do === 'decide' ? waiting.splice(move.pick % (waiting.length || 1), 1) : [];
        if (undecided) counter.decide(undecided, 'PAID');
      }
      for (const no of waiting) counter.decide(no, 'PAID');
      for (const who of ['01', '02']) {
        const user: User = { no: who, role: 'C' };
        counter.logOn(user);
        counter.handOver(user);
        const views = shiftViews(counter.db, 1_000).filter(({ operator }) => operator === who);
        const payments = [...made.values()].filter((payment) => payment.who === who);
        for (const [txn, side] of [
          ['sale', 'debit'],
          ['code-sale', 'debit'],
          ['void', 'credit'],
        ] as const) {
          for (const entry of ['MAG', 'CHIP', 'QR_WECHAT']) {
            const rows = views.flatMap(({ totals }) => totals.filter((t) => t.txn === txn && t.instrument === entry));
            const mine = payments.filter((payment) => payment.txn === txn && payment.entry === entry);
            expect(rows.reduce((n, row) => n + row[`${side}Count`], 0)).toBe(mine.length);
            expect(rows.reduce((sum, row) => sum + row[`${side}Fen`], 0)).toBe(
              mine.reduce((sum, { amountFen }) => sum + amountFen, 0),
            );
          }
        }
        expect(views.flatMap(({ totals }) => totals).some(({ txn }) => txn === 'preauth')).toBe(false);
      }
    }),
    { numRuns: 60, seed: 20_261_122 },
  );
});
