import { type Database, perDatabase, type Tx } from '../base/database.ts';
import type { BillRun, Difference } from './reconcile.ts';

/** All SQL of bills, their parts, runs and differences. */

const runColumns = `date, version, state, sha256, bytes, rows, gross_fen AS grossFen, fee_fen AS feeFen, made_at AS madeAt, heard_at AS heardAt,
  matched, differences, waiting, problem`;
const differenceColumns = `no, date, kind, state, payment, txn, batch, entry, stan, here, there, here_fen AS hereFen, there_fen AS thereFen,
  delta_fen AS deltaFen, channel, finding, decision, decided_by AS decidedBy, approved_by AS approvedBy, reason, waits, at, ended_at AS endedAt`;
const live = "state IN ('FOUND','INVESTIGATING')";
/** `before`: the one that was seen last. */
interface Page {
  readonly before: string | null;
  readonly limit: number;
}
/** What follows it in a list. */
const behind = `(@before IS NULL OR date < (SELECT date FROM difference WHERE no = @before)
  OR date = (SELECT date FROM difference WHERE no = @before) AND no > @before)`;
/** The newest version of each day. */
const current = 'version = (SELECT max(version) FROM bill_run n WHERE n.date = r.date)';

const statements = perDatabase((db) => ({
  insertPart: db.prepare('INSERT INTO file_part (sha256, i, at, bytes) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING'),
  part: db.prepare<[string, number], Buffer>('SELECT bytes FROM file_part WHERE sha256 = ? AND i = ?').pluck(),
  // A megabyte at a time.
  deleteParts: db.prepare(
    'DELETE FROM file_part WHERE rowid IN (SELECT rowid FROM file_part WHERE sha256 = ? ORDER BY i LIMIT 25)',
  ),
  deleteOldParts: db.prepare(
    'DELETE FROM file_part WHERE rowid IN (SELECT rowid FROM file_part WHERE at < ? ORDER BY rowid LIMIT 25)',
  ),
  wanted: db
    .prepare<[string], number>(
      "SELECT count(*) FROM bill_run WHERE state IN ('OPEN','MATCHING') AND problem IS NULL AND sha256 = ?",
    )
    .pluck(),
  insertRun:
    db.prepare(`INSERT INTO bill_run (date, version, state, sha256, bytes, rows, gross_fen, fee_fen, made_at, heard_at)
    VALUES (@date, @version, @state, @sha256, @bytes, @rows, @grossFen, @feeFen, @madeAt, @heardAt)`),
  updateRun:
    db.prepare(`UPDATE bill_run SET state = @state, matched = @matched, differences = @differences, waiting = @waiting, problem = @problem
    WHERE date = @date AND version = @version`),
  run: db.prepare<[string, number], BillRun>(`SELECT ${runColumns} FROM bill_run WHERE date = ? AND version = ?`),
  newestRun: db.prepare<[string], BillRun>(
    `SELECT ${runColumns} FROM bill_run WHERE date = ? ORDER BY version DESC LIMIT 1`,
  ),
  runs: db.prepare<[number], BillRun>(
    `SELECT ${runColumns} FROM bill_run r WHERE ${current} ORDER BY date DESC LIMIT ?`,
  ),
  due: db.prepare<
    [],
    BillRun
  >(`SELECT ${runColumns} FROM bill_run r WHERE state IN ('OPEN','MATCHING') AND problem IS NULL
    AND ${current} ORDER BY date LIMIT 1`),
  notEnough: db
    .prepare<[string], number>('SELECT count(*) FROM bill_run WHERE date = ? AND problem IS NOT NULL')
    .pluck(),
  insert:
    db.prepare(`INSERT INTO difference (no, date, kind, state, payment, txn, batch, entry, stan, here, there, here_fen, there_fen, delta_fen, channel,
      finding, decision, decided_by, approved_by, reason, waits, at, ended_at)
    VALUES (@no, @date, @kind, @state, @payment, @txn, @batch, @entry, @stan, @here, @there, @hereFen, @thereFen, @deltaFen, @channel,
      @finding, @decision, @decidedBy, @approvedBy, @reason, @waits, @at, @endedAt)`),
  update:
    db.prepare(`UPDATE difference SET state = @state, finding = @finding, decision = @decision, decided_by = @decidedBy, approved_by = @approvedBy,
      reason = @reason, waits = @waits, ended_at = @endedAt WHERE no = @no`),
  byNo: db.prepare<[string], Difference>(`SELECT ${differenceColumns} FROM difference WHERE no = ?`),
  of: db.prepare<[string, string], Difference>(
    `SELECT ${differenceColumns} FROM difference WHERE date = ? AND payment = ? ORDER BY length(no), no`,
  ),
  live: db.prepare<[string], Difference>(
    `SELECT ${differenceColumns} FROM difference WHERE ${live} AND date = ? AND kind <> 'clearing' ORDER BY no`,
  ),
  liveClearing: db.prepare<[string], Difference>(
    `SELECT ${differenceColumns} FROM difference WHERE ${live} AND kind = 'clearing' AND batch = ? ORDER BY no`,
  ),
  waiting: db.prepare<[], Difference>(
    `SELECT ${differenceColumns} FROM difference WHERE ${live} AND waits IS NOT NULL ORDER BY at, no`,
  ),
  countLive: db
    .prepare<[string], number>(`SELECT count(*) FROM difference WHERE ${live} AND date = ? AND kind <> 'clearing'`)
    .pluck(),
  countOpen: db.prepare<[], number>(`SELECT count(*) FROM difference WHERE ${live}`).pluck(),
  open: db.prepare<[Page], Difference>(
    `SELECT ${differenceColumns} FROM difference WHERE ${live} AND ${behind} ORDER BY date DESC, no LIMIT @limit`,
  ),
  all: db.prepare<[Page], Difference>(
    `SELECT ${differenceColumns} FROM difference WHERE ${behind} ORDER BY date DESC, no LIMIT @limit`,
  ),
  between: db.prepare<[string, string, string, string, number], Difference>(
    `SELECT ${differenceColumns} FROM difference WHERE date <= ? AND (date > ? OR date = ? AND no > ?) ORDER BY date, no LIMIT ?`,
  ),
}));

/** Nothing where it is here already. */
export const insertPart = (tx: Tx, sha256: string, i: number, at: number, bytes: Uint8Array): void => {
  statements(tx.db).insertPart.run(sha256, i, at, bytes);
};
export const getPart = (db: Database, sha256: string, i: number): Uint8Array | undefined =>
  statements(db).part.get(sha256, i);
/** Some of a file; how many. */
export const deleteParts = (tx: Tx, sha256: string): number => statements(tx.db).deleteParts.run(sha256).changes;
export const deleteOldParts = (tx: Tx, beforeMs: number): number =>
  statements(tx.db).deleteOldParts.run(beforeMs).changes;

/** Whether a run that is not matched yet has this file. */
export const isFileWanted = (db: Database, sha256: string): boolean => (statements(db).wanted.get(sha256) ?? 0) > 0;

export const insertRun = (tx: Tx, run: BillRun): void => {
  statements(tx.db).insertRun.run(run);
};
export const updateRun = (tx: Tx, run: BillRun): void => {
  statements(tx.db).updateRun.run(run);
};
export const getRun = (db: Database, date: string, version: number): BillRun | undefined =>
  statements(db).run.get(date, version);
export const getNewestRun = (db: Database, date: string): BillRun | undefined => statements(db).newestRun.get(date);
/** Of each day the newest version, the newest day first. */
export const getRuns = (db: Database, limit: number): readonly BillRun[] => statements(db).runs.all(limit);
/** The oldest day whose newest bill is to be matched. */
export const getDueRun = (db: Database): BillRun | undefined => statements(db).due.get();
/** Bills of a day that could not be used, or left something out. */
export const countNotEnough = (db: Database, date: string): number => statements(db).notEnough.get(date) ?? 0;

export const insertDifference = (tx: Tx, difference: Difference): void => {
  statements(tx.db).insert.run(difference);
};
export const updateDifference = (tx: Tx, difference: Difference): void => {
  statements(tx.db).update.run(difference);
};
export const getDifference = (db: Database, no: string): Difference | undefined => statements(db).byNo.get(no);
/** Every one of a day about this payment, the oldest first. */
export const getDifferencesOf = (db: Database, date: string, payment: string): readonly Difference[] =>
  statements(db).of.all(date, payment);
/** Of bills, in order of number. */
export const getLiveOf = (db: Database, date: string): readonly Difference[] => statements(db).live.all(date);
export const countLiveOf = (db: Database, date: string): number => statements(db).countLive.get(date) ?? 0;
export const getLiveClearing = (db: Database, batch: string): readonly Difference[] =>
  statements(db).liveClearing.all(batch);
/** Decided, but the money for its refund is not there. */
export const getWaitingForMoney = (db: Database): readonly Difference[] => statements(db).waiting.all();
/** Those that are open, of bills and clearings. */
export const countDifferences = (db: Database): number => statements(db).countOpen.get() ?? 0;
/** The newest day first. */
export const getDifferences = (db: Database, open: boolean, limit: number, before?: string): readonly Difference[] =>
  (open ? statements(db).open : statements(db).all).all({ before: before ?? null, limit });
/** Of days up to `to`, behind (`date`, `no`). */
export const getDifferencesAfter = (
  db: Database,
  to: string,
  after: { readonly date: string; readonly no: string },
  limit: number,
): readonly Difference[] => statements(db).between.all(to, after.date, after.date, after.no, limit);
