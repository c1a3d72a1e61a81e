import { createHash } from 'node:crypto';
import { CompiledQuery } from 'kysely';
import type { Log } from '../log.ts';
import { parseUpRow, type RowOnWire } from '../protocol/parse-row.ts';
import { fateOf, type Have, maxRanges, received } from '../stream/rules.ts';
import { type Business, HostReject, type TerminalRef } from './business.ts';
import type { HostTrx } from './store.ts';
import type { Stream } from './stream-store.ts';
import type { InboxState } from './stream-tables.ts';

/** A row whose application failed by a bug: the group is rolled back, and taken again without it and what follows it. */
export class RowFailed extends Error {
  readonly seq: number;

  constructor(seq: number, cause: unknown) {
    super('applying a row failed', { cause });
    this.name = 'RowFailed';
    this.seq = seq;
  }
}

export interface Taking {
  readonly trx: HostTrx;
  readonly from: TerminalRef;
  readonly stream: Stream;
  readonly epoch: string;
  readonly business: Business;
  readonly at: number;
  readonly log: Log;
  /** Filled here: the rows that were not applied and got a code. */
  readonly rejected: number[];
}

/**
 * Takes rows of one terminal inside the caller's transaction: the next ones are recorded and applied in order, those beyond a hole are kept, those
 * that were here are compared. Returns what the host has then. Throws RowFailed.
 */
export async function takeRows(taking: Taking, before: Have, rows: readonly RowOnWire[]): Promise<Have> {
  const next: RowOnWire[] = [];
  const beyond: RowOnWire[] = [];
  const again: RowOnWire[] = [];
  let have = before;
  for (const row of [...rows].sort((a, b) => a[0] - b[0])) {
    const fate = fateOf(have, row[0]);
    if (fate === 'beyond' && have.ranges.length >= maxRanges - 1) continue; // it will come again
    (fate === 'next' ? next : fate === 'beyond' ? beyond : again).push(row);
    have = received(have, row[0]);
  }
  if (again.length > 0) await compare(taking, again);
  const conflicts = await record(taking, next, 'applied');
  await record(taking, beyond, 'kept');
  for (const row of await withKept(taking, before, have, next)) {
    if (!conflicts.has(row[0])) await apply(taking, row);
  }
  return have;
}

/** The rows to apply: the new ones, and those that were kept until the hole before them was filled. */
async function withKept(
  taking: Taking,
  before: Have,
  have: Have,
  next: readonly RowOnWire[],
): Promise<readonly RowOnWire[]> {
  if (have.upTo - before.upTo === next.length) return next;
  const { trx, stream, epoch } = taking;
  const kept = trx
    .selectFrom('inbox')
    .select(['seq', 'kind', 'id', 'body'])
    .where((eb) => eb.and({ stream: stream.id, epoch, state: 'kept' }))
    .where('seq', '<=', have.upTo);
  const filled = await kept.execute();
  await trx
    .updateTable('inbox')
    .set({ state: 'applied' })
    .where((eb) => eb.and({ stream: stream.id, epoch, state: 'kept' }))
    .where('seq', '<=', have.upTo)
    .execute();
  const rows = filled.map(({ seq, kind, id, body }): RowOnWire => [seq, kind, id, JSON.parse(body)]);
  return [...next, ...rows].sort((a, b) => a[0] - b[0]);
}

const insertInbox = `insert into inbox (stream, epoch, seq, kind, id, body, state, at)
  select own.stream, own.epoch, column1, column2, column3, column4, own.state, own.at
  from (select ? as stream, ? as epoch, ? as state, ? as at) as own, (values LIST) as item where true on conflict do nothing`;

/** Records rows as they came. Returns the seqs of those whose id was here before: they must not be applied. */
async function record(taking: Taking, rows: readonly RowOnWire[], state: InboxState): Promise<ReadonlySet<number>> {
  if (rows.length === 0) return new Set();
  const { trx, stream, epoch, at } = taking;
  const values: (string | number)[] = [stream.id, epoch, state, at];
  for (const [seq, kind, id, body] of rows) values.push(seq, kind, id, textOf(body));
  // Built as text: for so many values the query builder costs more than the database.
  const text = insertInbox.replace('LIST', Array(rows.length).fill('(?,?,?,?)').join());
  const { numAffectedRows } = await trx.executeQuery(CompiledQuery.raw(text, values));
  if (numAffectedRows === BigInt(rows.length)) return new Set();
  return await recordConflicts(taking, rows);
}

/** The same id again, in another epoch or under another seq: with the same body it was applied before, with another one it is quarantined. */
async function recordConflicts(taking: Taking, rows: readonly RowOnWire[]): Promise<ReadonlySet<number>> {
  const { trx, stream, epoch, at, log } = taking;
  const conflicts = new Set<number>();
  for (const [seq, kind, id, content] of rows) {
    const first = await trx
      .selectFrom('inbox')
      .select(['epoch', 'seq', 'body'])
      .where((eb) => eb.and({ stream: stream.id, kind, id }))
      .where('state', 'in', ['applied', 'kept'])
      .executeTakeFirst();
    if (!first || (first.epoch === epoch && first.seq === seq)) continue;
    conflicts.add(seq);
    const body = textOf(content);
    const same = sha256(first.body) === sha256(body);
    const fate = same
      ? ({ state: 'repeated', code: null, error: null } as const)
      : ({ state: 'quarantined', code: 'IDEMPOTENCY_CONFLICT', error: `first seq ${first.seq}` } as const);
    await trx
      .insertInto('inbox')
      .values({ stream: stream.id, epoch, seq, kind, id, body, at, ...fate })
      .execute();
    if (same) continue;
    taking.rejected.push(seq);
    log('error', 'host.row-quarantined', { ...refOf(taking), seq, code: 'IDEMPOTENCY_CONFLICT' });
  }
  return conflicts;
}

async function apply(taking: Taking, row: RowOnWire): Promise<void> {
  const parsed = parseUpRow(row);
  if (!parsed.ok) return await setApart(taking, row[0], 'rejected', parsed.problem.code, parsed.problem.error);
  try {
    await taking.business.applyUp(taking.trx, taking.from, parsed.row);
  } catch (error) {
    if (!(error instanceof HostReject)) throw new RowFailed(row[0], error);
    await setApart(taking, row[0], 'quarantined', error.code, '');
  }
}

async function setApart(taking: Taking, seq: number, state: InboxState, code: string, error: string): Promise<void> {
  const { trx, stream, epoch, log } = taking;
  await trx
    .updateTable('inbox')
    .set({ state, code, error })
    .where((eb) => eb.and({ stream: stream.id, epoch, seq }))
    .execute();
  taking.rejected.push(seq);
  log('error', `host.row-${state}`, { ...refOf(taking), seq, code });
}

/** Rows that are here: the same bytes need no more than another acknowledgement; others mean a restored backup. */
async function compare(taking: Taking, rows: readonly RowOnWire[]): Promise<void> {
  const { trx, stream, epoch, at, log } = taking;
  const here = await trx
    .selectFrom('inbox')
    .select(['seq', 'kind', 'id', 'body'])
    .where((eb) => eb.and({ stream: stream.id, epoch }))
    .where(
      'seq',
      'in',
      rows.map(([seq]) => seq),
    )
    .execute();
  const known = new Map(here.map((row) => [row.seq, sha256(`${row.kind}\n${row.id}\n${row.body}`)]));
  for (const [seq, kind, id, content] of rows) {
    const body = textOf(content);
    const hash = sha256(`${kind}\n${id}\n${body}`);
    const first = known.get(seq);
    if (first === undefined || first === hash) continue;
    await trx
      .insertInto('inbox_conflict')
      .values({ stream: stream.id, epoch, seq, sha256: hash, kind, id, body, at })
      .onConflict((oc) => oc.doNothing())
      .execute();
    log('error', 'host.backup-restored', { ...refOf(taking), seq });
  }
}

// A row may lack its body; then it is poison, not a bug.
const textOf = (body: unknown): string => JSON.stringify(body ?? null);
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const refOf = ({ from }: Taking) => ({ merchant: from.merchant, terminal: from.terminal });
