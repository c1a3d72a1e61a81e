import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { checkLedger } from '../../terminal/ledger/check.ts';

/** What the parent saw with its own eyes, to hold against both books. */
export interface Witness {
  /** STANs of sale slips that came out of the printer, originals only, with the batch they name. */
  readonly slips: readonly { readonly batch: string; readonly stan: string; readonly amount: string }[];
  readonly approvedOnScreen: number;
}

interface PaymentRow {
  no: string;
  state: string;
  batch: string;
  stan: string;
  amount_fen: number;
}
interface ApprovalRow {
  payment: string;
  state: string;
  amount_fen: number;
}

/**
 * Reads the book of the terminal, the book of the host and the paper, and never what the terminal says of itself. Returns what is wrong; an
 * empty list means that no payment was lost, doubled or left undecided.
 */
export function auditBooks(home: string, witness: Witness): string[] {
  const terminal = new Sqlite(join(home, 'terminal.db'), { readonly: true });
  const host = new Sqlite(join(home, 'host.db'), { readonly: true });
  try {
    return [
      ...decided(terminal),
      ...sameSales(terminal, host),
      ...lostAnswersReversed(terminal, host),
      ...slipsAreTrue(terminal, witness),
      ...bookIsSound(terminal),
      ...streamsAreEmpty(terminal, host),
      ...mirrorAgrees(terminal, host),
      ...batchesClosedOnce(terminal, host),
    ];
  } finally {
    terminal.close();
    host.close();
  }
}

const paid = (state: string): boolean => state === 'PAID' || state === 'CLEARED';
const booked = (state: string): boolean => state === 'APPROVED' || state === 'CLEARED';

const paymentsOf = (db: Sqlite.Database) =>
  db.prepare<[], PaymentRow>('SELECT no, state, batch, stan, amount_fen FROM payment').all();

function decided(terminal: Sqlite.Database): string[] {
  return paymentsOf(terminal)
    .filter((p) => !paid(p.state) && p.state !== 'FAILED' && p.state !== 'REVERSED')
    .map((p) => `undecided: payment ${p.stan} is ${p.state}`);
}

/** Promise 1: charged once with a record, or not at all. */
function sameSales(terminal: Sqlite.Database, host: Sqlite.Database): string[] {
  const here = new Map(paymentsOf(terminal).map((p) => [p.no, p]));
  const there = new Map(
    host
      .prepare<[], ApprovalRow>('SELECT payment, state, amount_fen FROM approvals')
      .all()
      .map((a) => [a.payment, a]),
  );
  const problems: string[] = [];
  for (const [no, approval] of there) {
    const payment = here.get(no);
    if (booked(approval.state) && !(payment && paid(payment.state)))
      problems.push(`lost: the host charged ${no}, the terminal has ${payment?.state ?? 'nothing'}`);
    if (booked(approval.state) && payment && payment.amount_fen !== approval.amount_fen)
      problems.push(`amount differs: ${no}`);
  }
  for (const [no, payment] of here) {
    if (paid(payment.state) && !booked(there.get(no)?.state ?? ''))
      problems.push(`doubled or invented: ${no} is ${payment.state} here, ${there.get(no)?.state ?? 'nothing'} there`);
  }
  return problems;
}

/** Nothing was sent when a sale ended for one of these. */
const neverSent = [
  'cancelled',
  'card-timeout',
  'card-unreadable',
  'reader',
  'offline',
  'confirm-timeout',
  'pin-cancelled',
  'pin-timeout',
  'pin-pad',
];

/**
 * Promise 1 again: a sale without an answer ends by its reversal, not by luck. The batch close would take back an approval that the terminal does
 * not know, so the books agree in the end even when no reversal was made: hence the host must never have needed to.
 */
function lostAnswersReversed(terminal: Sqlite.Database, host: Sqlite.Database): string[] {
  const rejected = host.prepare<[], string>("SELECT payment FROM approvals WHERE state = 'REJECTED'").pluck().all();
  const unanswered = terminal
    .prepare<[], { stan: string; why: string | null }>(
      "SELECT stan, why FROM payment WHERE state = 'FAILED' AND code IS NULL",
    )
    .all();
  return [
    ...rejected.map((no) => `not reversed: the host charged ${no} until the close took it back`),
    ...unanswered
      .filter(({ why }) => !neverSent.includes(why ?? ''))
      .map(({ stan, why }) => `not reversed: sale ${stan} had no answer (${why}) and no reversal`),
  ];
}

function slipsAreTrue(terminal: Sqlite.Database, witness: Witness): string[] {
  const sales = new Map(paymentsOf(terminal).map((p) => [`${p.batch}/${p.stan}`, p]));
  return witness.slips.flatMap(({ batch, stan, amount }) => {
    const payment = sales.get(`${batch}/${stan}`);
    if (!payment || !paid(payment.state))
      return [`slip ${batch}/${stan}: the book says ${payment?.state ?? 'nothing'}`];
    return (payment.amount_fen / 100).toFixed(2) === amount.replaceAll(',', '')
      ? []
      : [`slip ${batch}/${stan}: ${amount} on paper, ${payment.amount_fen} fen in the book`];
  });
}

function bookIsSound(terminal: Sqlite.Database): string[] {
  const { ok, ledgerSumFen, problems } = checkLedger(terminal);
  return ok && ledgerSumFen === 0 ? [] : problems.map((p) => `ledger: ${p.rule} ${p.about} ${p.what}`);
}

/** Promise 4: nothing lost or doubled between terminal and host. */
function streamsAreEmpty(terminal: Sqlite.Database, host: Sqlite.Database): string[] {
  const highest = terminal.prepare<[], number>('SELECT coalesce(max(seq), 0) FROM outbox').pluck().get() ?? 0;
  const count = terminal.prepare<[], number>('SELECT count(*) FROM outbox').pluck().get() ?? 0;
  const link = terminal
    .prepare<[], { acked_up: number; applied_down: number; epoch: string }>(
      'SELECT acked_up, applied_down, epoch FROM link_state',
    )
    .get();
  const stream = host
    .prepare<[string], { id: number; applied_up: number; down_highest: number }>(
      'SELECT id, applied_up, down_highest FROM stream WHERE epoch = ?',
    )
    .get(link?.epoch ?? '');
  const inbox = host
    .prepare<[number], number>("SELECT count(*) FROM inbox WHERE stream = ? AND state = 'applied'")
    .pluck()
    .get(stream?.id ?? 0);
  const rejected = terminal
    .prepare<[], number>('SELECT count(*) FROM outbox WHERE rejected IS NOT NULL OR set_aside = 1')
    .pluck()
    .get();
  return [
    ...(highest === count ? [] : [`outbox: ${count} rows up to ${highest}`]),
    ...(link?.acked_up === highest && stream?.applied_up === highest
      ? []
      : [`up: ${highest} sent, ${stream?.applied_up} applied, ${link?.acked_up} acknowledged`]),
    ...(inbox === highest ? [] : [`inbox: ${inbox} rows applied of ${highest}`]),
    ...(link?.applied_down === stream?.down_highest
      ? []
      : [`down: ${stream?.down_highest} sent, ${link?.applied_down} applied`]),
    ...(rejected === 0 ? [] : [`${rejected} rows rejected or set aside`]),
  ];
}

/** P-26 at rest: the mirror equals the book, and the host found no journal that it would have written otherwise. */
function mirrorAgrees(terminal: Sqlite.Database, host: Sqlite.Database): string[] {
  const nets = (db: Sqlite.Database, sql: string) =>
    new Map(
      db
        .prepare<[], { account: string; net: number }>(sql)
        .all()
        .map(({ account, net }) => [account, net]),
    );
  const book = nets(
    terminal,
    "SELECT account, iif(side = 'D', balance_fen, -balance_fen) AS net FROM balance WHERE balance_fen <> 0",
  );
  const mirror = nets(host, 'SELECT account, debit_fen - credit_fen AS net FROM mirror WHERE debit_fen <> credit_fen');
  const differences = host.prepare<[], number>('SELECT count(*) FROM mirror_differences').pluck().get();
  const differs = [...new Set([...book.keys(), ...mirror.keys()])].filter(
    (account) => book.get(account) !== mirror.get(account),
  );
  return [
    ...differs.map(
      (account) => `mirror: ${account} is ${book.get(account) ?? 0} here, ${mirror.get(account) ?? 0} there`,
    ),
    ...(differences === 0 ? [] : [`mirror: ${differences} journals differ`]),
  ];
}

/** Promise 3: every record in exactly one batch, closed on both sides. */
function batchesClosedOnce(terminal: Sqlite.Database, host: Sqlite.Database): string[] {
  const here = terminal
    .prepare<[], { no: string; state: string; records: number }>('SELECT no, state, records FROM batch ORDER BY id')
    .all();
  const there = new Map(
    host
      .prepare<[], { batch: string; state: string }>('SELECT batch, state FROM batches')
      .all()
      .map((b) => [b.batch, b.state]),
  );
  const approved = terminal
    .prepare<[string], number>("SELECT count(*) FROM payment WHERE batch = ? AND state IN ('PAID','CLEARED')")
    .pluck();
  const problems = here.flatMap((batch) => [
    ...(approved.get(batch.no) === batch.records
      ? []
      : [`batch ${batch.no}: ${batch.records} counted, ${approved.get(batch.no)} approved`]),
    ...(batch.state === 'CLOSED' && there.get(batch.no) !== 'CLEARED'
      ? [`batch ${batch.no}: closed here, ${there.get(batch.no)} there`]
      : []),
    ...(batch.state !== 'CLOSED' && batch.state !== 'OPEN' ? [`batch ${batch.no}: left ${batch.state}`] : []),
  ]);
  const numbers = here.map((batch) => batch.no);
  return new Set(numbers).size === numbers.length
    ? problems
    : [...problems, `batches opened twice: ${numbers.join(' ')}`];
}
