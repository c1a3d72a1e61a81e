import Sqlite from 'better-sqlite3';
import { checkLedger } from '../../terminal/ledger/check.ts';

/** Both books and what they must have in common when nothing is under way. Reads the tables, never what a program says of itself. */

interface PaymentRow {
  readonly no: string;
  readonly state: string;
  readonly amountFen: number;
}

/** Problems in words; none: the books are sound. `allowDifferences`: the host may hold open differences, because the scenario is about one. */
export function checkBooks(terminal: Sqlite.Database, hostFile: string, allowDifferences = false): string[] {
  const host = new Sqlite(hostFile, { readonly: true });
  try {
    return [
      ...ledgerProblems(terminal),
      ...uncleared(terminal),
      ...inTransit(terminal),
      ...mirrorProblems(terminal, host),
      ...saleProblems(terminal, host),
      ...batchTotals(terminal),
      ...(allowDifferences ? [] : openDifferences(host)),
    ];
  } finally {
    host.close();
  }
}

/** P-01 to P-04. */
function ledgerProblems(terminal: Sqlite.Database): string[] {
  const { ok, ledgerSumFen, problems } = checkLedger(terminal);
  return [
    ...(ok ? [] : problems.map((p) => `${p.rule} ${p.about}: ${p.what} ${p.foundFen}, not ${p.expectedFen}`)),
    ...(ledgerSumFen === 0 ? [] : [`the ledger sums to ${ledgerSumFen}`]),
  ];
}

const payments = (terminal: Sqlite.Database): PaymentRow[] =>
  terminal.prepare<[], PaymentRow>('SELECT no, state, amount_fen AS amountFen FROM payment').all();

/** P-08: 2001 of a payment is its gross amount while it is PAID and not cleared, else nothing. */
function uncleared(terminal: Sqlite.Database): string[] {
  const balance = terminal.prepare<[string], number>('SELECT balance_fen FROM balance WHERE account = ?').pluck();
  return payments(terminal).flatMap(({ no, state, amountFen }) => {
    const found = balance.get(`2001:${no}`) ?? 0;
    const expected = state === 'PAID' ? amountFen : 0;
    return found === expected ? [] : [`P-08 2001:${no} is ${found}, the payment is ${state} of ${amountFen}`];
  });
}

/** P-09: what is in transit is what open settlements asked for. */
function inTransit(terminal: Sqlite.Database): string[] {
  const held = terminal
    .prepare<[], number>("SELECT coalesce(sum(balance_fen), 0) FROM balance WHERE account LIKE '2005:%'")
    .pluck()
    .get();
  const open = terminal
    .prepare<[], number>(
      "SELECT coalesce(sum(amount_fen), 0) FROM settlement WHERE state IN ('REQUESTED', 'PROCESSING')",
    )
    .pluck()
    .get();
  return held === open ? [] : [`P-09 2005 holds ${held}, open settlements ask for ${open}`];
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

/** Charged at the host exactly when paid here, and for the same amount (product.md, promise 1). */
function saleProblems(terminal: Sqlite.Database, host: Sqlite.Database): string[] {
  const here = new Map(payments(terminal).map((p) => [p.no, p]));
  const there = new Map(
    host
      .prepare<[], PaymentRow>('SELECT payment AS no, state, amount_fen AS amountFen FROM approvals')
      .all()
      .map((a) => [a.no, a]),
  );
  return [...new Set([...here.keys(), ...there.keys()])].flatMap((no) => {
    const [payment, approval] = [here.get(no), there.get(no)];
    if (payment?.state === 'REVERSING' || payment?.state === 'NEEDS_HUMAN') return []; // the scenario looks at these itself
    const paid = payment?.state === 'PAID' || payment?.state === 'CLEARED';
    const charged = approval?.state === 'APPROVED' || approval?.state === 'CLEARED';
    const same = paid === charged && (!paid || payment?.amountFen === approval?.amountFen);
    return same ? [] : [`sale ${no}: ${payment?.state ?? 'nothing'} here, ${approval?.state ?? 'nothing'} there`];
  });
}

/** The running totals of every batch are the sums of its rows (design.md, rule 5). */
function batchTotals(terminal: Sqlite.Database): string[] {
  return terminal
    .prepare<[], { no: string; running: string; rows: string }>(
      `SELECT b.no, b.records || '/' || (b.domestic_debit_fen + b.foreign_debit_fen + b.codes_debit_fen) AS running,
         count(p.no) || '/' || coalesce(sum(p.amount_fen), 0) AS rows
       FROM batch b LEFT JOIN payment p ON p.batch = b.no AND p.state IN ('PAID', 'CLEARED') GROUP BY b.id`,
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
