import { expect, test } from 'vitest';
import { inTransaction } from '../../../terminal/base/database.ts';
import { fen } from '../../../terminal/base/money.ts';
import type { Journal } from '../../../terminal/ledger/journal.ts';
import { postAll } from '../../../terminal/ledger/post-all.ts';
import { balanceOf } from '../../../terminal/ledger/queries.ts';
import { chargedBack, frozen, unfrozen } from '../../../terminal/ledger/risk-journals.ts';
import { refundReleased, refundReserved } from '../../../terminal/ledger/undo-journals.ts';
import { newTill } from '../till.ts';
import { at, clear, released, returned, sale, settle, settled } from './book.ts';

const deed = { at, by: '01' };
const refund = { no: 'R1', amountFen: fen(5_000), feeFen: fen(30) };
/** Nothing covered it: all of it is owed. */
const lost = chargedBack(
  {
    no: 'C1',
    receivable: '1101',
    date: '2026-11-20',
    freeze: null,
    fromFrozenFen: fen(0),
    fromAvailableFen: fen(0),
    owedFen: fen(600),
  },
  deed,
);

test.each<[what: string, before: readonly Journal[], income: Journal, leftFen: number]>([
  ['J-03', [], clear('T1', 10_000, 60), 9_340],
  ['J-03 of less than is owed', [], clear('T1', 400, 0), 0],
  [
    'J-08',
    [clear('T1', 10_000, 60), refundReserved(refund, '2002', deed), settle('S1', 4_970)],
    refundReleased(refund, '2002', deed),
    4_370,
  ],
  ['J-10', [clear('T1', 10_000, 60), frozen('F1', 1, fen(9_940), deed)], unfrozen('F1', fen(9_940), deed), 9_340],
  ['J-22', [clear('T1', 10_000, 60), settle('S1', 9_940)], released('S1', 9_940), 9_340],
  ['J-23', [clear('T1', 10_000, 60), settle('S1', 9_940), settled('S1', 9_940, 20)], returned('S1', 9_940, 20), 9_320],
])('J-12: what is owed is taken at once from what %s makes available', (_, before, income, leftFen) => {
  const { db } = newTill();
  const grossFen = income.event === 'J-03' ? (income.lines[0]?.amount ?? 0) : 10_000;
  const follow = (...journals: readonly Journal[]) =>
    inTransaction(db, (tx) => postAll(tx, journals)).map(({ event, key }) => `${event} ${key}`);
  follow(sale('T1', grossFen), ...before, lost);
  expect([balanceOf(db, '2002'), balanceOf(db, '1202')]).toEqual([0, 600]);
  expect(follow(income)).toEqual([`${income.event} ${income.key}`, `J-12 rec:${income.key}`]);
  const owedFen = Math.max(0, 600 - (leftFen === 0 ? 400 : 600));
  expect([balanceOf(db, '2002'), balanceOf(db, '1202')]).toEqual([leftFen, owedFen]);
  // The same again is posted once, and so is what followed.
  expect(follow(income)).toEqual([`${income.event} ${income.key}`]);
  expect(balanceOf(db, '2002')).toBe(leftFen);
});
