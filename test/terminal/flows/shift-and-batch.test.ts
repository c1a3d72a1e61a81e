import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inTransaction } from '../../../terminal/base/database.ts';
import { TerminalError } from '../../../terminal/base/errors.ts';
import { fen } from '../../../terminal/base/money.ts';
import { recordAnswer, recordUnanswered } from '../../../terminal/flows/record-answer.ts';
import { beginShiftOf, endShiftOf, shiftViews } from '../../../terminal/flows/shift.ts';
import { newestPayments } from '../../../terminal/payments/queries.ts';
import { newestRefunds } from '../../../terminal/payments/refund-queries.ts';
import { requestRefund } from '../../../terminal/payments/request-refund.ts';
import { recordReversalAnswer } from '../../../terminal/payments/reverse.ts';
import { currentBatch } from '../../../terminal/settlement/queries.ts';
import type { User } from '../../../terminal/users/user.ts';
import { hear, localOriginal } from '../give-back.ts';
import { approval, card, intend, newTill, supervisor, type Till } from '../till.ts';

/**
 * Shift totals and batch totals are two counts of the same money (payments.md, Batch close 2; states.md 3, clearing 4): a refund counts in both from the moment at which the host
 * accepts it, whatever becomes of it later, in the shift of its operator that is open then. 00 has no shift: what 00 refunded is counted beside them.
 */

const users = { '01': { no: '01', role: 'C' }, '02': { no: '02', role: 'C' }, '00': supervisor } as const;

const moves = fc.array(
  fc.record({
    do: fc.constantFrom(
      'sell',
      'sell',
      'sell',
      'decline',
      'lose',
      'void',
      'refund',
      'refund',
      'result',
      'log-on',
      'hand-over',
    ),
    who: fc.constantFrom('01', '02', '00'),
    amountFen: fc.integer({ min: 100, max: 50_000 }),
    outcome: fc.constantFrom('accepted', 'refused', 'succeeded', 'failed'),
    group: fc.constantFrom('domestic', 'foreign'),
    pick: fc.nat({ max: 30 }),
  }),
  { minLength: 10, maxLength: 60 },
);
type Move = typeof moves extends fc.Arbitrary<readonly (infer M)[]> ? M : never;

const logOn = (till: Till, user: User) => inTransaction(till.db, (tx) => beginShiftOf(till, tx, user));
const handOver = (till: Till, { no }: User) => inTransaction(till.db, (tx) => endShiftOf(till, tx, no, no));
const picked = <T>(rows: readonly T[], { pick }: Move): T | undefined => rows[pick % (rows.length || 1)];

const sold = (till: Till) =>
  newestPayments(till.db, 100).filter(({ txn, entry, cardGroup }) => txn === 'sale' && entry && cardGroup);

function refund(till: Till, move: Move): void {
  const payment = picked(sold(till), move);
  const batch = currentBatch(till.db);
  if (!payment || !batch) return;
  requestRefund(till.db, till, {
    user: users[move.who],
    original: localOriginal(till, payment.no),
    amount: fen(Math.ceil(move.amountFen / 10)),
    approvedBy: null,
    batch: { ...batch, open: true },
    maxRecords: 500,
  });
}

/** The host's word on a refund, in legal order. */
function result(till: Till, move: Move, outcome = move.outcome): void {
  const waiting = newestRefunds(till.db, 100).filter(({ state }) => state === 'REQUESTED' || state === 'PROCESSING');
  const found = picked(waiting, move);
  if (!found || (found.state === 'PROCESSING' && outcome === 'refused')) return;
  hear(till, 'refund-result', { no: found.no, outcome });
}

function play(till: Till, move: Move): void {
  const user = users[move.who];
  till.clock.jump(1_000);
  switch (move.do) {
    case 'sell': {
      const sale = intend(till, move.amountFen, { user });
      recordAnswer(till, sale, card, approval(sale, { group: move.group }));
      return;
    }
    case 'decline': {
      const sale = intend(till, move.amountFen, { user });
      recordAnswer(till, sale, card, approval(sale, { code: '51', approvedFen: 0, rate: null }));
      return;
    }
    case 'lose': {
      const due = recordUnanswered(till, intend(till, move.amountFen, { user }), card, 'no-answer');
      inTransaction(till.db, (tx) => recordReversalAnswer(tx, till.clock.now(), due, '00', 5));
      return;
    }
    case 'void': {
      const original = picked(sold(till), move);
      if (!original) return;
      const made = intend(till, 1, { user, txn: 'void', original: original.no, approvedBy: '00' });
      const group = original.cardGroup === 'foreign' ? 'foreign' : 'domestic';
      recordAnswer(till, made, undefined, { ...approval(made, { group, rate: null }), kind: 'void' });
      return;
    }
    case 'refund':
      refund(till, move);
      return;
    case 'result':
      result(till, move);
      return;
    case 'log-on':
      logOn(till, user);
      return;
    case 'hand-over':
      handOver(till, user);
  }
}

/** Refused, as a cashier without a right or money would be: nothing happened. */
function tried(till: Till, move: Move): void {
  // Who sells stands at the keypad, and so has a shift.
  if (move.do !== 'hand-over' && move.do !== 'result') logOn(till, users[move.who]);
  try {
    play(till, move);
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
  }
}

const sides = ['debitCount', 'debitFen', 'creditCount', 'creditFen'] as const;

test('over random days Σ of all shifts and of what 00 refunded is the totals of the batch', () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(moves, (day) => {
      const till = newTill();
      for (const move of day) tried(till, move);
      // The close waits until the host has said of each refund whether it accepts it.
      for (const { no, state } of newestRefunds(till.db, 100))
        if (state === 'REQUESTED') hear(till, 'refund-result', { no, outcome: 'accepted' });
      for (const user of [users['01'], users['02']]) {
        logOn(till, user);
        handOver(till, user);
      }
      const totals = Object.values(currentBatch(till.db)?.totals ?? {});
      const views = shiftViews(till.db, 1_000);
      const by00 = newestRefunds(till.db, 100).filter(({ operator, counted }) => operator === '00' && counted);
      const of00 = {
        debitCount: 0,
        debitFen: 0,
        creditCount: by00.length,
        creditFen: by00.reduce((n, r) => n + r.amountFen, 0),
      };
      for (const side of sides) {
        const shifts = [...views, of00].reduce((sum, view) => sum + view[side], 0);
        expect({ side, fen: shifts }).toEqual({ side, fen: totals.reduce((sum, group) => sum + group[side], 0) });
      }
      for (const { txn } of views.flatMap((view) => view.totals)) seen.set(txn, (seen.get(txn) ?? 0) + 1);
      if (by00.length > 0) seen.set('00', 1);
      const credit = views.flatMap((view) => view.totals).filter(({ txn }) => txn === 'refund');
      expect(credit.every(({ instrument }) => instrument === 'CONTACTLESS')).toBe(true);
    }),
    { numRuns: 30, seed: 20_261_123 },
  );
  expect([...seen.keys()].toSorted()).toEqual(['00', 'refund', 'sale', 'void']);
});
