import Sqlite from 'better-sqlite3';
import { assert } from './assert.ts';
import { TerminalError } from './errors.ts';

export type Database = Sqlite.Database;

declare const inside: unique symbol;
/** Proof that a transaction is open. Only `inTransaction` makes one, so whatever writes must be inside (design.md, rule 1). */
export interface Tx {
  readonly db: Database;
  readonly [inside]: true;
}

/**
 * Opens the book: WAL, synchronous=FULL (better-sqlite3 gives NORMAL without a word, which loses acknowledged sales), foreign keys.
 * Throws DATABASE_CORRUPT, DATABASE_BUSY, DISK_FULL.
 */
export function openDatabase(
  file: string,
  options: { readonly readonly?: boolean; readonly busyTimeoutMs?: number } = {},
): Database {
  return translated(() => {
    const db = new Sqlite(file, { readonly: options.readonly ?? false, timeout: options.busyTimeoutMs ?? 5_000 });
    try {
      if (!options.readonly) db.pragma('journal_mode = WAL');
      db.pragma('synchronous = FULL');
      db.pragma('foreign_keys = ON');
      db.pragma('cache_size = -4000'); // KiB, in place of better-sqlite3's 16 MB: a sale touches a few dozen pages
      db.pragma('recursive_triggers = ON'); // else INSERT OR REPLACE would slip past the triggers that forbid a delete
      assert(db.pragma('synchronous', { simple: true }) === 2, 'synchronous is FULL');
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  });
}

/**
 * Grows the WAL file once, so that later commits reuse its blocks: a growing WAL costs two flushes a sale on a journalled file system, a
 * reused one costs one (toolchain.md, trap 10). A transaction too large for a small cache spills into the WAL and is undone, so nothing of
 * it reaches the database file; the commit behind it brings the blocks to the device.
 */
export function growWal(db: Database): void {
  translated(() => {
    const cacheSize = db.pragma('cache_size', { simple: true });
    db.pragma('cache_size = 10');
    try {
      db.exec('BEGIN; CREATE TABLE wal_room (data BLOB); INSERT INTO wal_room VALUES (zeroblob(4 << 20))');
    } finally {
      if (db.inTransaction) db.exec('ROLLBACK');
      db.pragma(`cache_size = ${cacheSize}`);
    }
    db.pragma(`user_version = ${db.pragma('user_version', { simple: true })}`);
    db.pragma('wal_checkpoint(RESTART)');
    db.pragma('wal_autocheckpoint = 0'); // checkpoints run when the terminal is idle, never in a sale
  });
}

/** Moves the WAL into the database file; for the idle screen. The file keeps its size. */
export function checkpoint(db: Database): void {
  translated(() => db.pragma('wal_checkpoint(PASSIVE)'));
}

/** One write, one transaction: BEGIN IMMEDIATE, synchronous, nothing asynchronous inside. Throws DISK_FULL, DATABASE_BUSY, DATABASE_CORRUPT. */
export function inTransaction<T>(db: Database, work: (tx: Tx) => T): T {
  assert(!db.inTransaction, 'transactions do not nest');
  return translated(() => {
    begin(db).run();
    try {
      const result = work({ db } as Tx);
      assert(!(result instanceof Promise), 'nothing asynchronous inside a transaction');
      commit(db).run();
      return result;
    } catch (error) {
      if (db.inTransaction) rollback(db).run();
      throw error;
    }
  });
}

/** Many reads that see one state of the book. Throws DATABASE_BUSY, DATABASE_CORRUPT. */
export function inSnapshot<T>(db: Database, read: () => T): T {
  if (db.inTransaction) return translated(read);
  return translated(() => db.transaction(read).deferred());
}

/** Makes something once for each database handle, such as prepared statements. */
export function perDatabase<T>(make: (db: Database) => T): (db: Database) => T {
  const made = new WeakMap<Database, T>();
  return (db) => {
    let value = made.get(db);
    if (value === undefined) {
      value = make(db);
      made.set(db, value);
    }
    return value;
  };
}

/** A prepared statement, made once for each handle. */
export const statement = (sql: string): ((db: Database) => Sqlite.Statement<unknown[], unknown>) =>
  perDatabase((db) => db.prepare(sql));

const begin = statement('BEGIN IMMEDIATE');
const commit = statement('COMMIT');
const rollback = statement('ROLLBACK');

/** Runs `work`; what SQLite says becomes DISK_FULL, DATABASE_BUSY or DATABASE_CORRUPT where it is one of these. */
export function translated<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw translate(error) ?? error;
  }
}

/** Undefined for what is none of these. */
export function translate(error: unknown): TerminalError | undefined {
  if (!(error instanceof Sqlite.SqliteError)) return undefined;
  const details = { sqlite: error.code };
  if (error.code.startsWith('SQLITE_FULL') || error.code === 'SQLITE_IOERR_WRITE')
    return new TerminalError('DISK_FULL', details, error);
  if (error.code.startsWith('SQLITE_BUSY') || error.code.startsWith('SQLITE_LOCKED'))
    return new TerminalError('DATABASE_BUSY', details, error);
  if (error.code.startsWith('SQLITE_CORRUPT') || error.code === 'SQLITE_NOTADB')
    return new TerminalError('DATABASE_CORRUPT', details, error);
  return undefined;
}
