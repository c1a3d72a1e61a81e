import { assert } from '../base/assert.ts';
import { type Database, perDatabase, type Tx } from '../base/database.ts';
import { idsFrom } from '../base/ids.ts';
import type { CardFacts, Payment, PaymentState } from './payment.ts';

/** All SQL of payments. Columns come out under the names of `Payment`. */

const columns = `no, txn, state, batch, business_date AS businessDate, stan, operator, approved_by AS approvedBy, original,
  origin_auth_code AS originAuthCode,
  coalesce(asked_fen, amount_fen) AS askedFen, amount_fen AS amountFen, discount_fen AS discountFen, fee_fen AS feeFen,
  rate_id AS rateId, card_group AS cardGroup, entry, card, chip, code, rrn, auth_code AS authCode, issuer, acquirer, cleared,
  refunded_fen AS refundedFen, refunded_fee_fen AS refundedFeeFen, valid_until AS validUntil,
  created_at AS createdAt, ended_at AS endedAt, why, reversal, reversal_attempts AS reversalAttempts,
  reversal_refusals AS reversalRefusals, prints`;

type Row = Omit<Payment, 'chip' | 'cleared'> & { readonly chip: string | null; readonly cleared: number };

/** Gross profile: what was approved stays counted when it is voided or refunded later. */
const counted = "state IN ('PAID','CLEARED','VOIDING','VOIDED','PARTLY_REFUNDED','REFUNDED','DONE')";

/**
 * A state is written into its statement. With a parameter SQLite would compare its value with the conditions of the partial indexes, and for that make the
 * statement anew each time that it is bound: 30 µs in every sale.
 */
const inState = (db: Database, state: 'REVERSING' | 'NEEDS_HUMAN') =>
  db.prepare<[], Row>(
    `SELECT ${columns} FROM payment WHERE state = '${state}' AND reversal <> 'DONE' AND state <> 'CREATED' ORDER BY no`,
  );
const waitingIn = (db: Database, state: 'UNKNOWN' | 'STORED' | 'VOIDING') =>
  db.prepare<[], Row>(`SELECT ${columns} FROM payment WHERE state = '${state}'
    AND (state = 'UNKNOWN' OR state = 'STORED' OR state = 'VOIDING') ORDER BY no`);

const statements = perDatabase((db) => ({
  takeStan: db.prepare<[], { value: number }>(
    "UPDATE counter SET value = value % 999999 + 1 WHERE name = 'stan' RETURNING value",
  ),
  insert:
    db.prepare(`INSERT INTO payment (no, txn, state, batch, business_date, stan, operator, approved_by, original, origin_auth_code, amount_fen, card_group, entry,
    card, cleared, created_at, reversal) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
  // `asked_fen` is written only where it is another amount.
  answer:
    db.prepare(`UPDATE payment SET state = ?, asked_fen = nullif(?, ?), amount_fen = ?, discount_fen = ?, fee_fen = ?,
    rate_id = ?, card_group = ?, entry = ?, card = ?, card_hash = coalesce(?, card_hash), chip = ?, code = ?, rrn = ?, auth_code = ?,
    issuer = ?, acquirer = ?, cleared = ?, valid_until = ?, ended_at = ?, why = ?, reversal = ? WHERE no = ?`),
  end: db.prepare('UPDATE payment SET state = ?, why = ?, ended_at = ?, reversal = ? WHERE no = ?'),
  state: db.prepare('UPDATE payment SET state = ?, cleared = ? WHERE no = ?'),
  refunded: db.prepare('UPDATE payment SET state = ?, refunded_fen = ?, refunded_fee_fen = ? WHERE no = ?'),
  reversal: db.prepare(
    'UPDATE payment SET state = ?, reversal = ?, reversal_attempts = ?, reversal_refusals = ?, reversal_code = ?, ended_at = ? WHERE no = ?',
  ),
  late: db.prepare('UPDATE payment SET late_code = ? WHERE no = ? AND reversal IS NOT NULL'),
  printed: db.prepare('UPDATE payment SET prints = prints + 1 WHERE no = ?'),
  byNo: db.prepare<[string], Row>(`SELECT ${columns} FROM payment WHERE no = ?`),
  cardHash: db.prepare<[string], { hash: Uint8Array | null }>('SELECT card_hash AS hash FROM payment WHERE no = ?'),
  byStan: db.prepare<[string], Row>(`SELECT ${columns} FROM payment WHERE stan = ? ORDER BY no DESC LIMIT 1`),
  // Numbers sort by the time at which they were made.
  held: db.prepare<[string], Row>(
    `SELECT ${columns} FROM payment WHERE txn = 'preauth' AND state = 'HELD' AND auth_code = ? ORDER BY id DESC LIMIT 1`,
  ),
  byReference: db.prepare<[string, string, string], Row>(
    `SELECT ${columns} FROM payment WHERE no >= ? AND no < ? AND rrn = ? ORDER BY no DESC LIMIT 1`,
  ),
  newest: db.prepare<[number], Row>(`SELECT ${columns} FROM payment ORDER BY no DESC LIMIT ?`),
  newestOf: db.prepare<[number, string, number], Row>(
    `SELECT ${columns} FROM payment WHERE id > ? AND operator = ? ORDER BY id DESC LIMIT ?`,
  ),
  numberBefore: db.prepare<[string, string, number], { no: string }>(
    'SELECT no FROM payment WHERE no >= ? AND no < ? ORDER BY no DESC LIMIT 1 OFFSET ?',
  ),
  // With a plus in front of it a condition keeps the planner from another index than that of the number.
  narrowed: db.prepare<[Narrowed], Row>(`SELECT ${columns} FROM payment WHERE no >= @from AND no < @before
    AND (@txn IS NULL OR txn = @txn) AND (@state IS NULL OR +state = @state) AND (@operator IS NULL OR operator = @operator)
    AND (@stan IS NULL OR +stan = @stan) AND (@minFen IS NULL OR amount_fen >= @minFen) AND (@maxFen IS NULL OR amount_fen <= @maxFen)
    ORDER BY no DESC LIMIT @limit`),
  sold: db.prepare<[NumberRange], SoldSum>(`SELECT entry, count(*) AS count, sum(amount_fen) AS sumFen FROM payment
    WHERE no >= @from AND no < @before AND (txn = 'sale' OR txn = 'code-sale' OR txn = 'stored-sale' OR txn = 'completion'
      OR txn = 'completion-advice') AND entry IS NOT NULL
      AND (+state = 'PAID' OR +state = 'CLEARED' OR +state = 'PARTLY_REFUNDED' OR +state = 'REFUNDED') GROUP BY entry`),
  inState: { REVERSING: inState(db, 'REVERSING'), NEEDS_HUMAN: inState(db, 'NEEDS_HUMAN') },
  waiting: {
    UNKNOWN: waitingIn(db, 'UNKNOWN'),
    STORED: waitingIn(db, 'STORED'),
    VOIDING: waitingIn(db, 'VOIDING'),
  },
  open: db.prepare<[], Row>(
    `SELECT ${columns} FROM payment WHERE id = (SELECT max(id) FROM payment) AND state IN ('CREATED','AUTHORIZING')`,
  ),
  sumsOfBatch: db.prepare<
    [string, string],
    CountedSum
  >(`SELECT txn, card_group AS "group", count(*) AS count, sum(amount_fen) AS sumFen FROM payment
    WHERE batch = ? AND business_date = ? AND ${counted} AND txn <> 'preauth' AND txn <> 'preauth-void' GROUP BY txn, card_group`),
  ofBatch: db.prepare<[string, string], Row>(`SELECT ${columns} FROM payment WHERE batch = ? AND business_date = ?
    AND ${counted} AND txn <> 'preauth' AND txn <> 'preauth-void' ORDER BY stan`),
  // A batch of many is uploaded from these: a whole payment each would take four times as long.
  recordsOfBatch: db.prepare<
    [string, string],
    CountedRecord
  >(`SELECT no, txn, state, stan, card_group AS cardGroup, amount_fen AS amountFen, fee_fen AS feeFen, rate_id AS rateId, entry, rrn FROM payment
    WHERE batch = ? AND business_date = ? AND ${counted} AND txn <> 'preauth' AND txn <> 'preauth-void' ORDER BY stan`),
  faulty: db.prepare<[string, string], Row>(`SELECT ${columns} FROM payment WHERE batch = ? AND business_date = ?
    AND (state = 'NEEDS_HUMAN' OR state = 'FAILED' AND (txn = 'stored-sale' OR txn = 'completion-advice')) ORDER BY stan`),
}));

/** Numbers from `from` on and before `before`. */
export interface NumberRange {
  readonly from: string;
  readonly before: string;
}

/** What was sold with one instrument. */
export interface SoldSum {
  readonly entry: string;
  readonly count: number;
  readonly sumFen: number;
}

/** What narrows a list; undefined does not. */
export interface Narrowing {
  readonly txn?: string | undefined;
  readonly state?: string | undefined;
  readonly operator?: string | undefined;
  readonly stan?: string | undefined;
  readonly minFen?: number | undefined;
  readonly maxFen?: number | undefined;
}

export type Narrowed = NumberRange & { readonly limit: number } & {
  readonly [N in keyof Narrowing]-?: NonNullable<Narrowing[N]> | null;
};

/** As a statement takes it. */
export const narrowed = (range: NumberRange, by: Narrowing, limit: number): Narrowed => ({
  from: range.from,
  before: range.before,
  limit,
  txn: by.txn ?? null,
  state: by.state ?? null,
  operator: by.operator ?? null,
  stan: by.stan ?? null,
  minFen: by.minFen ?? null,
  maxFen: by.maxFen ?? null,
});

/** What a batch record is made of. */
export type CountedRecord = Pick<
  Payment,
  'no' | 'txn' | 'state' | 'stan' | 'cardGroup' | 'amountFen' | 'feeFen' | 'rateId' | 'entry' | 'rrn'
>;

/** Count and sum of what counts in a batch. */
export interface CountedSum {
  readonly txn: Payment['txn'];
  readonly group: Payment['cardGroup'];
  readonly count: number;
  readonly sumFen: number;
}

const payment = (row: Row): Payment => ({
  ...row,
  cleared: row.cleared === 1,
  chip: row.chip === null ? null : JSON.parse(row.chip),
});

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
    p.approvedBy,
    p.original,
    p.originAuthCode,
    p.amountFen,
    p.cardGroup,
    p.entry,
    p.card,
    p.cleared ? 1 : 0,
    p.createdAt,
    p.reversal,
  );
};

/** Writes what an answer, or the lack of one, decided. */
export const updateAnswered = (tx: Tx, p: Payment, card: CardFacts | undefined): void => {
  statements(tx.db).answer.run(
    p.state,
    p.askedFen,
    p.amountFen,
    p.amountFen,
    p.discountFen,
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
    p.cleared ? 1 : 0,
    p.validUntil,
    p.endedAt,
    p.why,
    p.reversal,
    p.no,
  );
};

export const updateEnd = (tx: Tx, p: Payment): void => {
  statements(tx.db).end.run(p.state, p.why, p.endedAt, p.reversal, p.no);
};

/** What another payment, a refund or a clearing made of it. */
export const updateState = (tx: Tx, p: Payment): void => {
  statements(tx.db).state.run(p.state, p.cleared ? 1 : 0, p.no);
};

export const updateRefunded = (
  tx: Tx,
  p: Pick<Payment, 'no' | 'refundedFen' | 'refundedFeeFen'> & { readonly state: PaymentState },
): void => {
  statements(tx.db).refunded.run(p.state, p.refundedFen, p.refundedFeeFen, p.no);
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

const optional = (row: Row | undefined): Payment | undefined => (row ? payment(row) : undefined);

/** Null where no card was shown, or the row came back from the host. */
export const getCardHash = (db: Database, no: string): Uint8Array | null =>
  statements(db).cardHash.get(no)?.hash ?? null;
export const getPayment = (db: Database, no: string): Payment | undefined => optional(statements(db).byNo.get(no));
export const getByStan = (db: Database, stan: string): Payment | undefined => optional(statements(db).byStan.get(stan));
/** One with this reference of the host, made from `fromMs` to before `toMs`. */
export const getByReference = (db: Database, rrn: string, fromMs: number, toMs: number): Payment | undefined =>
  optional(statements(db).byReference.get(idsFrom(fromMs), idsFrom(toMs), rrn));
/** A pre-authorisation that is held under this authorisation code. */
export const getHeld = (db: Database, authCode: string): Payment | undefined =>
  optional(statements(db).held.get(authCode));
export const getNewest = (db: Database, limit: number): readonly Payment[] =>
  statements(db).newest.all(limit).map(payment);
/** The number that has `count` others of the range behind it; undefined when there are not so many. */
export const numberBefore = (db: Database, { from, before }: NumberRange, count: number): string | undefined =>
  statements(db).numberBefore.get(from, before, count)?.no;
/** The newest first. */
export const getNarrowed = (db: Database, range: NumberRange, by: Narrowing, limit: number): readonly Payment[] =>
  statements(db)
    .narrowed.all(narrowed(range, by, limit))
    .map(payment);
export const getSold = (db: Database, range: NumberRange): readonly SoldSum[] => statements(db).sold.all(range);
export const getNewestOf = (db: Database, operator: string, afterId: number, limit: number): readonly Payment[] =>
  statements(db).newestOf.all(afterId, operator, limit).map(payment);
export const getInState = (db: Database, state: 'REVERSING' | 'NEEDS_HUMAN'): readonly Payment[] =>
  statements(db).inState[state].all().map(payment);
/** What may wait behind newer payments. */
export const getWaiting = (db: Database, state: 'UNKNOWN' | 'STORED' | 'VOIDING'): readonly Payment[] =>
  statements(db).waiting[state].all().map(payment);
/** Those that have their intent and no end yet: the newest payment or none, which a trigger sees to. */
export const getOpen = (db: Database): readonly Payment[] => statements(db).open.all().map(payment);
/** The payments of a batch that were approved, and voids that were done, in order of STAN. The business date tells two batches of one number apart. */
export const getCounted = (db: Database, batch: string, businessDate: string): readonly Payment[] =>
  statements(db).ofBatch.all(batch, businessDate).map(payment);
export const getCountedRecords = (db: Database, batch: string, businessDate: string): readonly CountedRecord[] =>
  statements(db).recordsOfBatch.all(batch, businessDate);
/** Those of a batch whose reversal needs a human, and what was told in it and refused. */
export const getFaulty = (db: Database, batch: string, businessDate: string): readonly Payment[] =>
  statements(db).faulty.all(batch, businessDate).map(payment);
export const getCountedSums = (db: Database, batch: string, businessDate: string): readonly CountedSum[] =>
  statements(db).sumsOfBatch.all(batch, businessDate);
