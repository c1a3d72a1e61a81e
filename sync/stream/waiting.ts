import type Sqlite from 'better-sqlite3';

const prepared = new WeakMap<Sqlite.Database, Sqlite.Statement<[string, string, string], number>>();

/** How many rows of `kind` whose id begins with `prefix` the host has not acknowledged yet. */
export function waitingRows(db: Sqlite.Database, kind: string, prefix: string): number {
  let statement = prepared.get(db);
  if (!statement) {
    // \uFFFF sorts behind every character that an id may hold, so the range is the prefix.
    statement = db
      .prepare<[string, string, string], number>(
        `SELECT count(*) FROM outbox WHERE kind = ? AND id >= ? AND id < ? || char(65535)
           AND seq > (SELECT acked_up FROM link_state)`,
      )
      .pluck();
    prepared.set(db, statement);
  }
  return statement.get(kind, prefix, prefix) ?? 0;
}

/** Whether a row of this terminal is in the outbox, acknowledged or not. */
export const hasRow = (db: Sqlite.Database, kind: string, id: string): boolean =>
  db.prepare('SELECT 1 FROM outbox WHERE kind = ? AND id = ?').get(kind, id) !== undefined;

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
