import { type Database, perDatabase } from '../base/database.ts';
import type { Fen } from '../base/money.ts';

/** What a shift counts of a payment. */
export interface OperatorPayment {
  readonly no: string;
  readonly txn: string;
  readonly state: string;
  readonly entry: string | null;
  readonly amountFen: Fen;
}

const columns = 'no, txn, state, entry, amount_fen AS amountFen';

const statements = perDatabase((db) => ({
  newestId: db.prepare<[], { id: number }>('SELECT coalesce(max(id), 0) AS id FROM payment'),
  after: db.prepare<[number, string], OperatorPayment>(
    `SELECT ${columns} FROM payment WHERE id > ? AND operator = ? ORDER BY id`,
  ),
  byNo: db.prepare<[string], OperatorPayment>(`SELECT ${columns} FROM payment WHERE no = ?`),
}));

const refunds = perDatabase((db) => ({
  byNo: db.prepare<
    [string],
    OperatorPayment
  >(`SELECT no, 'refund' AS txn, iif(counted = 1, 'PROCESSING', state) AS state, entry,
    amount_fen AS amountFen FROM refund WHERE no = ?`),
}));

/** Payments are numbered in the order of their intents; 0: there is none. */
export const newestPaymentId = (db: Database): number => statements(db).newestId.get()?.id ?? 0;

/** Those of one operator behind another payment, by number. */
export const paymentsOfOperator = (db: Database, operator: string, afterId: number): readonly OperatorPayment[] =>
  statements(db).after.all(afterId, operator);

/** A payment, or a refund: one that was accepted counts whatever becomes of it later (states.md 3). */
export const paymentToCount = (db: Database, no: string): OperatorPayment | undefined =>
  statements(db).byNo.get(no) ?? refunds(db).byNo.get(no);
