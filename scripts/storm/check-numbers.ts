import type Sqlite from 'better-sqlite3';
import { terminalOf } from './check-host.ts';
import { moneyTxns } from './check-payments.ts';

/** P-26 (d): number by number, in flight or not, the terminal is never ahead of the host and never without a hold; and the two agree in the sums. */

interface Entry {
  readonly no: string;
  readonly state: string;
  readonly amountFen: number;
}

/** What is posted here was decided there; what is not in the table is undecided here, and the host may say anything. */
type Allowed = Readonly<Record<string, readonly string[]>>;

const none = 'nothing';
/** The host never charged it, or took it back. */
const notStanding = ['DECLINED', 'REVERSED', 'REJECTED', none];

const payments: Allowed = {
  PAID: ['APPROVED', 'CLEARED'],
  CLEARED: ['CLEARED'],
  PARTLY_REFUNDED: ['APPROVED', 'CLEARED'],
  REFUNDED: ['APPROVED', 'CLEARED'],
  VOIDING: ['APPROVED', 'CLEARED', 'VOIDED'],
  VOIDED: ['VOIDED'],
  HELD: ['APPROVED', 'COMPLETED', 'VOIDED'],
  EXPIRED: ['APPROVED'],
  COMPLETED: ['COMPLETED', 'APPROVED'],
  DONE: ['APPROVED'],
  REVERSED: notStanding,
  FAILED: notStanding,
};

const refunds: Allowed = {
  PROCESSING: ['PROCESSING', 'SUCCEEDED', 'FAILED'],
  SUCCESS: ['SUCCEEDED'],
  FAILED: ['REFUSED', 'FAILED'],
};

const settlements: Allowed = {
  PROCESSING: ['PROCESSING', 'SUCCEEDED', 'FAILED', 'RETURNED'],
  SUCCESS: ['SUCCEEDED', 'RETURNED'],
  FAILED: ['REFUSED', 'FAILED'],
  RETURNED: ['RETURNED'],
};

/** Nothing of it is undecided any more. */
const atRest: Allowed = { HELD: ['APPROVED'], COMPLETED: ['COMPLETED'] };

/** `rest`: nothing is under way, so the host may not be ahead either. */
export function numberProblems(book: Sqlite.Database, host: Sqlite.Database, rest: boolean): string[] {
  const terminal = terminalOf(book);
  const here = (table: string, columns = 'no, state, amount_fen AS amountFen'): Entry[] =>
    book.prepare<[], Entry>(`SELECT ${columns} FROM ${table}`).all();
  const there = (table: string, no: string): Entry[] =>
    host
      .prepare<[string], Entry>(`SELECT ${no} AS no, state, amount_fen AS amountFen FROM ${table} WHERE terminal = ?`)
      .all(terminal);
  return [
    ...compare('payment', here('payment'), there('approvals', 'payment'), rest ? { ...payments, ...atRest } : payments),
    ...compare('refund', here('refund'), there('refunds', 'no'), refunds),
    ...compare('settlement', here('settlement'), there('settlements', 'no'), settlements),
    ...(rest ? [...openProblems(book), ...sumProblems(book, host, terminal)] : []),
  ];
}

function compare(what: string, here: readonly Entry[], there: readonly Entry[], allowed: Allowed): string[] {
  const known = new Set(here.map(({ no }) => no));
  const byNo = new Map(there.map((one) => [one.no, one]));
  const ahead = here.flatMap(({ no, state, amountFen }) => {
    const other = byNo.get(no);
    const fits = allowed[state]?.includes(other?.state ?? none) ?? true;
    const sameAmount =
      !other || allowed[state] === undefined || allowed[state] === notStanding || other.amountFen === amountFen;
    return fits && sameAmount
      ? []
      : [
          `P-26d ${what} ${no}: ${state} of ${amountFen} here, ${other?.state ?? none} of ${other?.amountFen ?? 0} there`,
        ];
  });
  const strange = there.filter(({ no }) => !known.has(no));
  return [...ahead, ...strange.map(({ no, state }) => `P-26d ${what} ${no}: nothing here, ${state} there`)];
}

/** At rest nothing is undecided. */
const openProblems = (book: Sqlite.Database): string[] =>
  book
    .prepare<[], string>(
      `SELECT 'undecided: ' || txn || ' ' || no || ' is ' || state FROM payment
         WHERE state IN ('CREATED', 'AUTHORIZING', 'UNKNOWN', 'STORED', 'REVERSING', 'NEEDS_HUMAN', 'VOIDING')
       UNION ALL SELECT 'undecided: refund ' || no || ' is ' || state FROM refund WHERE state IN ('REQUESTED', 'PROCESSING')
       UNION ALL SELECT 'undecided: settlement ' || no || ' is ' || state FROM settlement WHERE state IN ('REQUESTED', 'PROCESSING')`,
    )
    .pluck()
    .all();

/** What the host approved less what it took back is what is approved here: count and sum, debit and credit. */
function sumProblems(book: Sqlite.Database, host: Sqlite.Database, terminal: string): string[] {
  const read = (db: Sqlite.Database, sql: string): string => db.prepare<[], string>(sql).pluck().get() ?? '';
  const figures = "count(*) || '/' || coalesce(sum(amount_fen), 0)";
  const standing = "('PAID', 'CLEARED', 'PARTLY_REFUNDED', 'REFUNDED', 'VOIDED')";
  const sides: readonly (readonly [what: string, here: string, there: string])[] = [
    [
      'debit',
      `SELECT ${figures} FROM payment WHERE txn IN ${moneyTxns} AND state IN ${standing}`,
      `SELECT ${figures} FROM approvals WHERE terminal = '${terminal}' AND txn IN ${moneyTxns} AND state IN ('APPROVED', 'CLEARED', 'VOIDED')`,
    ],
    [
      'voids',
      `SELECT ${figures} FROM payment WHERE txn IN ('void', 'completion-void') AND state = 'DONE'`,
      `SELECT ${figures} FROM approvals WHERE terminal = '${terminal}' AND txn IN ('void', 'completion-void') AND state = 'APPROVED'`,
    ],
    [
      'refunds',
      `SELECT ${figures} FROM refund WHERE state = 'SUCCESS'`,
      `SELECT ${figures} FROM refunds WHERE terminal = '${terminal}' AND state = 'SUCCEEDED'`,
    ],
  ];
  return sides.flatMap(([what, here, there]) => {
    const [ours, theirs] = [read(book, here), read(host, there)];
    return ours === theirs ? [] : [`approved less reversed, ${what}: ${ours} here, ${theirs} there`];
  });
}
