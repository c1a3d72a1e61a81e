import { assert } from '../base/assert.ts';
import { type Database, perDatabase, type Tx } from '../base/database.ts';
import type { CardFacts, Payment } from './payment.ts';

/** All SQL of payments. Columns come out under the names of `Payment`. */

const columns = `no, txn, state, batch, business_date AS businessDate, stan, operator, amount_fen AS amountFen, fee_fen AS feeFen,
  rate_id AS rateId, card_group AS cardGroup, entry, card, chip, code, rrn, auth_code AS authCode, issuer, acquirer,
  created_at AS createdAt, ended_at AS endedAt, why, reversal, reversal_attempts AS reversalAttempts,
  reversal_refusals AS reversalRefusals, prints`;

type Row = Omit<Payment, 'chip'> & { readonly chip: string | null };

const statements = perDatabase((db) => ({
  takeStan: db.prepare<[], { value: number }>(
    "UPDATE counter SET value = value % 999999 + 1 WHERE name = 'stan' RETURNING value",
  ),
  insert:
    db.prepare(`INSERT INTO payment (no, txn, state, batch, business_date, stan, operator, amount_fen, created_at, reversal)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
  answer:
    db.prepare(`UPDATE payment SET state = ?, fee_fen = ?, rate_id = ?, card_group = ?, entry = ?, card = ?, card_hash = ?, chip = ?,
    code = ?, rrn = ?, auth_code = ?, issuer = ?, acquirer = ?, ended_at = ?, why = ?, reversal = ? WHERE no = ?`),
  end: db.prepare('UPDATE payment SET state = ?, why = ?, ended_at = ?, reversal = ? WHERE no = ?'),
  reversal: db.prepare(
    'UPDATE payment SET state = ?, reversal = ?, reversal_attempts = ?, reversal_refusals = ?, reversal_code = ?, ended_at = ? WHERE no = ?',
  ),
  late: db.prepare('UPDATE payment SET late_code = ? WHERE no = ? AND reversal IS NOT NULL'),
  printed: db.prepare('UPDATE payment SET prints = prints + 1 WHERE no = ?'),
  clear: db.prepare("UPDATE payment SET state = 'CLEARED' WHERE no = ?"),
  byStan: db.prepare<[string], Row>(`SELECT ${columns} FROM payment WHERE stan = ? ORDER BY no DESC LIMIT 1`),
  newest: db.prepare<[number], Row>(`SELECT ${columns} FROM payment ORDER BY no DESC LIMIT ?`),
  inState: db.prepare<[string], Row>(`SELECT ${columns} FROM payment WHERE state = ?
    AND reversal <> 'DONE' AND state <> 'CREATED' ORDER BY no`),
  open: db.prepare<[], Row>(
    `SELECT ${columns} FROM payment WHERE id = (SELECT max(id) FROM payment) AND state IN ('CREATED','AUTHORIZING')`,
  ),
  ofBatch: db.prepare<[string, string], Row>(
    `SELECT ${columns} FROM payment WHERE batch = ? AND business_date = ? AND state IN ('PAID','CLEARED') ORDER BY stan`,
  ),
}));

const payment = (row: Row): Payment => ({ ...row, chip: row.chip === null ? null : JSON.parse(row.chip) });

/** The next STAN, 000001 to 999999; persisted with whatever else the transaction writes, before it is used. */
export const takeStan = (tx: Tx): string => {
  const row = statements(tx.db).takeStan.get();
  assert(row, 'the STAN counter exists');
  return String(row.value).padStart(6, '0');
};

export const insertPayment = (tx: Tx, p: Payment): void => {
  statements(tx.db).insert.run(
    p.no,
    p.txn,
    p.state,
    p.batch,
    p.businessDate,
    p.stan,
    p.operator,
    p.amountFen,
    p.createdAt,
    p.reversal,
  );
};

/** Writes what an answer, or the lack of one, decided. */
export const updateAnswered = (tx: Tx, p: Payment, card: CardFacts | undefined): void => {
  statements(tx.db).answer.run(
    p.state,
    p.feeFen,
    p.rateId,
    p.cardGroup,
    p.entry,
    p.card,
    card?.cardHash ?? null,
    p.chip === null ? null : JSON.stringify(p.chip),
    p.code,
    p.rrn,
    p.authCode,
    p.issuer,
    p.acquirer,
    p.endedAt,
    p.why,
    p.reversal,
    p.no,
  );
};

export const updateEnd = (tx: Tx, p: Payment): void => {
  statements(tx.db).end.run(p.state, p.why, p.endedAt, p.reversal, p.no);
};

export const updateReversal = (tx: Tx, p: Payment, code: string | null): void => {
  statements(tx.db).reversal.run(p.state, p.reversal, p.reversalAttempts, p.reversalRefusals, code, p.endedAt, p.no);
};

/** False when no reversal was made for it. */
export const setLateCode = (tx: Tx, no: string, code: string): boolean =>
  statements(tx.db).late.run(code, no).changes === 1;

export const countPrint = (tx: Tx, no: string): void => {
  statements(tx.db).printed.run(no);
};

export const setCleared = (tx: Tx, no: string): void => {
  statements(tx.db).clear.run(no);
};

const optional = (row: Row | undefined): Payment | undefined => (row ? payment(row) : undefined);

export const getByStan = (db: Database, stan: string): Payment | undefined => optional(statements(db).byStan.get(stan));
export const getNewest = (db: Database, limit: number): readonly Payment[] =>
  statements(db).newest.all(limit).map(payment);
export const getInState = (db: Database, state: 'REVERSING' | 'NEEDS_HUMAN'): readonly Payment[] =>
  statements(db).inState.all(state).map(payment);
/** Those that have their intent and no end yet: the newest payment or none, which a trigger sees to. */
export const getOpen = (db: Database): readonly Payment[] => statements(db).open.all().map(payment);
/** The approved payments of a batch, in order of STAN. The business date tells two batches of one number apart. */
export const getApproved = (db: Database, batch: string, businessDate: string): readonly Payment[] =>
  statements(db).ofBatch.all(batch, businessDate).map(payment);
