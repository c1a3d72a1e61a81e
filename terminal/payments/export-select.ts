import { type Database, perDatabase } from '../base/database.ts';
import { idsFrom } from '../base/ids.ts';
import type { Select } from '../base/select.ts';
import { numbersOf } from './day-rows.ts';
import { kinds } from './kinds.ts';
import type { Narrowing } from './store.ts';

/** Payments and refunds as rows of a file, in whatever state. `booked_fen`, `fee_fen` and `net_fen` are what each did to the book: nothing before it has an end, less than zero where money was given back. */

const txnsOf = (side: 'debit' | 'credit'): string =>
  `(${Object.entries(kinds)
    .filter(([, kind]) => kind.side === side)
    .map(([txn]) => `'${txn}'`)
    .join(', ')})`;

/** A sale keeps what it brought when it is voided or refunded later: that is a row of its own. */
const took = `txn IN ${txnsOf('debit')} AND state IN ('PAID','CLEARED','VOIDING','VOIDED','PARTLY_REFUNDED','REFUNDED')`;
const gaveBack = `txn IN ${txnsOf('credit')} AND state = 'DONE'`;

/** What is taken back carries the fee of its original. */
const paymentRow = `no, created_at AS at, txn, entry, stan, batch, card, operator, state, code, rrn, amount_fen,
  CASE WHEN ${took} THEN amount_fen WHEN ${gaveBack} THEN -amount_fen ELSE 0 END AS booked_fen,
  CASE WHEN ${took} THEN fee_fen WHEN ${gaveBack} THEN -(SELECT o.fee_fen FROM payment o WHERE o.no = p.original) ELSE 0 END AS fee_fen`;
const refundRow = `no, requested_at AS at, 'refund' AS txn, entry, stan, batch, card, operator, state, reason AS code, rrn, amount_fen,
  iif(state = 'SUCCESS', -amount_fen, 0) AS booked_fen, iif(state = 'SUCCESS', -fee_fen, 0) AS fee_fen`;

const selectOf = (seq: string, where: string, { txn }: Narrowing = {}): string => {
  const payments = `SELECT ${seq} AS seq, ${paymentRow} FROM payment p WHERE ${where} AND ${seq} > @after`;
  const refunds = `SELECT ${seq} AS seq, ${refundRow} FROM refund WHERE ${where} AND ${seq} > @after`;
  const ofType = txn === 'refund' ? refunds : `${payments} AND txn = @txn`;
  return `SELECT *, booked_fen - fee_fen AS net_fen FROM (
    ${txn === undefined ? `${payments} UNION ALL ${refunds}` : ofType} ORDER BY seq LIMIT @limit)`;
};

/** Written only where it is asked for: a condition on each row of a whole file takes time (F8). */
const conditions: Readonly<Record<Exclude<keyof Narrowing, 'txn'>, string>> = {
  state: '+state = @state',
  operator: 'operator = @operator',
  stan: '+stan = @stan',
  minFen: 'amount_fen >= @minFen',
  maxFen: 'amount_fen <= @maxFen',
};

/** Everything that was begun on these days, both included, until `untilMs`, in the order of time. */
export function paymentsOfDays(from: string, to: string, untilMs: number, narrowing: Narrowing = {}): Select {
  const numbers = numbersOf(from, to);
  const until = idsFrom(untilMs + 1);
  const before = numbers.before < until ? numbers.before : until;
  const values = Object.fromEntries(Object.entries(narrowing).filter(([, value]) => value !== undefined));
  const where = Object.entries(conditions).flatMap(([name, condition]) => (name in values ? [condition] : []));
  const sql = selectOf('no', ['no < @before', ...where].join(' AND '), narrowing);
  return { sql, values: { ...values, before }, first: numbers.from };
}

const counts = perDatabase((db) =>
  db
    .prepare<[{ from: string; before: string }], number>(
      `SELECT coalesce((SELECT id FROM payment WHERE no < @before ORDER BY no DESC LIMIT 1)
        - (SELECT id FROM payment WHERE no >= @from ORDER BY no LIMIT 1) + 1, 0)
        + (SELECT count(*) FROM refund WHERE no >= @from AND no < @before)`,
    )
    .pluck(),
);

/** How many these are, without counting each: rows are made in the order of time. */
export const countOfDays = (db: Database, from: string, to: string): number =>
  Math.max(0, counts(db).get(numbersOf(from, to)) ?? 0);

/** Everything of a batch, in order of STAN. The business date tells two batches of one number apart. */
export const paymentsOfBatch = (batch: string, businessDate: string): Select => ({
  sql: selectOf('stan', 'batch = @batch AND business_date = @businessDate'),
  values: { batch, businessDate },
  first: '',
});
