import { type Database, perDatabase, type Tx } from '../base/database.ts';
import type { Invoice } from './invoice.ts';

/** All SQL of invoices. Columns come out under the names of `Invoice`. */

const columns = `no, kind, state, payment, of, amount_fen AS amountFen, title_kind AS titleKind, title, tax_no AS taxNo, address, phone, email,
  operator, idempotency_key AS idempotencyKey, requested_at AS requestedAt, ended_at AS endedAt, refused, reason, invoice_no AS invoiceNo, url, prints`;

type Row = Omit<Invoice, 'refused'> & { readonly refused: number };

const statements = perDatabase((db) => ({
  insert:
    db.prepare(`INSERT INTO invoice (no, kind, state, payment, of, amount_fen, title_kind, title, tax_no, address, phone, email, operator,
    idempotency_key, requested_at) VALUES (${Array.from({ length: 15 }, () => '?').join(', ')})`),
  update: db.prepare(
    'UPDATE invoice SET state = ?, ended_at = ?, refused = ?, reason = ?, invoice_no = ?, url = ? WHERE no = ?',
  ),
  printed: db.prepare('UPDATE invoice SET prints = prints + 1 WHERE no = ?'),
  byNo: db.prepare<[string], Row>(`SELECT ${columns} FROM invoice WHERE no = ?`),
  byKey: db.prepare<[string], Row>(`SELECT ${columns} FROM invoice WHERE idempotency_key = ?`),
  live: db.prepare<[string], Row>(
    `SELECT ${columns} FROM invoice WHERE payment = ? AND kind = 'blue' AND state IN ('REQUESTED','ISSUED','SENT') ORDER BY no DESC LIMIT 1`,
  ),
  redUnderWay: db.prepare<[string], Row>(
    `SELECT ${columns} FROM invoice WHERE of = ? AND state = 'REQUESTED' ORDER BY no DESC LIMIT 1`,
  ),
  standing: db.prepare<[number], Pick<Row, 'payment' | 'amountFen'>>(
    `SELECT payment, amount_fen AS amountFen FROM invoice WHERE kind = 'blue' AND state IN ('ISSUED','SENT') AND requested_at >= ?`,
  ),
  newest: db.prepare<[number], Row>(`SELECT ${columns} FROM invoice ORDER BY no DESC LIMIT ?`),
  // A red one goes before what it took back.
  prune: db.prepare<[number, number]>(
    `DELETE FROM invoice WHERE no IN (SELECT no FROM invoice AS old WHERE requested_at < ? AND state <> 'REQUESTED'
       AND NOT EXISTS (SELECT 1 FROM invoice AS red WHERE red.of = old.no) ORDER BY requested_at LIMIT ?)`,
  ),
}));

const invoice = (row: Row): Invoice => ({ ...row, refused: row.refused === 1 });
const optional = (row: Row | undefined): Invoice | undefined => row && invoice(row);

export const insertInvoice = (tx: Tx, i: Invoice): void => {
  statements(tx.db).insert.run(
    i.no,
    i.kind,
    i.state,
    i.payment,
    i.of,
    i.amountFen,
    i.titleKind,
    i.title,
    i.taxNo,
    i.address,
    i.phone,
    i.email,
    i.operator,
    i.idempotencyKey,
    i.requestedAt,
  );
};

export const updateInvoice = (tx: Tx, i: Invoice): void => {
  statements(tx.db).update.run(i.state, i.endedAt, i.refused ? 1 : 0, i.reason, i.invoiceNo, i.url, i.no);
};

export const countInvoicePrint = (tx: Tx, no: string): void => {
  statements(tx.db).printed.run(no);
};

/** Deletes at most `limit`, the oldest first, of those that were asked for before `beforeMs` and have ended. Returns how many. */
export const deleteInvoices = (tx: Tx, beforeMs: number, limit: number): number =>
  statements(tx.db).prune.run(beforeMs, limit).changes;

export const getInvoice = (db: Database, no: string): Invoice | undefined => optional(statements(db).byNo.get(no));
export const getInvoiceByKey = (db: Database, key: string): Invoice | undefined =>
  optional(statements(db).byKey.get(key));
/** The one of a payment that stands or is under way. */
export const getLiveInvoice = (db: Database, payment: string): Invoice | undefined =>
  optional(statements(db).live.get(payment));
export const getRedUnderWay = (db: Database, of: string): Invoice | undefined =>
  optional(statements(db).redUnderWay.get(of));
/** Every blue one that stands and was asked for since then. */
export const getStanding = (db: Database, sinceMs: number): readonly Pick<Invoice, 'payment' | 'amountFen'>[] =>
  statements(db).standing.all(sinceMs);
export const getNewestInvoices = (db: Database, limit: number): readonly Invoice[] =>
  statements(db).newest.all(limit).map(invoice);
