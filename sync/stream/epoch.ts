import { createHash } from 'node:crypto';
import type Sqlite from 'better-sqlite3';
import type { WireRow } from './wire-row.ts';

/**
 * A database that is not the one the host knows: restored from a backup, or new in a device that replaces a lost one. It gets a new epoch, so that it is
 * never taken for the old one, and the host gives back what it lacks: everything after `since`, in the order in which it happened (sync.md, "book").
 */

/** The last that a book and the host are known to have in common: up to `seq` of an epoch, and up to `down` of the rows from above in it. */
export interface Since {
  readonly epoch: string;
  readonly seq: number;
  readonly down: number;
}

export interface BookState {
  readonly epoch: string;
  /** The host was not asked yet, or not everything came back. */
  readonly restoring: boolean;
  /** Null: nothing is known to be in common, as in a new database. */
  readonly since: Since | null;
}

interface StateRow {
  readonly epoch: string;
  readonly acked_up: number;
  readonly applied_down: number;
  readonly restoring: number;
  readonly since_epoch: string | null;
  readonly since_seq: number;
  readonly since_down: number;
}

function stateRow(db: Sqlite.Database): StateRow {
  const row = db.prepare<[], StateRow>('SELECT * FROM link_state').get();
  if (!row) throw new Error('epoch: the database has no link state');
  return row;
}

export function bookState(db: Sqlite.Database): BookState {
  const row = stateRow(db);
  const { epoch, since_epoch: old } = row;
  const since = old === null ? null : { epoch: old, seq: row.since_seq, down: row.since_down };
  return { epoch, restoring: row.restoring === 1, since };
}

/**
 * From here on this is another database than the one that the host knows. What the host has acknowledged is in common; rows after that go up again under
 * the new epoch, and the host sees which it had. While a book comes back, `since` stays: nothing more is in common yet.
 */
export function beginEpoch(db: Sqlite.Database, epoch: string): void {
  const old = stateRow(db);
  const since =
    old.restoring === 1
      ? [old.since_epoch, old.since_seq, old.since_down]
      : [old.epoch, old.acked_up, old.applied_down];
  db.prepare(
    `UPDATE link_state SET epoch = ?, restoring = 1, since_epoch = ?, since_seq = ?, since_down = ?, down_epoch = NULL, applied_down = 0`,
  ).run(epoch, ...since);
}

/** Everything that the host had is here. */
export function endRestore(db: Sqlite.Database): void {
  db.prepare('UPDATE link_state SET restoring = 0, since_epoch = NULL, since_seq = 0, since_down = 0').run();
}

/** Keeps a row of this terminal that came back from the host; `known`: it is here, `other`: under its id stands something else. */
export function keepRestored(db: Sqlite.Database, row: Omit<WireRow, 'seq'>): 'new' | 'known' | 'other' {
  const there = db
    .prepare<[string, string], string>('SELECT body FROM outbox WHERE kind = ? AND id = ?')
    .pluck()
    .get(row.kind, row.id);
  if (there !== undefined) return there === row.body ? 'known' : 'other';
  db.prepare(
    'INSERT INTO outbox (seq, kind, id, body) VALUES ((SELECT min(1, coalesce(min(seq), 1)) - 1 FROM outbox), ?, ?, ?)',
  ).run(row.kind, row.id, row.body);
  return 'new';
}

/** By which both ends see whether they speak of the same row. */
export const rowHash = ({ kind, id, body }: Omit<WireRow, 'seq'>): string =>
  createHash('sha256').update(`${kind}\n${id}\n${body}`).digest('hex');
