import * as v from 'valibot';
import { SyncError } from '../errors.ts';
import { downRows, type NewDownRow } from '../protocol/rows.ts';
import { maxBodyBytes } from '../stream/send.ts';
import type { TerminalRef } from './business.ts';
import type { HostTrx } from './store.ts';
import { streamOf } from './stream-store.ts';

/**
 * Puts a row for a terminal into its outbox, inside the caller's transaction. The same kind, id and body again is the same row; call
 * `HostLink.wake` after the commit. Throws BAD_MESSAGE when the body breaks the contract of its kind or is over 60,000 bytes, and when the same
 * id comes with another body: bugs of the caller.
 */
export async function sendDown(trx: HostTrx, to: TerminalRef, row: NewDownRow): Promise<void> {
  const parsed = v.safeParse(downRows[row.kind], row.body, { abortEarly: true });
  if (!parsed.success) {
    const at = v.getDotPath(parsed.issues[0]) ?? '';
    throw new SyncError('BAD_MESSAGE', `${row.kind} breaks its contract at ${at}`, { kind: row.kind, at });
  }
  const body = JSON.stringify(parsed.output);
  if (Buffer.byteLength(body) > maxBodyBytes) {
    throw new SyncError('BAD_MESSAGE', `${row.kind} is too large`, { kind: row.kind, limit: maxBodyBytes });
  }
  const stream = await streamOf(trx, to);
  const there = await trx
    .selectFrom('outbox')
    .select('body')
    .where((eb) => eb.and({ stream: stream.id, kind: row.kind, id: row.id }))
    .executeTakeFirst();
  if (there?.body === body) return;
  if (there) throw new SyncError('BAD_MESSAGE', `${row.kind} ${row.id} was sent before with another body`);
  const seq = stream.down_highest + 1;
  await trx
    .insertInto('outbox')
    .values({ stream: stream.id, seq, kind: row.kind, id: row.id, body, rejected: null })
    .execute();
  await trx.updateTable('stream').set({ down_highest: seq }).where('id', '=', stream.id).execute();
}
