import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';

/** A home that no other process may use until `release`, or until this process ends, however it ends. */
export interface HomeLock {
  release(): void;
}

const held = new Set<Sqlite.Database>(); // what is not referred to would be closed

/** The lock is the kernel's, on an empty SQLite file, so that nothing has to be cleared away after a power cut. Undefined: another process has it. */
export function lockHome(home: string): HomeLock | undefined {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const lock = new Sqlite(join(home, 'lock'), { timeout: 0 });
  try {
    lock.pragma('journal_mode = MEMORY'); // nothing is ever written, so no journal beside it either
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (error instanceof Sqlite.SqliteError && error.code === 'SQLITE_BUSY') return undefined;
    throw error;
  }
  held.add(lock);
  return {
    release() {
      held.delete(lock);
      lock.close();
    },
  };
}
