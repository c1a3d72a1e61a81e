import type Sqlite from 'better-sqlite3';
import { bookState } from './epoch.ts';

/** Rows deleted with one commit: a sale may come between two. */
const slice = 500;

const deletable = `seq <= (SELECT acked_up FROM link_state) AND seq <> (SELECT max(seq) FROM outbox)
  AND rejected IS NULL AND set_aside = 0`;

/**
 * Deletes, in the caller's transaction, the oldest rows that the host has acknowledged and that say of themselves that they are from before `beforeMs`; at
 * most 500 of each sort. Rows in trouble stay, and so does the highest, so that no seq comes twice. Returns how many: 0 when there is nothing more.
 */
export function pruneOutbox(db: Sqlite.Database, beforeMs: number): number {
  if (bookState(db).restoring) return 0;
  // Rows that came back with a restored book count downwards: -1 is older than -2.
  const oldest = [
    `SELECT seq FROM outbox WHERE seq > 0 AND ${deletable} ORDER BY seq LIMIT ${slice}`,
    `SELECT seq FROM outbox WHERE seq <= 0 AND ${deletable} ORDER BY seq DESC LIMIT ${slice}`,
  ];
  return oldest.reduce((sum, seqs) => {
    const { changes } = db
      .prepare(`DELETE FROM outbox WHERE seq IN (${seqs}) AND json_extract(body, '$.at') < ?`)
      .run(beforeMs);
    return sum + changes;
  }, 0);
}

/**
 * Erases, in the caller's transaction, the sealed card of a row that the host has (payments.md, Card data). False: not yet; the highest row that both have
 * in common stays as it was sent, since both ends compare it (epoch.ts).
 */
export function eraseSealed(db: Sqlite.Database, kind: 'store-sale', id: string): boolean {
  const row = db
    .prepare<[string, string], { delivered: number }>(
      'SELECT seq < (SELECT acked_up FROM link_state) AS delivered FROM outbox WHERE kind = ? AND id = ? AND rejected IS NULL',
    )
    .get(kind, id);
  if (!row) return true;
  if (row.delivered === 1)
    db.prepare(`UPDATE outbox SET body = json_remove(body, '$.facts.sealed') WHERE kind = ? AND id = ?`).run(kind, id);
  return row.delivered === 1;
}

/** Deletes, in the caller's transaction, what was kept of rows from above that could not be understood, from before `beforeMs`. */
export const pruneRejected = (db: Sqlite.Database, beforeMs: number): number =>
  db.prepare('DELETE FROM down_rejected WHERE at < ?').run(beforeMs).changes;
