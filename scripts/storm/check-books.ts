import Sqlite from 'better-sqlite3';
import {
  cashProblems,
  journalProblems,
  prefixProblems,
  receivableProblems,
  streamsOf,
  terminalOf,
} from './check-host.ts';
import { ledgerProblems } from './check-ledger.ts';
import { numberProblems } from './check-numbers.ts';
import { paymentProblems } from './check-payments.ts';

/** Both books and what they must have in common. Reads the tables by SQL of its own, never what a program says of itself. */

/** Problems in words when nothing is under way; none: the books are sound. `allowDifferences`: the host may hold open differences, because the scenario is about one. */
export function checkBooks(book: Sqlite.Database, hostFile: string, allowDifferences = false): string[] {
  return withHost(hostFile, (host) => [
    ...ledgerProblems(book),
    ...paymentProblems(book),
    ...mirrorProblems(book, host),
    ...saleProblems(book, host),
    ...batchTotals(book),
    ...(allowDifferences ? [] : openDifferences(host)),
  ]);
}

/** What holds at any moment, whatever is under way: P-01 to P-05, P-08, P-09, P-14, P-26 (a), (c) for 1001, (d), P-32. */
export const checkInFlight = (book: Sqlite.Database, hostFile: string): string[] =>
  withHost(hostFile, (host) => {
    const streams = streamsOf(book, host);
    return [
      ...ledgerProblems(book),
      ...paymentProblems(book),
      ...batchTotals(book),
      ...openDifferences(host),
      ...(streams
        ? [
            ...prefixProblems(book, host, streams),
            ...journalProblems(book, host, streams),
            ...cashProblems(book, host, streams),
            ...numberProblems(book, host, false),
          ]
        : []),
    ];
  });

/** What holds when a day has ended and nothing is left of it, in addition. */
export const checkAtRest = (book: Sqlite.Database, hostFile: string): string[] =>
  withHost(hostFile, (host) => [
    ...(streamsOf(book, host) ? [] : ['terminal and host do not know of each other']),
    ...checkBooks(book, hostFile),
    ...receivableProblems(book, host),
    ...numberProblems(book, host, true),
  ]);

function withHost<T>(file: string, work: (host: Sqlite.Database) => T): T {
  const host = new Sqlite(file, { readonly: true });
  try {
    return work(host);
  } finally {
    host.close();
  }
}

interface PaymentRow {
  readonly no: string;
  readonly state: string;
  readonly amountFen: number;
}

/** Every account is the same in the book and in the host's mirror (P-26 at rest), and no row was refused on its way. */
function mirrorProblems(terminal: Sqlite.Database, host: Sqlite.Database): string[] {
  const net = (db: Sqlite.Database, sql: string): Map<string, number> =>
    new Map(
      db
        .prepare<[], { account: string; net: number }>(sql)
        .all()
        .map((row) => [row.account, row.net]),
    );
  const book = net(
    terminal,
    "SELECT account, iif(side = 'D', balance_fen, -balance_fen) AS net FROM balance WHERE balance_fen <> 0",
  );
  const mirror = net(host, 'SELECT account, debit_fen - credit_fen AS net FROM mirror WHERE debit_fen <> credit_fen');
  const refused = terminal.prepare<[], string>('SELECT kind FROM outbox WHERE rejected IS NOT NULL').pluck().all();
  return [
    ...[...new Set([...book.keys(), ...mirror.keys()])]
      .filter((account) => book.get(account) !== mirror.get(account))
      .map((account) => `mirror ${account}: ${book.get(account) ?? 0} here, ${mirror.get(account) ?? 0} there`),
    ...refused.map((kind) => `the host refused a row ${kind}`),
  ];
}

/** What each state here is at the host, where it is not undecided. */
const atHost: Readonly<Record<string, readonly string[]>> = {
  PAID: ['APPROVED', 'CLEARED'],
  CLEARED: ['APPROVED', 'CLEARED'],
  PARTLY_REFUNDED: ['APPROVED', 'CLEARED'],
  REFUNDED: ['APPROVED', 'CLEARED'],
  DONE: ['APPROVED'],
  HELD: ['APPROVED'],
  EXPIRED: ['APPROVED'],
  COMPLETED: ['COMPLETED'],
  VOIDED: ['VOIDED'],
};
const standing = new Set(Object.values(atHost).flat());
const undecided = new Set(['REVERSING', 'NEEDS_HUMAN', 'VOIDING', 'UNKNOWN', 'STORED', 'CREATED']);

/** The same at the host as here, and for the same amount (product.md, promise 1). */
function saleProblems(terminal: Sqlite.Database, host: Sqlite.Database): string[] {
  const here = new Map(
    terminal
      .prepare<[], PaymentRow>('SELECT no, state, amount_fen AS amountFen FROM payment')
      .all()
      .map((p) => [p.no, p]),
  );
  const there = new Map(
    host
      .prepare<[string], PaymentRow>(
        'SELECT payment AS no, state, amount_fen AS amountFen FROM approvals WHERE terminal = ?',
      )
      .all(terminalOf(terminal))
      .map((a) => [a.no, a]),
  );
  return [...new Set([...here.keys(), ...there.keys()])].flatMap((no) => {
    const [payment, approval] = [here.get(no), there.get(no)];
    if (payment && undecided.has(payment.state)) return []; // the scenario looks at these itself
    const expected = payment && atHost[payment.state];
    const same = expected
      ? expected.includes(approval?.state ?? '') && payment.amountFen === approval?.amountFen
      : !standing.has(approval?.state ?? '');
    return same ? [] : [`sale ${no}: ${payment?.state ?? 'nothing'} here, ${approval?.state ?? 'nothing'} there`];
  });
}

/** The running totals of every batch are the sums of its rows (design.md, rule 5); a close in the net profile leaves out what was voided. */
function batchTotals(terminal: Sqlite.Database): string[] {
  const isNet = terminal
    .prepare<[], number>("SELECT value ->> '$.profile' = 'net' FROM setting WHERE name = 'parameters'")
    .pluck()
    .get();
  return terminal
    .prepare<[], { no: string; running: string; rows: string }>(
      `WITH record AS (
         SELECT batch, amount_fen, txn IN ('void', 'completion-void') AS credit FROM payment p
           WHERE txn NOT IN ('preauth', 'preauth-void')
             AND NOT (${isNet ?? 0} AND (state = 'VOIDED' OR txn IN ('void', 'completion-void'))
               AND EXISTS (SELECT 1 FROM batch b WHERE b.no = p.batch AND b.state <> 'OPEN'))
             AND state IN ('PAID', 'CLEARED', 'VOIDING', 'VOIDED', 'PARTLY_REFUNDED', 'REFUNDED', 'DONE')
         UNION ALL SELECT batch, amount_fen, 1 FROM refund WHERE counted = 1)
       SELECT b.no, b.records || '/' || (b.domestic_debit_fen + b.foreign_debit_fen + b.codes_debit_fen)
           || '/' || (b.domestic_credit_fen + b.foreign_credit_fen + b.codes_credit_fen) AS running,
         count(r.batch) || '/' || coalesce(sum(iif(r.credit, 0, r.amount_fen)), 0)
           || '/' || coalesce(sum(iif(r.credit, r.amount_fen, 0)), 0) AS rows
       FROM batch b LEFT JOIN record r ON r.batch = b.no GROUP BY b.id`,
    )
    .all()
    .filter(({ running, rows }) => running !== rows)
    .map(({ no, running, rows }) => `batch ${no}: totals say ${running}, its rows ${rows}`);
}

const openDifferences = (host: Sqlite.Database): string[] =>
  host
    .prepare<[], string>(
      "SELECT 'the host found a difference: ' || row_kind || ' ' || account || ' ' || book_fen || ' ' || mirror_fen FROM mirror_differences WHERE decision IS NULL",
    )
    .pluck()
    .all();
