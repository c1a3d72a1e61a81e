import type Sqlite from 'better-sqlite3';

/** Whether there is a row of `kind` that the host has not acknowledged yet. By seq, not by kind: of a batch that is uploaded the first one to be looked at is one. */
export const isWaiting = (db: Sqlite.Database, kind: string): boolean =>
  db
    .prepare<[string], unknown>(
      'SELECT 1 FROM outbox WHERE seq > (SELECT acked_up FROM link_state) AND +kind = ? LIMIT 1',
    )
    .get(kind) !== undefined;

/** Whether a row of this terminal is in the outbox, acknowledged or not. */
export function hasRow(db: Sqlite.Database, kind: string, id: string): boolean {
  const find = found.get(db) ?? db.prepare('SELECT 1 FROM outbox WHERE kind = ? AND id = ?');
  found.set(db, find);
  return find.get(kind, id) !== undefined;
}

const found = new WeakMap<Sqlite.Database, Sqlite.Statement<[string, string], unknown>>();

/** Row of this terminal as it stands in the outbox. */
export interface SentRow {
  readonly kind: string;
  /** By its own time. */
  readonly at: number;
  readonly acknowledged: boolean;
  /** The host's code, where it did not take the row. */
  readonly rejected: string | null;
}

/** What is told to the host under one id, in the order in which it goes out. */
export const sentRows = (db: Sqlite.Database, id: string, kinds: readonly string[]): readonly SentRow[] =>
  db
    .prepare<[string, string], Omit<SentRow, 'acknowledged'> & { acknowledged: number }>(
      `SELECT kind, json_extract(body, '$.at') AS at, seq <= (SELECT acked_up FROM link_state) AS acknowledged, rejected
        FROM outbox WHERE kind IN (SELECT value FROM json_each(?)) AND id = ? ORDER BY seq`,
    )
    .all(JSON.stringify(kinds), id)
    .map((row) => ({ ...row, acknowledged: row.acknowledged === 1 }));
