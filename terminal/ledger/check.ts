import { type Database, inSnapshot } from '../base/database.ts';
import { type Fen, fen } from '../base/money.ts';
import { type Account, findAccount, type Side } from './accounts.ts';
import { maxLines } from './journal.ts';

/** Something in the book that cannot be: which rule of accounting.md §5, and the journal's key or the account it was seen at. */
export interface Problem {
  readonly rule: 'P-01' | 'P-02' | 'P-03' | 'P-04';
  readonly about: string;
  readonly what: string;
  readonly foundFen: number;
  readonly expectedFen: number;
}

export interface LedgerCheck {
  readonly ok: boolean;
  readonly journals: number;
  /** Σ debits − Σ credits over the whole book: 0. */
  readonly ledgerSumFen: Fen;
  /** The first hundred. */
  readonly problems: readonly Problem[];
}

const maxProblems = 100;

/**
 * Reads the whole book and proves it: every journal balances (P-01), the trial balance does (P-02), no account was ever negative that may not
 * be (P-03), the running balances are what the lines say (P-04). Streams: memory does not grow with the book. Any handle will do, also a
 * read-only one on a terminal that runs: it sees one moment of the book.
 */
export function checkLedger(db: Database): LedgerCheck {
  const problems: Problem[] = [];
  const report = (problem: Problem): void => {
    if (problems.length < maxProblems) problems.push(problem);
  };
  return inSnapshot(db, () => {
    const { journals, sumFen } = checkJournals(db, report);
    checkAccounts(db, report);
    return { ok: problems.length === 0, journals, ledgerSumFen: fen(sumFen), problems };
  });
}

type Report = (problem: Problem) => void;

/** P-01: one pass over heads and lines in the order of posting. */
function checkJournals(db: Database, report: Report): { readonly journals: number; readonly sumFen: number } {
  const rows = db.prepare<[], { place: number; key: string | null; side: Side | null; amountFen: number }>(`
    SELECT id * ${maxLines} AS place, 0 AS line, key, NULL AS side, 0 AS amountFen FROM journal
    UNION ALL SELECT id, 1, NULL, side, amount_fen FROM entry ORDER BY place, line`);
  let open = { id: 0, key: '', sumFen: 0, lines: 2 };
  let journals = 0;
  let sumFen = 0;
  const close = (): void => {
    const problem = { rule: 'P-01', about: open.key, foundFen: open.sumFen, expectedFen: 0 } as const;
    if (open.sumFen !== 0) report({ ...problem, what: 'debits − credits' });
    else if (open.lines < 2) report({ ...problem, what: 'a journal without lines' });
  };
  for (const row of rows.iterate()) {
    const id = Math.floor(row.place / maxLines);
    if (id !== open.id || row.key !== null) {
      close();
      journals += 1;
      open = { id, key: row.key ?? `entry ${row.place}`, sumFen: 0, lines: 0 };
      if (row.key === null)
        report({
          rule: 'P-01',
          about: open.key,
          what: 'a line without a journal',
          foundFen: row.amountFen,
          expectedFen: 0,
        });
    }
    if (row.side === null) continue;
    const signedFen = row.side === 'D' ? row.amountFen : -row.amountFen;
    open.sumFen += signedFen;
    open.lines += 1;
    sumFen += signedFen;
  }
  close();
  return { journals, sumFen };
}

interface AccountRow {
  readonly account: string;
  readonly journal: number;
  readonly side: Side;
  readonly amountFen: number;
  /** A row of `balance`, after all entries of its account; null for an entry. */
  readonly mayBeNegative: number | null;
}

/** P-02, P-03, P-04: one pass over the lines of each account in the order of posting, its running balance last. */
function checkAccounts(db: Database, report: Report): void {
  const rows = db.prepare<[], AccountRow>(`
    SELECT account, id / ${maxLines} AS journal, side, amount_fen AS amountFen, NULL AS mayBeNegative, id AS place FROM entry
    UNION ALL SELECT account, NULL, side, balance_fen, may_be_negative, ${lastPlace} FROM balance ORDER BY account, place`);
  const totalFen = { D: 0, C: 0 };
  let open: Replay | undefined;
  for (const row of rows.iterate()) {
    if (open?.key !== row.account) {
      if (open) closeAccount(open, report);
      open = {
        key: row.account,
        account: findAccount(row.account),
        journal: 0,
        sumFen: 0,
        lowestFen: 0,
        running: undefined,
      };
    }
    if (row.mayBeNegative === null) {
      replayLine(open, row);
    } else {
      open.running = row;
      totalFen[row.side] += row.amountFen;
    }
  }
  if (open) closeAccount(open, report);
  if (totalFen.D !== totalFen.C)
    report({ rule: 'P-02', about: 'trial balance', what: 'debit side', foundFen: totalFen.D, expectedFen: totalFen.C });
}

/** After every entry of the account. */
const lastPlace = '9223372036854775807';

interface Replay {
  readonly key: string;
  readonly account: Account | undefined;
  journal: number;
  sumFen: number;
  lowestFen: number;
  running: AccountRow | undefined;
}

/** Lines that increase an account count first within a journal, so its lowest point is where the journal ends. */
function replayLine(replay: Replay, row: AccountRow): void {
  if (row.journal !== replay.journal) replay.lowestFen = Math.min(replay.lowestFen, replay.sumFen);
  replay.journal = row.journal;
  replay.sumFen += row.side === replay.account?.side ? row.amountFen : -row.amountFen;
}

function closeAccount({ key, account, sumFen, lowestFen, running }: Replay, report: Report): void {
  const lowest = Math.min(lowestFen, sumFen);
  if (!account) {
    report({ rule: 'P-02', about: key, what: 'not in the chart of accounts', foundFen: sumFen, expectedFen: 0 });
  } else if (lowest < 0 && !account.mayBeNegative) {
    report({ rule: 'P-03', about: key, what: 'lowest balance', foundFen: lowest, expectedFen: 0 });
  }
  const foundFen = running?.amountFen ?? 0;
  if (foundFen !== sumFen) report({ rule: 'P-04', about: key, what: 'running balance', foundFen, expectedFen: sumFen });
  if (
    account &&
    running &&
    (running.side !== account.side || running.mayBeNegative !== (account.mayBeNegative ? 1 : 0))
  )
    report({
      rule: 'P-04',
      about: key,
      what: 'side or sign rule of the running balance',
      foundFen,
      expectedFen: sumFen,
    });
}
