import { type Database, inSnapshot } from '../base/database.ts';
import { type Fen, fen } from '../base/money.ts';
import { finish, type Steps } from '../base/steps.ts';
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
/** Rows that are read at once: some milliseconds. */
const page = 500;

/**
 * Reads the whole book and proves it: every journal balances (P-01), the trial balance does (P-02), no account was ever negative that may not
 * be (P-03), the running balances are what the lines say (P-04). Memory does not grow with the book. Any handle will do, also a
 * read-only one on a terminal that runs: it sees one moment of the book.
 */
export const checkLedger = (db: Database): LedgerCheck => inSnapshot(db, () => finish(ledgerSteps(db)));

type Report = (problem: Problem) => void;

/** The same, in steps between which other things may be done; the caller keeps one snapshot open over all of them. */
export function* ledgerSteps(db: Database): Steps<LedgerCheck> {
  const problems: Problem[] = [];
  const report: Report = (problem) => {
    if (problems.length < maxProblems) problems.push(problem);
  };
  const lines = yield* lineSteps(db, report);
  const journals = yield* headSteps(db, lines, report);
  yield* balanceSteps(db, lines.accounts, report);
  return { ok: problems.length === 0, journals, ledgerSumFen: fen(lines.sumFen), problems };
}

interface Line {
  readonly id: number;
  readonly account: string;
  readonly side: Side;
  readonly amountFen: number;
}

/** An account as its lines make it so far. One that comes back to zero is forgotten, which loses nothing. */
interface Replay {
  readonly account: Account | undefined;
  sumFen: number;
}

interface Lines {
  readonly accounts: Map<string, Replay>;
  sumFen: number;
  /** Journals that have lines: how many, and the sum of their ids, by which they are compared with the heads. */
  journals: number;
  idSum: bigint;
  unbalanced: number;
}

/** P-01 and P-03: one pass over the lines in the order of posting. Lowest is an account where a journal ends: within it, what increases counts first. */
function* lineSteps(db: Database, report: Report): Steps<Lines> {
  const read = db.prepare<[number, number], Line>(
    'SELECT id, account, side, amount_fen AS amountFen FROM entry WHERE id > ? ORDER BY id LIMIT ?',
  );
  const all: Lines = { accounts: new Map(), sumFen: 0, journals: 0, idSum: 0n, unbalanced: 0 };
  let open: Line[] = [];
  let last = Number.MIN_SAFE_INTEGER;
  for (let rows = read.all(last, page); rows.length > 0; rows = read.all(last, page)) {
    for (const row of rows) {
      const [before] = open;
      if (before && journalOf(before) !== journalOf(row)) {
        closeJournal(db, all, open, report);
        open = [];
      }
      open.push(row);
      last = row.id;
    }
    yield;
  }
  if (open.length > 0) closeJournal(db, all, open, report);
  return all;
}

const journalOf = ({ id }: Line): number => Math.floor(id / maxLines);

function closeJournal(db: Database, all: Lines, lines: readonly Line[], report: Report): void {
  const [first] = lines;
  if (!first) return;
  const id = journalOf(first);
  all.journals += 1;
  all.idSum += BigInt(id);
  const sumFen = lines.reduce((sum, line) => sum + (line.side === 'D' ? line.amountFen : -line.amountFen), 0);
  all.sumFen += sumFen;
  if (sumFen !== 0 || lines.length < 2) {
    const what = sumFen === 0 ? 'a journal without lines' : 'debits − credits';
    all.unbalanced += 1;
    const about = all.unbalanced > maxProblems ? '' : keyOf(db, id); // finding a name reads all heads
    report({ rule: 'P-01', about, what, foundFen: sumFen, expectedFen: 0 });
  }
  const touched = new Set<string>();
  for (const { account: key, side, amountFen } of lines) {
    const replay = all.accounts.get(key) ?? { account: findAccount(key), sumFen: 0 };
    all.accounts.set(key, replay);
    replay.sumFen += side === (replay.account?.side ?? 'C') ? amountFen : -amountFen;
    touched.add(key);
  }
  for (const key of touched) closeAccount(all.accounts, key, report);
}

function closeAccount(accounts: Lines['accounts'], key: string, report: Report): void {
  const replay = accounts.get(key);
  if (!replay) return;
  const { account, sumFen } = replay;
  if (account && !account.mayBeNegative && sumFen < 0)
    report({ rule: 'P-03', about: key, what: 'lowest balance', foundFen: sumFen, expectedFen: 0 });
  if (account && sumFen === 0) accounts.delete(key);
}

const keyOf = (db: Database, id: number): string =>
  db.prepare<[number], string>('SELECT key FROM journal WHERE id = ?').pluck().get(id) ?? `entry ${id * maxLines}`;

/** P-01: each journal has lines, and each line its journal. */
function* headSteps(db: Database, lines: Lines, report: Report): Steps<number> {
  const read = db.prepare<[string, number], { key: string; id: number; hasLines: number }>(
    `SELECT key, id, EXISTS (SELECT 1 FROM entry e WHERE e.id >= j.id * ${maxLines} AND e.id < (j.id + 1) * ${maxLines}) AS hasLines
      FROM journal j WHERE key > ? ORDER BY key LIMIT ?`,
  );
  let [journals, idSum, last] = [0, 0n, ''];
  for (let rows = read.all(last, page); rows.length > 0; rows = read.all(last, page)) {
    for (const { key, id, hasLines } of rows) {
      journals += 1;
      idSum += BigInt(id);
      last = key;
      if (!hasLines) report({ rule: 'P-01', about: key, what: 'a journal without lines', foundFen: 0, expectedFen: 0 });
    }
    yield;
  }
  if (journals !== lines.journals || idSum !== lines.idSum) reportStray(db, report);
  return journals;
}

/** Only in a broken book: this reads all of it at once. */
function reportStray(db: Database, report: Report): void {
  const stray = db.prepare<[number], { id: number; amountFen: number }>(
    `SELECT id, amount_fen AS amountFen FROM entry WHERE id / ${maxLines} NOT IN (SELECT id FROM journal) LIMIT ?`,
  );
  for (const { id, amountFen: foundFen } of stray.all(maxProblems))
    report({ rule: 'P-01', about: `entry ${id}`, what: 'a line without a journal', foundFen, expectedFen: 0 });
}

interface Running {
  readonly account: string;
  readonly side: Side;
  readonly balanceFen: number;
  readonly mayBeNegative: number;
}

/** P-02 and P-04: the running balances against what the lines came to. */
function* balanceSteps(db: Database, accounts: Lines['accounts'], report: Report): Steps<void> {
  const read = db.prepare<[string, string, number], Running>(
    `SELECT account, side, balance_fen AS balanceFen, may_be_negative AS mayBeNegative FROM balance
      WHERE (side, account) > (?, ?) ORDER BY side, account LIMIT ?`,
  );
  const totalFen = { D: 0, C: 0 };
  const seen = new Set<string>();
  let last = ['', ''] as readonly [string, string];
  for (let rows = read.all(...last, page); rows.length > 0; rows = read.all(...last, page)) {
    for (const running of rows) {
      totalFen[running.side] += running.balanceFen;
      if (accounts.has(running.account)) seen.add(running.account);
      checkRunning(running, accounts.get(running.account), report);
      last = [running.side, running.account];
    }
    yield;
  }
  for (const [key, { account, sumFen }] of accounts) {
    if (!account && !seen.has(key)) reportUnknown(key, sumFen, report);
    else if (!seen.has(key))
      report({ rule: 'P-04', about: key, what: 'running balance', foundFen: 0, expectedFen: sumFen });
  }
  if (totalFen.D !== totalFen.C)
    report({ rule: 'P-02', about: 'trial balance', what: 'debit side', foundFen: totalFen.D, expectedFen: totalFen.C });
}

const reportUnknown = (about: string, foundFen: number, report: Report): void =>
  report({ rule: 'P-02', about, what: 'not in the chart of accounts', foundFen, expectedFen: 0 });

function checkRunning(running: Running, replay: Replay | undefined, report: Report): void {
  const { account: key, balanceFen: foundFen, side, mayBeNegative } = running;
  const account = replay?.account ?? findAccount(key);
  const expectedFen = replay?.sumFen ?? 0;
  if (!account) {
    reportUnknown(key, expectedFen, report);
    return;
  }
  if (foundFen !== expectedFen) report({ rule: 'P-04', about: key, what: 'running balance', foundFen, expectedFen });
  if (side !== account.side || mayBeNegative !== (account.mayBeNegative ? 1 : 0))
    report({
      rule: 'P-04',
      about: key,
      what: 'side or sign rule of the running balance',
      foundFen,
      expectedFen: foundFen,
    });
}
