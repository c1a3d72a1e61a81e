import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { checkAtRest } from './check-books.ts';

/** What the parent saw with its own eyes, to hold against both books. */
export interface Witness {
  /** STANs of the slips that came out of the printer, originals only, with the batch and the amount that they name. */
  readonly slips: readonly { readonly batch: string; readonly stan: string; readonly amount: string }[];
  /** Transactions that the screen called approved. */
  readonly approvedOnScreen: number;
}

interface Booked {
  readonly what: string;
  readonly state: string;
  readonly amountFen: number;
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
      ...checkAtRest(terminal, join(home, 'host.db')),
      ...lostAnswersReversed(terminal, host),
      ...slipsAreTrue(terminal, witness),
      ...screenIsTrue(terminal, witness),
      ...streamsAreEmpty(terminal, host),
      ...batchesClosedOnce(terminal, host),
    ];
  } finally {
    terminal.close();
    host.close();
  }
}

/** Nothing was sent when a transaction ended for one of these. */
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
 * Promise 1: a transaction without an answer ends by its reversal, not by luck. The batch close would take back an approval that the terminal does
 * not know, so the books agree in the end even when no reversal was made: hence the host must never have needed to. An order of a code is closed by its number.
 */
function lostAnswersReversed(terminal: Sqlite.Database, host: Sqlite.Database): string[] {
  const rejected = host.prepare<[], string>("SELECT payment FROM approvals WHERE state = 'REJECTED'").pluck().all();
  const unanswered = terminal
    .prepare<[], { stan: string; why: string | null }>(
      "SELECT stan, why FROM payment WHERE state = 'FAILED' AND code IS NULL AND txn <> 'code-sale'",
    )
    .all();
  return [
    ...rejected.map((no) => `not reversed: the host charged ${no} until the close took it back`),
    ...unanswered
      .filter(({ why }) => !neverSent.includes(why ?? ''))
      .map(({ stan, why }) => `not reversed: ${stan} had no answer (${why}) and no reversal`),
  ];
}

/** What has a slip was approved, or taken offline. */
const onPaper = [
  'PAID',
  'CLEARED',
  'VOIDED',
  'PARTLY_REFUNDED',
  'REFUNDED',
  'HELD',
  'EXPIRED',
  'COMPLETED',
  'DONE',
  'SUCCESS',
];

function slipsAreTrue(terminal: Sqlite.Database, witness: Witness): string[] {
  const find = terminal.prepare<[string, string, string, string], Booked>(
    `SELECT txn AS what, state, amount_fen AS amountFen FROM payment WHERE batch = ? AND stan = ?
     UNION ALL SELECT 'refund', state, amount_fen FROM refund WHERE batch = ? AND stan = ?`,
  );
  return witness.slips.flatMap(({ batch, stan, amount }) => {
    const booked = find.get(batch, stan, batch, stan);
    const stands = booked && (onPaper.includes(booked.state) || booked.what === 'stored-sale');
    if (!stands) return [`slip ${batch}/${stan}: the book says ${booked?.state ?? 'nothing'}`];
    return (booked.amountFen / 100).toFixed(2) === amount.replaceAll(/[,-]/g, '')
      ? []
      : [`slip ${batch}/${stan}: ${amount} on paper, ${booked.amountFen} fen in the book`];
  });
}

function screenIsTrue(terminal: Sqlite.Database, { approvedOnScreen }: Witness): string[] {
  const states = onPaper.map((state) => `'${state}'`).join(', ');
  const booked =
    terminal.prepare<[], number>(`SELECT count(*) FROM payment WHERE state IN (${states})`).pluck().get() ?? 0;
  return booked >= approvedOnScreen ? [] : [`the screen approved ${approvedOnScreen}, the book has ${booked}`];
}

/** Promise 4: nothing lost or doubled between terminal and host. A row with a seq of zero or below came back from the host. */
function streamsAreEmpty(terminal: Sqlite.Database, host: Sqlite.Database): string[] {
  const one = (db: Sqlite.Database, sql: string, ...values: readonly (string | number)[]): number =>
    db
      .prepare<unknown[], number>(sql)
      .pluck()
      .get(...values) ?? 0;
  const link = terminal
    .prepare<[], { acked: number; applied: number; epoch: string }>(
      'SELECT acked_up AS acked, applied_down AS applied, epoch FROM link_state',
    )
    .get();
  const stream = host
    .prepare<[string], { id: number; up: number; down: number }>(
      'SELECT id, applied_up AS up, down_highest - down_base AS down FROM stream WHERE epoch = ?',
    )
    .get(link?.epoch ?? '');
  const highest = one(terminal, 'SELECT coalesce(max(seq), 0) FROM outbox WHERE seq > 0');
  const count = one(terminal, 'SELECT count(*) FROM outbox WHERE seq > 0');
  const inbox = one(
    host,
    "SELECT count(*) FROM inbox WHERE stream = ? AND epoch = ? AND state IN ('applied', 'repeated')",
    stream?.id ?? 0,
    link?.epoch ?? '',
  );
  const aside = one(terminal, 'SELECT count(*) FROM outbox WHERE rejected IS NOT NULL OR set_aside = 1');
  return [
    ...(highest === count ? [] : [`outbox: ${count} rows up to ${highest}`]),
    ...(link?.acked === highest && stream?.up === highest
      ? []
      : [`up: ${highest} sent, ${stream?.up} applied, ${link?.acked} acknowledged`]),
    ...(inbox === highest ? [] : [`inbox: ${inbox} rows applied of ${highest}`]),
    ...(link?.applied === stream?.down ? [] : [`down: ${stream?.down} sent, ${link?.applied} applied`]),
    ...(aside === 0 ? [] : [`${aside} rows rejected or set aside`]),
  ];
}

/** Promise 3: every record in exactly one batch, closed on both sides. */
function batchesClosedOnce(terminal: Sqlite.Database, host: Sqlite.Database): string[] {
  const here = terminal.prepare<[], { no: string; state: string }>('SELECT no, state FROM batch ORDER BY id').all();
  const there = new Map(
    host
      .prepare<[], { batch: string; state: string }>('SELECT batch, state FROM batches')
      .all()
      .map((b) => [b.batch, b.state]),
  );
  const problems = here.flatMap(({ no, state }) => [
    ...(state === 'CLOSED' && there.get(no) !== 'CLEARED' ? [`batch ${no}: closed here, ${there.get(no)} there`] : []),
    ...(state !== 'CLOSED' && state !== 'OPEN' ? [`batch ${no}: left ${state}`] : []),
  ]);
  const numbers = here.map(({ no }) => no);
  return new Set(numbers).size === numbers.length
    ? problems
    : [...problems, `batches opened twice: ${numbers.join(' ')}`];
}
