import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Database, inTransaction, openDatabase } from '../../../terminal/base/database.ts';
import { migrate } from '../../../terminal/base/migrate.ts';
import { base } from '../../../terminal/base/migrations/0001-base.ts';
import { ledgerTables } from '../../../terminal/base/migrations/0002-ledger.ts';
import { checkLedger } from '../../../terminal/ledger/check.ts';
import { clear, funds, newBook, postAll, sale, settle, settled } from './book.ts';

function goodBook(): Database {
  const db = newBook();
  postAll(db, sale('T1', 10_000), sale('T2', 500), clear('T1', 10_000, 60), settle('S1', 9_000), settled('S1', 9_000));
  postAll(db, funds(10_600));
  return db;
}

test('an empty book is right', () => {
  expect(checkLedger(newBook())).toEqual({ ok: true, journals: 0, ledgerSumFen: 0, problems: [] });
});

test('a good book is right', () => {
  expect(checkLedger(goodBook())).toEqual({ ok: true, journals: 6, ledgerSumFen: 0, problems: [] });
});

const noTriggers = 'DROP TRIGGER entry_no_update; DROP TRIGGER entry_no_delete; DROP TRIGGER journal_no_delete;';

test.each([
  ['a changed line', 'UPDATE entry SET amount_fen = 9999 WHERE id = 64', 'P-01', 'sale:T1'],
  ['a removed line', 'DELETE FROM entry WHERE id = 65', 'P-01', 'sale:T1'],
  ['a journal without lines', "INSERT INTO journal VALUES ('sale:T9', 99, 'J-01', 'T9', 0, '01')", 'P-01', 'sale:T9'],
  ['all lines of a journal removed', 'DELETE FROM entry WHERE id / 64 = 1', 'P-01', 'sale:T1'],
  ['a line of no journal', "INSERT INTO entry VALUES (6400, '2002', 'C', 1)", 'P-01', 'entry 6400'],
  ['a removed journal', "DELETE FROM journal WHERE key = 'sale:T2'", 'P-01', 'entry 128'],
  ['a changed running balance', "UPDATE balance SET balance_fen = 941 WHERE account = '2002'", 'P-04', '2002'],
  [
    'running balances that do not add up',
    "UPDATE balance SET balance_fen = 941 WHERE account = '2002'",
    'P-02',
    'trial balance',
  ],
  ['a removed running balance', "DELETE FROM balance WHERE account = '2001:T2'", 'P-04', '2001:T2'],
  ['a running balance of nothing', "INSERT INTO balance VALUES ('2005:S9', 'C', 0, 5)", 'P-04', '2005:S9'],
  [
    'a running balance that may be negative',
    "UPDATE balance SET may_be_negative = 1 WHERE account = '2002'",
    'P-04',
    '2002',
  ],
  [
    'a running balance on the other side',
    "PRAGMA ignore_check_constraints = ON; UPDATE balance SET side = 'D' WHERE account = '2002'",
    'P-04',
    '2002',
  ],
  ['an unknown account', "UPDATE entry SET account = '2999' WHERE account = '4001'", 'P-02', '2999'],
  [
    'an account that was negative for a while',
    "UPDATE entry SET id = 64 * 90 + id % 64 WHERE id / 64 = 3; INSERT INTO journal VALUES ('x', 90, 'J-03', 'x', 0, '01')",
    'P-03',
    '2002',
  ],
])('finds %s', (_, sql, rule, about) => {
  const db = goodBook();
  db.exec(noTriggers + sql);
  const { ok, problems } = checkLedger(db);
  expect(ok).toBe(false);
  expect(problems).toContainEqual(expect.objectContaining({ rule, about }));
});

test('says by how much debits and credits differ', () => {
  const db = goodBook();
  db.exec(`${noTriggers} DELETE FROM entry WHERE id = 65`);
  expect(checkLedger(db).ledgerSumFen).toBe(10_000);
});

test('names a hundred problems at most', () => {
  const db = newBook();
  for (let n = 1; n <= 150; n++) db.exec(`INSERT INTO journal VALUES ('sale:${n}', ${n}, 'J-01', '${n}', 0, '01')`);
  expect(checkLedger(db).problems.length).toBe(100);
});

test('works on a read-only handle while the terminal writes, and inside a transaction', () => {
  const folder = mkdtempSync(join(tmpdir(), 'book-'));
  const db = openDatabase(join(folder, 'book.db'));
  migrate(db, [base, ledgerTables]);
  postAll(db, sale('T1', 100));
  const reader = openDatabase(join(folder, 'book.db'), { readonly: true });
  expect(checkLedger(reader).journals).toBe(1);
  postAll(db, clear('T1', 100, 0));
  expect(checkLedger(reader)).toMatchObject({ ok: true, journals: 2 });
  expect(inTransaction(db, () => checkLedger(db))).toMatchObject({ ok: true, journals: 2 });
  reader.close();
  db.close();
  rmSync(folder, { recursive: true });
});
