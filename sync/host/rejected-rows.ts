import { type Selectable, sql } from 'kysely';
import * as v from 'valibot';
import { text } from '../protocol/common.ts';
import { parseUpRow } from '../protocol/parse-row.ts';
import { applyRow } from './apply-up.ts';
import { HostReject, type TerminalRef } from './business.ts';
import { signed, terminal } from './command-fields.ts';
import type { Host } from './host.ts';
import type { HostTrx } from './store.ts';
import { type Stream, streamOf } from './stream-store.ts';
import type { InboxTable } from './stream-tables.ts';

/**
 * Rows that the other end could not take: those of a terminal that were set apart here (`up`), and those of the host that a terminal rejected (`down`). The stream moves on
 * without them, so the books may differ until a person has looked.
 */
export interface RejectedRow {
  readonly terminal: string;
  readonly direction: 'up' | 'down';
  /** Names it for `row-seen` and `row-again`. */
  readonly row: string;
  readonly kind: string;
  readonly id: string;
  readonly code: string;
  readonly at: number | null;
  /** Who looked at it; null: nobody. */
  readonly seenBy: string | null;
}

/** Those that nobody looked at, then the others, the newest first; of one terminal, where it is named. `+` keeps the planner from reading the whole stream: the indexes hold these rows only. */
export async function rejectedRows(trx: HostTrx, of: Partial<TerminalRef>, most: number): Promise<RejectedRow[]> {
  const { merchant, terminal: named } = of;
  const key = { ...(merchant && { 'stream.merchant': merchant }), ...(named && { 'stream.terminal': named }) };
  const up = await trx
    .selectFrom('inbox')
    .innerJoin('stream', (join) => join.on(sql<boolean>`stream.id = +inbox.stream`))
    .select(['terminal', 'inbox.epoch', 'seq', 'kind', 'inbox.id', 'code', 'at', 'seen_by'])
    .where((eb) => eb.and(key))
    .where('code', 'is not', null)
    .orderBy(sql`seen_by is not null`)
    .orderBy('at', 'desc')
    .orderBy('seq', 'desc')
    .limit(most)
    .execute();
  const down = await trx
    .selectFrom('outbox')
    .innerJoin('stream', (join) => join.on(sql<boolean>`stream.id = +outbox.stream`))
    .select(['terminal', 'seq', 'kind', 'outbox.id', 'rejected as code', 'rejected_at as at', 'seen_by'])
    .where((eb) => eb.and(key))
    .where('rejected', 'is not', null)
    .orderBy(sql`seen_by is not null`)
    .orderBy('rejected_at', 'desc')
    .orderBy('seq', 'desc')
    .limit(most)
    .execute();
  const rows = [
    ...up.map(({ epoch, ...row }) => rejected('up', `up:${epoch}:${row.seq}`, row)),
    ...down.map((row) => rejected('down', `down::${row.seq}`, row)),
  ];
  const isSeen = ({ seenBy }: RejectedRow) => Number(seenBy !== null);
  return rows.toSorted((a, b) => isSeen(a) - isSeen(b) || (b.at ?? 0) - (a.at ?? 0)).slice(0, most);
}

type Found = Pick<RejectedRow, 'terminal' | 'kind' | 'id' | 'at'> & {
  readonly code: string | null;
  readonly seen_by: string | null;
};

const rejected = (
  direction: RejectedRow['direction'],
  row: string,
  { terminal: own, kind, id, code, at, seen_by: seenBy }: Found,
): RejectedRow => ({ terminal: own, direction, row, kind, id, code: code ?? '', at, seenBy });

const row = v.pipe(text, v.regex(/^(up:[^:]+|down:):\d+$/));

export const rowCommand = v.variant('command', [
  /** A person looked at it; nothing comes of it. */
  v.strictObject({ command: v.literal('row-seen'), terminal, row, by: signed }),
  /** What stood in its way is mended: it is sent, or applied here, again. */
  v.strictObject({ command: v.literal('row-again'), terminal, row, by: signed }),
]);
export type RowCommand = v.InferOutput<typeof rowCommand>;

type RowOutcome = 'done' | 'NOT_FOUND' | 'ILLEGAL_STATE';

/** In the caller's transaction. */
export async function carryOutRow(
  host: Host,
  trx: HostTrx,
  to: TerminalRef,
  order: RowCommand,
  by: string,
): Promise<RowOutcome> {
  const stream = await streamOf(trx, to);
  const [direction, epoch = '', seq] = order.row.split(':');
  const change = order.command === 'row-seen' ? { seen_by: by } : 'again';
  if (direction === 'down') return changeDown(trx, stream, Number(seq), change);
  return changeUp(host, trx, stream, { epoch, seq: Number(seq) }, change);
}

type Change = { readonly seen_by: string } | 'again';

/** Again: behind all others, under the id that it had. */
async function changeDown(trx: HostTrx, stream: Stream, seq: number, change: Change): Promise<RowOutcome> {
  const last = stream.down_highest + 1;
  const { numUpdatedRows } = await trx
    .updateTable('outbox')
    .set(change === 'again' ? { seq: last, rejected: null, rejected_at: null, seen_by: null } : change)
    .where((eb) => eb.and({ stream: stream.id, seq }))
    .where('rejected', 'is not', null)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return 'NOT_FOUND';
  if (change === 'again')
    await trx.updateTable('stream').set({ down_highest: last }).where('id', '=', stream.id).execute();
  return 'done';
}

async function changeUp(
  host: Host,
  trx: HostTrx,
  stream: Stream,
  place: { readonly epoch: string; readonly seq: number },
  change: Change,
): Promise<RowOutcome> {
  const found = await trx
    .selectFrom('inbox')
    .selectAll()
    .where((eb) => eb.and({ stream: stream.id, ...place }))
    .where('code', 'is not', null)
    .executeTakeFirst();
  if (!found) return 'NOT_FOUND';
  if (change === 'again' && !(await isTakenNow(host, trx, stream, found))) return 'ILLEGAL_STATE';
  await trx
    .updateTable('inbox')
    .set(change === 'again' ? { state: 'applied', code: null, error: null } : change)
    .where((eb) => eb.and({ stream: stream.id, ...place }))
    .execute();
  return 'done';
}

/** False: it still can not be applied, or something else was applied under its id. */
async function isTakenNow(
  host: Host,
  trx: HostTrx,
  stream: Stream,
  { seq, kind, id, body }: Selectable<InboxTable>,
): Promise<boolean> {
  const first = await trx
    .selectFrom('inbox')
    .select('seq')
    .where((eb) => eb.and({ stream: stream.id, kind, id }))
    .where('state', 'in', ['applied', 'kept'])
    .executeTakeFirst();
  const parsed = parseUpRow([seq, kind, id, JSON.parse(body)]);
  if (first || !parsed.ok) return false;
  try {
    await applyRow(host, trx, stream, parsed.row);
    return true;
  } catch (error) {
    if (error instanceof HostReject) return false;
    throw error;
  }
}
