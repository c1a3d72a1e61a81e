import { type Database, perDatabase, type Tx } from '../base/database.ts';
import type { Shift, ShiftTotal } from './shift.ts';

const columns = `id, operator, begun_at AS begunAt, after_payment AS afterPayment, ended_at AS endedAt, ended_by AS endedBy,
  undecided, prints`;

const statements = perDatabase((db) => ({
  open: db.prepare<[string], Shift>(`SELECT ${columns} FROM shift WHERE operator = ? AND ended_at IS NULL`),
  newest: db.prepare<[number], Shift>(`SELECT ${columns} FROM shift ORDER BY id DESC LIMIT ?`),
  byId: db.prepare<[number], Shift>(`SELECT ${columns} FROM shift WHERE id = ?`),
  lastEnded: db.prepare<[], Shift>(
    `SELECT ${columns} FROM shift WHERE ended_at IS NOT NULL ORDER BY ended_at DESC, id DESC LIMIT 1`,
  ),
  lastOf: db.prepare<[string], Shift>(`SELECT ${columns} FROM shift WHERE operator = ? ORDER BY id DESC LIMIT 1`),
  begin: db.prepare('INSERT INTO shift (operator, begun_at, after_payment) VALUES (?, ?, ?)'),
  end: db.prepare('UPDATE shift SET ended_at = ?, ended_by = ?, undecided = ? WHERE id = ? AND ended_at IS NULL'),
  printed: db.prepare('UPDATE shift SET prints = prints + 1 WHERE id = ?'),
  insertTotal: db.prepare('INSERT INTO shift_total VALUES (?, ?, ?, ?, ?, ?, ?)'),
  totals: db.prepare<[number], ShiftTotal>(`SELECT txn, instrument, debit_count AS debitCount, debit_fen AS debitFen,
    credit_count AS creditCount, credit_fen AS creditFen FROM shift_total WHERE shift = ? ORDER BY txn, instrument`),
  undecided: db.prepare<[string], { payment: string }>(
    'SELECT payment FROM shift_undecided WHERE operator = ? ORDER BY payment',
  ),
  forgetUndecided: db.prepare('DELETE FROM shift_undecided WHERE operator = ?'),
  keepUndecided: db.prepare('INSERT INTO shift_undecided VALUES (?, ?)'),
}));

export const getOpenShift = (db: Database, operator: string): Shift | undefined => statements(db).open.get(operator);
export const getShift = (db: Database, id: number): Shift | undefined => statements(db).byId.get(id);
export const getNewestShifts = (db: Database, limit: number): readonly Shift[] => statements(db).newest.all(limit);
export const getLastEndedShift = (db: Database): Shift | undefined => statements(db).lastEnded.get();
export const getLastShiftOf = (db: Database, operator: string): Shift | undefined =>
  statements(db).lastOf.get(operator);
export const getShiftTotals = (db: Database, id: number): readonly ShiftTotal[] => statements(db).totals.all(id);

/** Payments that earlier shifts of this operator left undecided, and refunds since. */
export const getUndecided = (db: Database, operator: string): readonly string[] =>
  statements(db)
    .undecided.all(operator)
    .map((row) => row.payment);

export const insertShift = (tx: Tx, operator: string, atMs: number, afterPayment: number): void => {
  statements(tx.db).begin.run(operator, atMs, afterPayment);
};

export const updateEnded = (tx: Tx, id: number, atMs: number, by: string, undecided: number): void => {
  statements(tx.db).end.run(atMs, by, undecided, id);
};

export const insertShiftTotal = (tx: Tx, id: number, t: ShiftTotal): void => {
  statements(tx.db).insertTotal.run(id, t.txn, t.instrument, t.debitCount, t.debitFen, t.creditCount, t.creditFen);
};

export const insertUndecided = (tx: Tx, operator: string, payment: string): void => {
  statements(tx.db).keepUndecided.run(payment, operator);
};

export const replaceUndecided = (tx: Tx, operator: string, payments: readonly string[]): void => {
  statements(tx.db).forgetUndecided.run(operator);
  for (const payment of payments) insertUndecided(tx, operator, payment);
};

export const countShiftPrint = (tx: Tx, id: number): void => {
  statements(tx.db).printed.run(id);
};
