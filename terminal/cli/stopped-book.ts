import { existsSync } from 'node:fs';
import type { Database } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';

/** Reads the book of a stopped terminal, named by `--db`. NOT_FOUND; DATABASE_CORRUPT when it is no book of a terminal. */
export async function readBook<T>(file: string, work: (db: Database) => T): Promise<T> {
  if (!existsSync(file)) throw new TerminalError('NOT_FOUND', { what: '--db', no: file });
  const { openDatabase } = await import('../base/database.ts');
  try {
    const db = openDatabase(file, { readonly: true });
    try {
      return work(db);
    } finally {
      db.close();
    }
  } catch (error) {
    if (error instanceof Error && error.name === 'SqliteError')
      throw new TerminalError('DATABASE_CORRUPT', { sqlite: error.message }, error);
    throw error;
  }
}
