import { type Database, perDatabase, type Tx } from '../base/database.ts';
import type { ExportJob } from './export.ts';

/** All SQL of export jobs. Columns come out under the names of `ExportJob`. */

const columns = `id, kind, format, language, from_day AS "from", to_day AS "to", about, name, state, requested_by AS by, role, requested_at AS at,
  of_rows AS "of", rows, bytes, sha256, valid_until AS validUntil, problem`;

const statements = perDatabase((db) => ({
  insert:
    db.prepare(`INSERT INTO export (id, kind, format, language, from_day, to_day, about, name, state, requested_by, role, requested_at, of_rows)
    VALUES (@id, @kind, @format, @language, @from, @to, @about, @name, @state, @by, @role, @at, @of)`),
  update: db.prepare(
    'UPDATE export SET state = @state, rows = @rows, bytes = @bytes, sha256 = @sha256, valid_until = @validUntil, problem = @problem WHERE id = @id',
  ),
  byId: db.prepare<[string], ExportJob>(`SELECT ${columns} FROM export WHERE id = ?`),
  // The few jobs of a month are looked through.
  ofKey: db.prepare<[string], ExportJob>(`SELECT ${columns} FROM export WHERE substr(id, 11) = ?`),
  ready: db.prepare<[], { files: number; bytes: number }>(
    "SELECT count(*) AS files, coalesce(sum(bytes), 0) AS bytes FROM export WHERE state = 'READY'",
  ),
  newest: db.prepare<[string, number], ExportJob>(
    `SELECT ${columns} FROM export WHERE kind IN (SELECT value FROM json_each(?)) ORDER BY id DESC LIMIT ?`,
  ),
  // Ids are in the order of time.
  inState: db.prepare<[string], ExportJob>(
    `SELECT ${columns} FROM export WHERE state = ? AND state IN ('QUEUED','RUNNING','READY') ORDER BY id LIMIT 100`,
  ),
  old: db.prepare("DELETE FROM export WHERE state IN ('EXPIRED','FAILED') AND requested_at < ?"),
}));

export const insertExport = (tx: Tx, job: ExportJob): void => {
  statements(tx.db).insert.run(job);
};

export const updateExport = (tx: Tx, job: ExportJob): void => {
  statements(tx.db).update.run(job);
};

export const getExport = (db: Database, id: string): ExportJob | undefined => statements(db).byId.get(id);
/** One whose number ends so: a number is its time, then chance or the hash of a key. */
export const getExportOfKey = (db: Database, end: string): ExportJob | undefined => statements(db).ofKey.get(end);
/** What READY files come to. */
export const getReady = (db: Database): { readonly files: number; readonly bytes: number } =>
  statements(db).ready.get() ?? { files: 0, bytes: 0 };
/** The newest first, of these kinds. */
export const getExports = (db: Database, kinds: readonly string[], limit: number): readonly ExportJob[] =>
  statements(db).newest.all(JSON.stringify(kinds), limit);
/** The oldest first, at most 100. */
export const getExportsIn = (db: Database, state: 'QUEUED' | 'RUNNING' | 'READY'): readonly ExportJob[] =>
  statements(db).inState.all(state);
/** Deletes ended ones of before `beforeMs`. Returns how many. */
export const deleteExports = (tx: Tx, beforeMs: number): number => statements(tx.db).old.run(beforeMs).changes;
