import type Sqlite from 'better-sqlite3';
import * as v from 'valibot';
import { SyncError } from '../errors.ts';
import { fitsOf } from '../protocol/fits.ts';
import { type NewUpRow, upRows } from '../protocol/rows.ts';

/** Bytes of a row's body; well below what one message can carry, so that no row can block the stream by its size. */
export const maxBodyBytes = 60_000;

const prepare = (db: Sqlite.Database) => ({
  insert: db.prepare<[string, string, string]>(
    'INSERT INTO outbox (kind, id, body) VALUES (?, ?, ?) ON CONFLICT (kind, id) DO NOTHING',
  ),
  find: db.prepare<[string, string], { seq: number; body: string }>(
    'SELECT seq, body FROM outbox WHERE kind = ? AND id = ?',
  ),
});
const prepared = new WeakMap<Sqlite.Database, ReturnType<typeof prepare>>();

const replaying = new WeakSet<Sqlite.Database>();

/** Runs `work`, in which nothing new is said to the host: it repeats what the host has heard already (epoch.ts). */
export function inReplay<T>(db: Sqlite.Database, work: () => T): T {
  replaying.add(db);
  try {
    return work();
  } finally {
    replaying.delete(db);
  }
}

/**
 * Puts a row for the host into the outbox, inside the caller's transaction, and returns its seq. The same kind, id and body again is the same row.
 * Call `Link.wake` after the commit. In a replay nothing is put there, and 0 comes back. Throws BAD_MESSAGE when the body breaks the contract of its kind or is over 60,000 bytes, and
 * when the same id comes with another body: all of these are bugs of the caller.
 */
export function send(db: Sqlite.Database, row: NewUpRow): number {
  if (!db.inTransaction) throw new Error('send: a row goes out only with the transaction of what it tells');
  if (replaying.has(db)) return 0;
  const body = JSON.stringify(checked(row));
  if (body.length > maxBodyBytes / 3 && Buffer.byteLength(body) > maxBodyBytes) {
    throw new SyncError('BAD_MESSAGE', `${row.kind} is too large`, { kind: row.kind, limit: maxBodyBytes });
  }
  let statements = prepared.get(db);
  if (!statements) {
    statements = prepare(db);
    prepared.set(db, statements);
  }
  const { changes, lastInsertRowid } = statements.insert.run(row.kind, row.id, body);
  if (changes === 1) return Number(lastInsertRowid);
  const there = statements.find.get(row.kind, row.id);
  if (there?.body !== body) {
    throw new SyncError('BAD_MESSAGE', `${row.kind} ${row.id} was sent before with another body`, { kind: row.kind });
  }
  return there.seq;
}

const fitsByKind = new Map(Object.entries(upRows).map(([kind, schema]) => [kind, fitsOf(schema)]));

/** The body as its contract knows it: unknown fields are dropped. */
function checked(row: NewUpRow): unknown {
  if (fitsByKind.get(row.kind)?.(row.body)) return row.body;
  const parsed = v.safeParse(upRows[row.kind], row.body, { abortEarly: true });
  if (parsed.success) return parsed.output;
  const at = v.getDotPath(parsed.issues[0]) ?? '';
  throw new SyncError('BAD_MESSAGE', `${row.kind} breaks its contract at ${at}`, { kind: row.kind, at });
}
