import type { Selectable } from 'kysely';
import { rowHash } from '../stream/epoch.ts';
import type { Rejection } from '../stream/inbox.ts';
import { type Have, received } from '../stream/rules.ts';
import type { WireRow } from '../stream/wire-row.ts';
import type { TerminalRef } from './business.ts';
import type { HostStore, HostTrx } from './store.ts';
import type { StreamTable } from './stream-tables.ts';

/** The queries of the host's stream ends. */

export type Stream = Selectable<StreamTable>;

/** The stream of a terminal; made when it is seen for the first time. */
export async function streamOf(trx: HostTrx, of: TerminalRef): Promise<Stream> {
  const key = { merchant: of.merchant, terminal: of.terminal };
  const there = await trx
    .selectFrom('stream')
    .selectAll()
    .where((eb) => eb.and(key))
    .executeTakeFirst();
  if (there) return there;
  const none = { applied_up: 0, kept: 0, rejected_up: 0, down_base: 0, down_highest: 0, down_acked: 0 };
  return await trx
    .insertInto('stream')
    .values({ ...key, ...none, epoch: null, down_epoch: null })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** What the host has of the terminal's current epoch. */
export async function haveOf(trx: HostTrx, stream: Stream): Promise<Have> {
  const have: Have = { upTo: stream.applied_up, ranges: [] };
  const { epoch } = stream;
  if (stream.kept === 0 || epoch === null) return have;
  const kept = await trx
    .selectFrom('inbox')
    .select('seq')
    .where((eb) => eb.and({ stream: stream.id, epoch }))
    .where('seq', '>', stream.applied_up)
    .orderBy('seq')
    .execute();
  return kept.reduce((sum, { seq }) => received(sum, seq), have);
}

/** For the welcome: the hash of the last row that was applied, as it came; null when there is none in this epoch, or no longer. */
export async function lastHashOf(trx: HostTrx, stream: Stream): Promise<string | null> {
  const row = await trx
    .selectFrom('inbox')
    .select(['kind', 'id', 'body'])
    .where((eb) => eb.and({ stream: stream.id, epoch: stream.epoch ?? '', seq: stream.applied_up }))
    .executeTakeFirst();
  return row ? rowHash(row) : null;
}

/** Rows of the current epoch from `fromSeq` that were not applied, with their codes. */
export async function rejectionsOf(trx: HostTrx, stream: Stream, fromSeq: number): Promise<Rejection[]> {
  if (stream.rejected_up < fromSeq) return [];
  const rows = await trx
    .selectFrom('inbox')
    .select(['seq', 'code'])
    .where((eb) => eb.and({ stream: stream.id, epoch: stream.epoch ?? '' }))
    .where('seq', '>=', fromSeq)
    .where('code', 'is not', null)
    .orderBy('seq')
    .execute();
  return rows.map(({ seq, code }) => ({ seq, code: code ?? '' }));
}

/** Highest seq from above on the wire, as it is now. */
export async function downHighest(store: HostStore, streamId: number): Promise<number> {
  const stream = await store
    .selectFrom('stream')
    .select(['down_highest', 'down_base'])
    .where('id', '=', streamId)
    .executeTakeFirstOrThrow();
  return stream.down_highest - stream.down_base;
}

/** Rows to the terminal by their seq on the wire, as many as `bytes` hold, at least one. */
export async function readDown(
  store: HostStore,
  stream: Stream,
  from: number,
  to: number,
  bytes: number,
): Promise<WireRow[]> {
  const base = stream.down_base;
  const rows = await store
    .selectFrom('outbox')
    .select(['seq', 'kind', 'id', 'body'])
    .where('stream', '=', stream.id)
    .where('seq', '>=', from + base)
    .where('seq', '<=', to + base)
    .orderBy('seq')
    .execute();
  let sum = 0;
  const fitting = rows.filter((row, index) => {
    sum += Buffer.byteLength(row.body);
    return index === 0 || sum <= bytes;
  });
  return fitting.map((row) => ({ ...row, seq: row.seq - base }));
}

/** The terminal applied its rows from above up to `upTo` (on the wire), and could not understand some. Returns those of which it says so for the first time. */
export async function markDown(
  trx: HostTrx,
  stream: Stream,
  { upTo, rejected }: { readonly upTo: number; readonly rejected: readonly Rejection[] },
  at: number,
): Promise<readonly { readonly kind: string; readonly id: string; readonly code: string }[]> {
  const acked = Math.min(upTo + stream.down_base, stream.down_highest);
  if (acked > stream.down_acked) {
    await trx.updateTable('stream').set({ down_acked: acked }).where('id', '=', stream.id).execute();
  }
  const news = [];
  for (const { seq, code } of rejected) {
    const row = await trx
      .updateTable('outbox')
      .set({ rejected: code, rejected_at: at })
      .where((eb) => eb.and({ stream: stream.id, seq: seq + stream.down_base }))
      .where('rejected', 'is', null)
      .returning(['kind', 'id'])
      .executeTakeFirst();
    if (row) news.push({ ...row, code });
  }
  return news;
}
