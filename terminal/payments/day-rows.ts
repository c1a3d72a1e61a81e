import type { EntryMode } from '../../sync/protocol/common.ts';
import { dayMs, hourMs, startOfDay } from '../base/clock.ts';
import { type Database, perDatabase } from '../base/database.ts';
import { idsFrom, timeOfId } from '../base/ids.ts';
import { kinds } from './kinds.ts';
import { getInState, getOpen, getWaiting } from './store.ts';

/** Payments and refunds of calendar days in Shanghai, by their numbers, which begin with the time at which they were made: what bills, reports and exports go through. */

/** The numbers of a range of days, both included: `from` ≤ number < `before`. */
export const numbersOf = (from: string, to: string): { readonly from: string; readonly before: string } => ({
  from: idsFrom(startOfDay(from)),
  before: idsFrom(startOfDay(to) + dayMs),
});

/** What stands of a payment or refund in the book: `-` nothing. UNDECIDED: it has no end yet, or something under way may change it. */
export type Standing = 'PAID' | 'VOIDED' | 'UNDECIDED' | '-';

/** One that took or gave money, or may yet. */
export interface DayRow {
  readonly no: string;
  readonly standing: Standing;
  readonly amountFen: number;
  /** What it brought, in money taken from customers: 0 unless it is PAID, a refund below zero. */
  readonly fen: number;
}

/** Not `IN`, which looks every row up in a table of its own (F7). */
const takesMoney = `(${Object.entries(kinds)
  .filter(([, { side }]) => side === 'debit')
  .map(([txn]) => `txn = '${txn}'`)
  .join(' OR ')})`;
const standings: readonly Standing[] = ['-', 'PAID', 'VOIDED', 'UNDECIDED'];
const standing = `CASE state WHEN 'PAID' THEN 1 WHEN 'CLEARED' THEN 1 WHEN 'PARTLY_REFUNDED' THEN 1 WHEN 'REFUNDED' THEN 1
  WHEN 'VOIDED' THEN 2 WHEN 'FAILED' THEN 0 WHEN 'REVERSED' THEN 0 ELSE 3 END`;
const refundStanding = "CASE state WHEN 'SUCCESS' THEN 1 WHEN 'FAILED' THEN 0 ELSE 3 END";

type Raw = [no: string, standing: number, fen: number];
/** Rows that are read at once. */
const page = 1_000;

const statements = perDatabase((db) => ({
  payments: db
    .prepare<[string, string, number], Raw>(
      `SELECT no, ${standing}, amount_fen FROM payment
        WHERE no >= ? AND no < ? AND ${takesMoney} AND state <> 'FAILED' AND state <> 'REVERSED' ORDER BY no LIMIT ?`,
    )
    .raw(),
  refunds: db
    .prepare<[string, string, number], Raw>(
      `SELECT no, ${refundStanding}, -amount_fen FROM refund WHERE no >= ? AND no < ? AND state <> 'FAILED' ORDER BY no LIMIT ?`,
    )
    .raw(),
  report: db
    .prepare<[string, string, number], [string, number, string, string, number, number]>(
      `SELECT no, 0, coalesce(entry, ''), operator, amount_fen, fee_fen FROM payment
        WHERE no >= ? AND no < ? AND ${takesMoney} AND state IN ('PAID', 'VOIDING', 'CLEARED', 'PARTLY_REFUNDED', 'REFUNDED') ORDER BY no LIMIT ?`,
    )
    .raw(),
  reportRefunds: db
    .prepare<[string, string, number], [string, number, string, string, number, number]>(
      `SELECT no, 1, entry, operator, amount_fen, fee_fen FROM refund
        WHERE no >= ? AND no < ? AND state = 'SUCCESS' ORDER BY no LIMIT ?`,
    )
    .raw(),
  one: db.prepare<[string, string], Omit<BookLine, 'standing'> & { readonly place: number }>(
    `SELECT txn, ${standing} AS place, amount_fen AS fen, entry, batch, business_date AS businessDate, stan,
        coalesce(ended_at, created_at) AS changedAt FROM payment WHERE no = ? AND ${takesMoney}
      UNION ALL SELECT 'refund', ${refundStanding}, -amount_fen, entry, batch, business_date, stan, coalesce(ended_at, requested_at) FROM refund WHERE no = ?`,
  ),
  instrument: db.prepare<[string, string], { readonly txn: string; readonly entry: string | null }>(
    "SELECT txn, entry FROM payment WHERE no = ? UNION ALL SELECT 'refund', entry FROM refund WHERE no = ?",
  ),
  oldest: db.prepare<[], string | null>('SELECT min(no) FROM payment').pluck(),
  refundsUnderWay: db
    .prepare<[string, string], number>(
      "SELECT count(*) FROM refund WHERE state IN ('REQUESTED', 'PROCESSING') AND no >= ? AND no < ?",
    )
    .pluck(),
  voidedSince: db
    .prepare<[string, number], string>(
      `SELECT original FROM payment WHERE no >= ? AND txn IN ('void', 'completion-void') AND state = 'DONE' AND ended_at >= ? AND original IS NOT NULL`,
    )
    .pluck(),
}));

/** The rows of a day in the order of their numbers, a page of each table at a time. */
export interface DayCursor {
  /** Undefined behind the last. The same object each time, for there may be a million of them: `next` writes the following row over it. */
  readonly row: DayRow | undefined;
  next(): void;
}

export function dayCursor(
  db: Database,
  { from, before }: { readonly from: string; readonly before: string },
): DayCursor {
  const sql = statements(db);
  const payments = paged((after) => sql.payments.all(after, before, page), from);
  const refunds = paged((after) => sql.refunds.all(after, before, page), from);
  const current: Mutable<DayRow> = { no: '', standing: '-', amountFen: 0, fen: 0 };
  const cursor: Mutable<DayCursor> = { row: current, next };
  let first = payments;
  function show(): void {
    first = refunds.row && (!payments.row || refunds.row[0] < payments.row[0]) ? refunds : payments;
    cursor.row = first.row && current;
    if (!first.row) return;
    const [no, place, fen] = first.row;
    current.no = no;
    current.standing = standings[place] ?? 'UNDECIDED';
    current.amountFen = Math.abs(fen);
    current.fen = place === 1 ? fen : 0;
  }
  function next(): void {
    first.next();
    show();
  }
  show();
  return cursor;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

interface Paged {
  row: Raw | undefined;
  next(): void;
}

function paged(read: (from: string) => readonly Raw[], from: string): Paged {
  let rows = read(from);
  let at = 0;
  const list: Paged = {
    row: rows[0],
    next() {
      at += 1;
      if (at === page) {
        rows = read(`${list.row?.[0]}!`); // sorts behind it, and before whatever begins with it
        at = 0;
      }
      list.row = rows[at];
    },
  };
  return list;
}

/** What a difference tells of a payment or refund of this book; undefined: there is none that takes or gives money. */
export interface BookLine {
  readonly txn: string;
  readonly standing: Standing;
  readonly fen: number;
  readonly entry: EntryMode | null;
  readonly batch: string;
  readonly businessDate: string;
  readonly stan: string;
  /** When it was decided last, its own void aside. */
  readonly changedAt: number;
}

export function bookLine(db: Database, no: string): BookLine | undefined {
  const row = statements(db).one.get(no, no);
  if (!row) return undefined;
  const { place, fen, ...line } = row;
  return { ...line, standing: standings[place] ?? 'UNDECIDED', fen: place === 1 ? fen : 0 };
}

/** A payment that was paid and is not taken back, or a refund that succeeded. */
export interface ReportRow {
  readonly no: string;
  readonly isRefund: boolean;
  readonly entry: string;
  readonly operator: string;
  readonly amountFen: number;
  readonly feeFen: number;
}

/** Page by page, payments first. */
export function* reportRows(
  db: Database,
  { from, before }: { readonly from: string; readonly before: string },
): Generator<readonly ReportRow[]> {
  const { report, reportRefunds } = statements(db);
  for (const read of [report, reportRefunds]) {
    for (let next: string | undefined = from; next !== undefined; ) {
      const rows = read.all(next, before, page);
      yield rows.map(([no, isRefund, entry, operator, amountFen, feeFen]) => ({
        no,
        isRefund: isRefund === 1,
        entry,
        operator,
        amountFen,
        feeFen,
      }));
      const last: string | undefined = rows.at(-1)?.[0];
      next = rows.length === page && last !== undefined ? `${last}!` : undefined;
    }
  }
}

/** How the payment, void or refund of this number was made. */
export const instrumentOf = (
  db: Database,
  no: string,
): { readonly txn: string; readonly entry: string | null } | undefined => statements(db).instrument.get(no, no);

/** When the first payment of this book was made. */
export const firstPaymentAt = (db: Database): number | undefined => timeOfId(statements(db).oldest.get() ?? '');

/** What was voided at `sinceMs` or later. A void ends soon after it begins. */
export const voidedSince = (db: Database, sinceMs: number): ReadonlySet<string> =>
  new Set(statements(db).voidedSince.all(idsFrom(Math.max(0, sinceMs - hourMs)), sinceMs));

/** Whether something of these numbers has no end yet. */
export const hasUndecided = (
  db: Database,
  { from, before }: { readonly from: string; readonly before: string },
): boolean =>
  [
    ...getOpen(db),
    ...getInState(db, 'REVERSING'),
    ...getInState(db, 'NEEDS_HUMAN'),
    ...undecided.flatMap((state) => getWaiting(db, state)),
  ].some(({ no }) => no >= from && no < before) || statements(db).refundsUnderWay.get(from, before) !== 0;

const undecided = ['UNKNOWN', 'STORED', 'VOIDING'] as const;
