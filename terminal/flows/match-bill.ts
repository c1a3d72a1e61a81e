import type { DifferenceKind } from '../../sync/protocol/bills.ts';
import type { EntryMode } from '../../sync/protocol/common.ts';
import { present } from '../base/assert.ts';
import type { Database } from '../base/database.ts';
import type { Steps } from '../base/steps.ts';
import {
  type BookLine,
  bookLine,
  type DayCursor,
  type DayRow,
  dayCursor,
  numbersOf,
  type Standing,
  voidedSince,
} from '../payments/day-rows.ts';
import { type BillEntry, type BillProblem, detailsOf, readBill } from '../settlement/bill-file.ts';
import type { BillRun } from '../settlement/reconcile.ts';

/** What a bill and the book do not agree on. */
export interface Finding {
  readonly payment: string;
  readonly kind: DifferenceKind;
  readonly txn: string;
  readonly batch: string;
  readonly entry: EntryMode;
  readonly stan: string;
  readonly here: Standing;
  readonly there: Standing;
  readonly hereFen: number;
  readonly thereFen: number;
}

export interface Match {
  /** The bill can not be used, and nothing else here counts. */
  readonly problem: BillProblem | 'TOO_MANY' | undefined;
  /** Lines that agree. */
  readonly matched: number;
  readonly findings: readonly Finding[];
  /** Numbers of what has no end yet here, or was decided after the bill was made. */
  readonly waiting: readonly string[];
}

export type MatchedBill = Pick<BillRun, 'date' | 'sha256' | 'bytes' | 'rows' | 'grossFen' | 'feeFen'> & {
  /** When the host made it, by the clock of this terminal. */
  readonly madeAt: number;
};

/** A bill in which more differs is none of this day and terminal; so the memory stays bounded. */
const mostFindings = 10_000;
/** Lines between two steps: some milliseconds. */
const stepLines = 2_000;

/**
 * Compares the file of a bill with the payments and refunds of its day (B-032): one pass over both in the order of numbers, checked while it is read (F7). The caller keeps one
 * snapshot of the book open over all steps; nothing is written.
 */
export function* matchBill(db: Database, bill: MatchedBill, chunks: Iterable<Uint8Array>): Steps<Match> {
  const range = numbersOf(bill.date, bill.date);
  const book = dayCursor(db, range);
  const result: Open = { db, bill, matched: 0, findings: [], waiting: [], voided: undefined };
  const lines = readBill(chunks, bill, range);
  let sinceYield = 0;
  for (;;) {
    const { done, value } = lines.next();
    if (done) {
      sinceYield = 0;
      while (book.row) {
        notThere(result, book.row);
        book.next();
        if (++sinceYield % stepLines === 0) yield;
      }
      return ended(result, value);
    }
    for (const line of value) compare(result, book, line);
    sinceYield += value.length;
    if (sinceYield < stepLines) continue;
    sinceYield = 0;
    yield;
  }
}

interface Open {
  readonly db: Database;
  readonly bill: MatchedBill;
  matched: number;
  readonly findings: Finding[];
  readonly waiting: string[];
  voided: ReadonlySet<string> | undefined;
}

function ended({ matched, findings, waiting }: Open, found: BillProblem | undefined): Match {
  const tooMany = findings.length + waiting.length > mostFindings;
  const problem = found ?? (tooMany ? 'TOO_MANY' : undefined);
  return { problem, matched, findings, waiting };
}

function compare(result: Open, book: DayCursor, line: BillEntry): void {
  let { row } = book;
  while (row && row.no < line.payment) {
    notThere(result, row);
    book.next();
    row = book.row;
  }
  if (row?.no !== line.payment) {
    differs(result, line.payment, undefined, line);
    return;
  }
  const agrees = row.standing === standingOf(line) && row.fen === line.fen && row.amountFen === line.amountFen;
  if (agrees) result.matched += 1;
  else differs(result, row.no, row, line);
  book.next();
}

/** In the book and not in the bill. */
const notThere = (result: Open, row: DayRow): void => differs(result, row.no, row, undefined);

function differs(result: Open, payment: string, row: DayRow | undefined, line: BillEntry | undefined): void {
  if (result.findings.length + result.waiting.length > mostFindings) return;
  const known = bookLine(result.db, payment);
  if (known?.standing === 'UNDECIDED' || isLate(result, payment, known?.changedAt)) result.waiting.push(payment);
  else result.findings.push({ payment, ...factsOf(row && known, line), ...sidesOf(row, line) });
}

/** As the book has it; of what is not there, as the bill does. */
function factsOf(
  known: BookLine | undefined,
  line: BillEntry | undefined,
): Pick<Finding, 'txn' | 'batch' | 'entry' | 'stan'> {
  const { txn, batch, stan, ...more } = known?.entry ? known : detailsOf(present(line, 'one of two sides'));
  return { txn, batch, stan, entry: present(more.entry, 'what takes money was read from something') };
}

type Sides = Pick<Finding, 'kind' | 'here' | 'there' | 'hereFen' | 'thereFen'>;

function sidesOf(row: DayRow | undefined, line: BillEntry | undefined): Sides {
  const here = row?.standing ?? '-';
  const there = line ? standingOf(line) : '-';
  const kind = !row ? 'surplus' : !line ? 'shortage' : here === there ? 'amount' : 'state';
  return { kind, here, there, hereFen: row?.fen ?? 0, thereFen: line?.fen ?? 0 };
}

const standingOf = ({ isPaid }: BillEntry): Standing => (isPaid ? 'PAID' : 'VOIDED');

/** The bill could not know of it. */
function isLate(result: Open, payment: string, changedAt: number | undefined): boolean {
  const { db, bill } = result;
  if (changedAt !== undefined && changedAt > bill.madeAt) return true;
  result.voided ??= voidedSince(db, bill.madeAt);
  return result.voided.has(payment);
}
