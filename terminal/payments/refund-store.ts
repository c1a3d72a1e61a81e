import { type Database, perDatabase, type Tx } from '../base/database.ts';
import { type Fen, fen } from '../base/money.ts';
import type { Refund, RefundState } from './refund.ts';
import { type Narrowed, type Narrowing, type NumberRange, narrowed } from './store.ts';

/** All SQL of refunds. Columns come out under the names of `Refund`. */

const columns = `no, state, payment, origin_terminal AS originTerminal, origin_batch AS originBatch, origin_stan AS originStan,
  origin_rrn AS originRrn, origin_auth_code AS originAuthCode, origin_at AS originAt, batch, business_date AS businessDate, stan, operator,
  approved_by AS approvedBy, amount_fen AS amountFen, fee_fen AS feeFen, cum_before_fen AS cumBeforeFen, source, entry,
  card_group AS cardGroup, card, counted, idempotency_key AS idempotencyKey, requested_at AS requestedAt, ended_at AS endedAt, reason,
  host_ref AS hostRef, rrn, prints`;

type Row = Omit<Refund, 'counted'> & { readonly counted: number };

const statements = perDatabase((db) => ({
  insert:
    db.prepare(`INSERT INTO refund (no, state, payment, origin_terminal, origin_batch, origin_stan, origin_rrn, origin_auth_code,
    origin_at, batch, business_date, stan, operator, approved_by, amount_fen, fee_fen, cum_before_fen, source, entry, card_group, card,
    idempotency_key, requested_at) VALUES (${Array.from({ length: 23 }, () => '?').join(', ')})`),
  update: db.prepare(
    'UPDATE refund SET state = ?, counted = ?, ended_at = ?, reason = ?, host_ref = ?, rrn = ? WHERE no = ?',
  ),
  printed: db.prepare('UPDATE refund SET prints = prints + 1 WHERE no = ?'),
  byNo: db.prepare<[string], Row>(`SELECT ${columns} FROM refund WHERE no = ?`),
  byKey: db.prepare<[string], Row>(`SELECT ${columns} FROM refund WHERE idempotency_key = ?`),
  byStan: db.prepare<[string], Row>(`SELECT ${columns} FROM refund WHERE stan = ? ORDER BY no DESC LIMIT 1`),
  ofPayment: db.prepare<[string], Row>(`SELECT ${columns} FROM refund WHERE payment = ? ORDER BY no`),
  ofBatch: db.prepare<[string, string], Row>(
    `SELECT ${columns} FROM refund WHERE batch = ? AND business_date = ? ORDER BY stan`,
  ),
  newest: db.prepare<[number], Row>(`SELECT ${columns} FROM refund ORDER BY no DESC LIMIT ?`),
  newestOf: db.prepare<[string, string, number], Row>(
    `SELECT ${columns} FROM refund WHERE operator = ? AND no >= ? ORDER BY no DESC LIMIT ?`,
  ),
  narrowed: db.prepare<[Narrowed], Row>(`SELECT ${columns} FROM refund WHERE no >= @from AND no < @before
    AND (@state IS NULL OR state = @state) AND (@operator IS NULL OR operator = @operator) AND (@stan IS NULL OR stan = @stan)
    AND (@minFen IS NULL OR amount_fen >= @minFen) AND (@maxFen IS NULL OR amount_fen <= @maxFen)
    AND (@txn IS NULL OR @txn = 'refund') ORDER BY no DESC LIMIT @limit`),
  inState: db.prepare<[RefundState], { n: number }>('SELECT count(*) AS n FROM refund WHERE state = ?'),
  uncleared: db.prepare<[string], { amount: number; fee: number }>(`
    SELECT coalesce(sum(amount_fen), 0) AS amount, coalesce(sum(fee_fen), 0) AS fee FROM refund
    WHERE payment = ? AND source = '2001' AND state <> 'FAILED'`),
  insertElsewhere: db.prepare('INSERT INTO refund_elsewhere VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (no) DO NOTHING'),
}));

const refund = (row: Row): Refund => ({ ...row, counted: row.counted === 1 });
const optional = (row: Row | undefined): Refund | undefined => row && refund(row);

export const insertRefund = (tx: Tx, r: Refund): void => {
  statements(tx.db).insert.run(
    r.no,
    r.state,
    r.payment,
    r.originTerminal,
    r.originBatch,
    r.originStan,
    r.originRrn,
    r.originAuthCode,
    r.originAt,
    r.batch,
    r.businessDate,
    r.stan,
    r.operator,
    r.approvedBy,
    r.amountFen,
    r.feeFen,
    r.cumBeforeFen,
    r.source,
    r.entry,
    r.cardGroup,
    r.card,
    r.idempotencyKey,
    r.requestedAt,
  );
};

export const updateRefund = (tx: Tx, r: Refund): void => {
  statements(tx.db).update.run(r.state, r.counted ? 1 : 0, r.endedAt, r.reason, r.hostRef, r.rrn, r.no);
};

export const countRefundPrint = (tx: Tx, no: string): void => {
  statements(tx.db).printed.run(no);
};

/** False: it was told before. */
export const insertElsewhere = (
  tx: Tx,
  e: {
    readonly no: string;
    readonly payment: string;
    readonly terminal: string;
    readonly amountFen: Fen;
    readonly feeFen: Fen;
    readonly at: number;
  },
): boolean =>
  statements(tx.db).insertElsewhere.run(e.no, e.payment, e.terminal, e.amountFen, e.feeFen, e.at).changes === 1;

export const getRefund = (db: Database, no: string): Refund | undefined => optional(statements(db).byNo.get(no));
export const getRefundByKey = (db: Database, key: string): Refund | undefined =>
  optional(statements(db).byKey.get(key));
export const getRefundByStan = (db: Database, stan: string): Refund | undefined =>
  optional(statements(db).byStan.get(stan));
/** The oldest first, of whatever state. */
export const getRefundsOf = (db: Database, payment: string): readonly Refund[] =>
  statements(db).ofPayment.all(payment).map(refund);
/** In order of STAN. */
export const getRefundsOfBatch = (db: Database, batch: string, businessDate: string): readonly Refund[] =>
  statements(db).ofBatch.all(batch, businessDate).map(refund);
export const getNewestRefundsOf = (db: Database, operator: string, since: string, limit: number): readonly Refund[] =>
  statements(db).newestOf.all(operator, since, limit).map(refund);
export const getNewestRefunds = (db: Database, limit: number): readonly Refund[] =>
  statements(db).newest.all(limit).map(refund);
/** The newest first. */
export const getRefundsNarrowed = (db: Database, range: NumberRange, by: Narrowing, limit: number): readonly Refund[] =>
  statements(db)
    .narrowed.all(narrowed(range, by, limit))
    .map(refund);
export const countRefundsIn = (db: Database, state: RefundState): number => statements(db).inState.get(state)?.n ?? 0;

/** What was taken of a payment before it cleared (J-06b) and not given back, in flight too. */
export function unclearedRefundsOf(db: Database, payment: string): { readonly amountFen: Fen; readonly feeFen: Fen } {
  const sums = statements(db).uncleared.get(payment);
  return { amountFen: fen(sums?.amount ?? 0), feeFen: fen(sums?.fee ?? 0) };
}
