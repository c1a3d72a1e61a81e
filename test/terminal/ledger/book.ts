import { type Database, inTransaction, openDatabase } from '../../../terminal/base/database.ts';
import { migrate } from '../../../terminal/base/migrate.ts';
import { base } from '../../../terminal/base/migrations/0001-base.ts';
import { ledgerTables } from '../../../terminal/base/migrations/0002-ledger.ts';
import { fen } from '../../../terminal/base/money.ts';
import {
  cleared,
  fundsReceived,
  type Journal,
  saleSucceeded,
  settlementReleased,
  settlementRequested,
  settlementReturned,
  settlementSucceeded,
} from '../../../terminal/ledger/journal.ts';
import { post } from '../../../terminal/ledger/post.ts';

/** An empty book in memory. */
export function newBook(): Database {
  const db = openDatabase(':memory:');
  migrate(db, [base, ledgerTables]);
  return db;
}

export const at = Date.UTC(2026, 10, 20, 2, 0, 0);
const deed = { at, by: '01' };

/** The postings in force, with everything that a test does not care about filled in. */
export const sale = (txn: string, gross: number, date = '2026-11-20'): Journal =>
  saleSucceeded({ txn, receivable: '1101', date, grossFen: fen(gross) }, deed);
export const clear = (txn: string, gross: number, fee: number): Journal =>
  cleared({ txn, grossFen: fen(gross), feeFen: fen(fee) }, deed);
export const funds = (amount: number, n = 1, date = '2026-11-20'): Journal | undefined =>
  fundsReceived({ receivable: '1101', date, n, amountFen: fen(amount) }, deed);
export const settle = (no: string, amount: number): Journal =>
  settlementRequested({ no, amountFen: fen(amount) }, deed);
export const settled = (no: string, amount: number, serviceFee = 0): Journal =>
  settlementSucceeded({ no, amountFen: fen(amount), serviceFeeFen: fen(serviceFee) }, deed);
export const released = (no: string, amount: number): Journal =>
  settlementReleased({ no, amountFen: fen(amount) }, deed);
export const returned = (no: string, amount: number, serviceFee = 0): Journal =>
  settlementReturned({ no, amountFen: fen(amount), serviceFeeFen: fen(serviceFee) }, deed);

/** Posts them in one transaction; says what each came to. */
export const postAll = (db: Database, ...journals: readonly (Journal | undefined)[]): readonly string[] =>
  inTransaction(db, (tx) => journals.map((journal) => (journal ? post(tx, journal) : 'nothing')));

/** Everything the book holds, to see that nothing changed. */
export const contents = (db: Database): string =>
  JSON.stringify(
    ['journal', 'entry', 'balance'].map((table) => db.prepare(`SELECT * FROM ${table} ORDER BY 1, 2`).all()),
  );
