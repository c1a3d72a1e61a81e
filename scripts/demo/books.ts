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

/** What the day came to. `seenFen`: the amounts that the cashier saw approved, all different or counted as often as seen. */
export function figuresOf(terminal: Book, host: Book, seenFen: readonly number[]): DayFigures {
  const here = chargesHere(terminal);
  const there = chargesThere(host);
  return {
    sales: salesOf(terminal),
    entries: entriesOf(terminal),
    sums: sumsOf(terminal),
    batches: batchesOf(terminal, host),
    settlements: settlementsOf(terminal),
    ledgerSumFen: checkLedger(terminal).ledgerSumFen,
    lost: Math.max(missing(seenFen, here), missing(seenFen, there)),
    doubled: Math.max(missing(here, seenFen), missing(there, seenFen)),
  };
}

/** How many of `wanted` are not in `found`, counting equal amounts as often as they stand there. */
export function missing(wanted: readonly number[], found: readonly number[]): number {
  const left = [...found];
  return wanted.filter((amount) => {
    const at = left.indexOf(amount);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  }).length;
}

/** Charges of the terminal: its journals of sales, not what its payments say of themselves. */
const chargesHere = (terminal: Book): readonly number[] =>
  terminal
    .prepare<[], number>(
      `SELECT amount_fen FROM entry JOIN journal ON journal.id = entry.id / ${maxLines}
       WHERE journal.key LIKE 'sale:%' AND entry.side = 'C' AND entry.account LIKE '2001:%'`,
    )
    .pluck()
    .all();

const chargesThere = (host: Book): readonly number[] =>
  host.prepare<[], number>("SELECT amount_fen FROM approvals WHERE state IN ('APPROVED', 'CLEARED')").pluck().all();

function salesOf(terminal: Book): SalesCount {
  const count = terminal.prepare<[string], number>(
    'SELECT count(*) FROM payment WHERE state IN (SELECT value FROM json_each(?))',
  );
  const of = (...states: readonly string[]): number => count.pluck().get(JSON.stringify(states)) ?? 0;
  return {
    approved: of('PAID', 'CLEARED'),
    declined: of('FAILED'),
    reversed: of('REVERSED'),
    undecided: of('CREATED', 'AUTHORIZING', 'REVERSING', 'NEEDS_HUMAN'),
  };
}

function entriesOf(terminal: Book): Readonly<Record<string, number>> {
  const rows = terminal
    .prepare<[], { entry: string; count: number }>(
      "SELECT entry, count(*) AS count FROM payment WHERE state IN ('PAID', 'CLEARED') GROUP BY entry ORDER BY entry",
    )
    .all();
  return Object.fromEntries(rows.map(({ entry, count }) => [entry, count]));
}

function sumsOf(terminal: Book): DayFigures['sums'] {
  const sum = (sql: string): number => terminal.prepare<[], number>(sql).pluck().get() ?? 0;
  return {
    salesFen: sum("SELECT coalesce(sum(amount_fen), 0) FROM payment WHERE state IN ('PAID', 'CLEARED')"),
    feesFen: sum("SELECT coalesce(sum(balance_fen), 0) FROM balance WHERE account = '4001'"),
    settledFen: sum("SELECT coalesce(sum(amount_fen), 0) FROM settlement WHERE state = 'SUCCESS'"),
  };
}

interface BatchRow {
  readonly no: string;
  readonly state: string;
  readonly verdict: string | null;
  readonly records: number;
}

/** Every batch but the open one. The payments of a batch are compared one by one with what the host has booked for it by now. */
function batchesOf(terminal: Book, host: Book): readonly BatchResult[] {
  const here = terminal.prepare<[string], string>(
    "SELECT no || ' ' || amount_fen FROM payment WHERE batch = ? AND state IN ('PAID', 'CLEARED') ORDER BY no",
  );
  const there = host.prepare<[string], string>(
    "SELECT payment || ' ' || amount_fen FROM approvals WHERE batch = ? AND state IN ('APPROVED', 'CLEARED') ORDER BY payment",
  );
  const hostState = host.prepare<[string], string>('SELECT state FROM batches WHERE batch = ?').pluck();
  const sum = terminal
    .prepare<[string], number>(
      "SELECT coalesce(sum(amount_fen), 0) FROM payment WHERE batch = ? AND state IN ('PAID', 'CLEARED')",
    )
    .pluck();
  return terminal
    .prepare<[], BatchRow>("SELECT no, state, verdict, records FROM batch WHERE state <> 'OPEN' ORDER BY id")
    .all()
    .map(({ no, state, verdict, records }) => {
      const agreed = here.pluck().all(no).join() === there.pluck().all(no).join();
      const closed = state === 'CLOSED' && ['CLOSED', 'CLEARED'].includes(hostState.get(no) ?? '');
      return { batch: no, verdict: verdictOf(verdict), resolved: agreed && closed, records, sumFen: sum.get(no) ?? 0 };
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
