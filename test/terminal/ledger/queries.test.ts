import { expect, test } from 'vitest';
import { balanceOf, balances, journalsOf, sumByCode, trialBalance } from '../../../terminal/ledger/queries.ts';
import { clear, funds, newBook, postAll, released, returned, sale, settle, settled } from './book.ts';

function someBook() {
  const db = newBook();
  postAll(db, sale('T1', 10_000), sale('T2', 500), sale('T3', 7, '2026-11-21'), clear('T1', 10_000, 60));
  postAll(
    db,
    settle('S1', 3_000),
    settle('S2', 2_000),
    settle('S3', 1_000),
    settled('S1', 3_000),
    released('S3', 1_000),
  );
  return db;
}

test('where the merchant’s money is', () => {
  expect(balances(someBook())).toEqual({
    availableFen: 9_940 - 3_000 - 2_000,
    frozenFen: 0,
    inTransitFen: 2_000,
    pendingSplitFen: 0,
    unclearedFen: 507,
  });
});

test('an account, and all of a code', () => {
  const db = someBook();
  expect([balanceOf(db, '2001:T2'), balanceOf(db, '2001:T1'), balanceOf(db, '2001:never')]).toEqual([500, 0, 0]);
  expect([sumByCode(db, '2001'), sumByCode(db, '1101'), sumByCode(db, '2002'), sumByCode(db, '4003')]).toEqual([
    507, 10_507, 4_940, 0,
  ]);
});

test('the trial balance: every code with a balance, both sides equal', () => {
  const { rows, debitFen, creditFen } = trialBalance(someBook());
  expect(rows.map(({ account, balanceFen }) => [account.code, balanceFen])).toEqual([
    ['1001', -3_000],
    ['1101', 10_507],
    ['2001', 507],
    ['2002', 4_940],
    ['2005', 2_000],
    ['4001', 60],
  ]);
  expect([debitFen, creditFen]).toEqual([7_507, 7_507]);
});

test('the journals of a number, in the order they were posted, whatever their event', () => {
  const db = someBook();
  postAll(db, returned('S1', 3_000), funds(10_000));
  const events = (no: string) => journalsOf(db, no).map((journal) => journal.event);
  expect(events('T1')).toEqual(['J-01', 'J-03']);
  expect(events('S1')).toEqual(['J-20', 'J-21', 'J-23']);
  expect(events('S3')).toEqual(['J-20', 'J-22']);
  expect(events('1101:2026-11-20:1')).toEqual(['J-05']);
  expect(events('T9')).toEqual([]);
  expect(journalsOf(db, 'T1')).toEqual([sale('T1', 10_000), clear('T1', 10_000, 60)]);
});
