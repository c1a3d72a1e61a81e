import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { checkLedger } from '../../terminal/ledger/check.ts';
import { maxLines } from '../../terminal/ledger/journal.ts';
import { trialBalance } from '../../terminal/ledger/queries.ts';
import type { AccountsEvent, BatchResult, DayFigures, SalesCount, SettlementResult } from './event.ts';

type Book = Sqlite.Database;

/** Opens the terminal's book and the host's, both stopped, for as long as `read` takes. */
export function readBooks<T>(home: string, read: (terminal: Book, host: Book) => T): T {
  const terminal = new Sqlite(join(home, 'terminal.db'), { readonly: true });
  const host = new Sqlite(join(home, 'host.db'), { readonly: true });
  try {
    return read(terminal, host);
  } finally {
    terminal.close();
    host.close();
  }
}

/** What the cashier saw approved, in fen: all different, or counted as often as seen. */
export interface Seen {
  readonly charges: readonly number[];
  readonly givenBack: readonly number[];
  readonly holds: readonly number[];
}

/** What the day came to. */
export function figuresOf(terminal: Book, host: Book, seen: Seen): DayFigures {
  const books = [seenHere(terminal), seenThere(host)];
  const most = (count: (book: Seen, what: keyof Seen) => number): number =>
    Math.max(...books.map((book) => kindsSeen.reduce((sum, what) => sum + count(book, what), 0)));
  return {
    sales: salesOf(terminal),
    entries: entriesOf(terminal),
    kinds: kindsOf(terminal),
    sums: sumsOf(terminal),
    batches: batchesOf(terminal, host),
    settlements: settlementsOf(terminal),
    ledgerSumFen: checkLedger(terminal).ledgerSumFen,
    lost: most((book, what) => missing(seen[what], book[what])),
    doubled: most((book, what) => missing(book[what], seen[what])),
  };
}

const kindsSeen = ['charges', 'givenBack', 'holds'] as const;

/** How many of `wanted` are not in `found`, counting equal amounts as often as they stand there. */
export function missing(wanted: readonly number[], found: readonly number[]): number {
  const left = [...found];
  return wanted.filter((amount) => {
    const at = left.indexOf(amount);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  }).length;
}

const amounts = (book: Book, sql: string): readonly number[] => book.prepare<[], number>(sql).pluck().all();

/** Charges and amounts given back by the terminal's journals, not by what its payments say of themselves; holds are in no journal. */
const seenHere = (terminal: Book): Seen => ({
  charges: amounts(terminal, entriesIn("journal.event = 'J-01' AND entry.side = 'C'")),
  givenBack: amounts(terminal, entriesIn("journal.event IN ('J-02', 'J-02s', 'J-07') AND entry.side = 'D'")),
  holds: amounts(
    terminal,
    "SELECT amount_fen FROM payment WHERE txn = 'preauth' AND state IN ('HELD', 'COMPLETED', 'VOIDED', 'EXPIRED')",
  ),
});

const entriesIn = (which: string): string =>
  `SELECT amount_fen FROM entry JOIN journal ON journal.id = entry.id / ${maxLines} WHERE ${which}`;

/** VOIDED: it was charged or held, and what ended it stands beside it. */
const seenThere = (host: Book): Seen => ({
  charges: amounts(host, `SELECT amount_fen FROM approvals WHERE txn NOT IN (${holds}, ${voids}) AND ${booked}`),
  givenBack: amounts(
    host,
    `SELECT amount_fen FROM approvals WHERE txn IN (${voids}) AND txn <> 'preauth-void' AND ${booked}
     UNION ALL SELECT amount_fen FROM refunds WHERE state = 'SUCCEEDED'`,
  ),
  holds: amounts(host, `SELECT amount_fen FROM approvals WHERE txn IN (${holds}) AND ${booked}`),
});

const holds = "'preauth'";
const voids = "'void', 'preauth-void', 'completion-void'";
const booked = "state IN ('APPROVED', 'CLEARED', 'COMPLETED', 'VOIDED')";
/** Of payments of the terminal that the host approved, whatever followed upon them. */
const stands =
  "state IN ('PAID', 'CLEARED', 'VOIDED', 'PARTLY_REFUNDED', 'REFUNDED', 'HELD', 'COMPLETED', 'EXPIRED', 'DONE')";

function salesOf(terminal: Book): SalesCount {
  const count = terminal.prepare<[string], number>(
    "SELECT count(*) FROM payment WHERE txn = 'sale' AND state IN (SELECT value FROM json_each(?))",
  );
  const of = (...states: readonly string[]): number => count.pluck().get(JSON.stringify(states)) ?? 0;
  return {
    approved: of('PAID', 'CLEARED', 'VOIDED', 'PARTLY_REFUNDED', 'REFUNDED'),
    declined: of('FAILED'),
    reversed: of('REVERSED'),
    undecided:
      terminal
        .prepare<[], number>(`SELECT count(*) FROM payment WHERE NOT ${stands} AND state NOT IN ('FAILED', 'REVERSED')`)
        .pluck()
        .get() ?? 0,
  };
}

function entriesOf(terminal: Book): Readonly<Record<string, number>> {
  const rows = terminal
    .prepare<[], { entry: string; count: number }>(
      `SELECT entry, count(*) AS count FROM payment WHERE txn = 'sale' AND ${stands} GROUP BY entry ORDER BY entry`,
    )
    .all();
  return Object.fromEntries(rows.map(({ entry, count }) => [entry, count]));
}

function kindsOf(terminal: Book): Readonly<Record<string, number>> {
  const rows = terminal
    .prepare<[], { kind: string; count: number }>(
      `SELECT txn AS kind, count(*) AS count FROM payment WHERE ${stands} GROUP BY txn
       UNION ALL SELECT 'refund', count(*) FROM refund WHERE state = 'SUCCESS'
       UNION ALL SELECT iif(kind = 'red', 'red-invoice', 'invoice'), count(*) FROM invoice WHERE state <> 'FAILED' GROUP BY kind`,
    )
    .all();
  return Object.fromEntries(rows.map(({ kind, count }) => [kind, count]));
}

function sumsOf(terminal: Book): DayFigures['sums'] {
  const sum = (sql: string): number => terminal.prepare<[], number>(sql).pluck().get() ?? 0;
  return {
    salesFen: sum(`SELECT coalesce(sum(amount_fen), 0) FROM payment WHERE txn = 'sale' AND ${stands}`),
    chargedFen: seenHere(terminal).charges.reduce((all, fen) => all + fen, 0),
    givenBackFen: seenHere(terminal).givenBack.reduce((all, fen) => all + fen, 0),
    feesFen: sum("SELECT coalesce(sum(balance_fen), 0) FROM balance WHERE account = '4001'"),
    settledFen: sum("SELECT coalesce(sum(amount_fen), 0) FROM settlement WHERE state = 'SUCCESS'"),
  };
}

interface BatchRow {
  readonly no: string;
  readonly state: string;
  readonly verdict: string | null;
  readonly records: number;
  readonly sumFen: number;
}

const sides = (side: 'debit' | 'credit'): string =>
  `(${['domestic', 'foreign', 'codes'].map((group) => `${group}_${side}_fen`).join(' + ')})`;

/** Every batch but the open one. The payments of a batch are compared one by one with what the host has booked for it by now. */
function batchesOf(terminal: Book, host: Book): readonly BatchResult[] {
  const here = terminal.prepare<[string], string>(
    `SELECT no || ' ' || amount_fen FROM payment WHERE batch = ? AND ${stands} ORDER BY no`,
  );
  const there = host.prepare<[string], string>(
    `SELECT payment || ' ' || amount_fen FROM approvals WHERE batch = ? AND ${booked} ORDER BY payment`,
  );
  const hostState = host.prepare<[string], string>('SELECT state FROM batches WHERE batch = ?').pluck();
  return terminal
    .prepare<[], BatchRow>(
      `SELECT no, state, verdict, records, ${sides('debit')} - ${sides('credit')} AS sumFen
       FROM batch WHERE state <> 'OPEN' ORDER BY id`,
    )
    .all()
    .map(({ no, state, verdict, records, sumFen }) => {
      const agreed = here.pluck().all(no).join() === there.pluck().all(no).join();
      const closed = state === 'CLOSED' && ['CLOSED', 'CLEARED'].includes(hostState.get(no) ?? '');
      return { batch: no, verdict: verdictOf(verdict), resolved: agreed && closed, records, sumFen };
    });
}

/** 1 in every group is balanced (payments.md, batch close 3). */
function verdictOf(verdict: string | null): BatchResult['verdict'] {
  if (verdict === null) return 'none';
  return Object.values(JSON.parse(verdict) as Record<string, number>).every((one) => one === 1)
    ? 'balanced'
    : 'not-balanced';
}

function settlementsOf(terminal: Book): readonly SettlementResult[] {
  return terminal
    .prepare<[], { no: string; state: string; amountFen: number; accountVersion: number; reason: string | null }>(
      'SELECT no, state, amount_fen AS amountFen, account_version AS accountVersion, reason FROM settlement ORDER BY requested_at, no',
    )
    .all()
    .map(({ reason, ...row }) => ({ ...row, ...(reason !== null && { reason }) }));
}

/** The trial balance of the terminal's book. */
export function accountsOf(terminal: Book): AccountsEvent {
  const { rows, debitFen, creditFen } = trialBalance(terminal);
  return {
    kind: 'accounts',
    rows: rows.map(({ account: { code, zh, en, side }, balanceFen }) => ({ code, zh, en, side, balanceFen })),
    debitFen,
    creditFen,
  };
}
