import { createHash } from 'node:crypto';
import { assert } from './assert.ts';
import { type Database, inTransaction, translated } from './database.ts';
import { TerminalError } from './errors.ts';

/** One step of the schema, forward only. `sql` never changes once released: its hash is kept. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
}

/**
 * Brings the database to the newest schema. The numbers are the places in the list, so they have no gaps; a database whose history is not the
 * beginning of this list is refused: newer → DATABASE_NEWER, other → DATABASE_CORRUPT. Lists of different owners are numbered apart, so that each grows at its end. `backup` runs before the first change to a database that has data.
 */
export function migrate(
  db: Database,
  migrations: readonly Migration[],
  backup: () => void = () => {},
  owner = 'terminal',
): void {
  const done = translated(() => history(db, owner));
  if (done.length > migrations.length) {
    throw new TerminalError('DATABASE_NEWER', { value: done.length, limit: migrations.length });
  }
  for (const [index, row] of done.entries()) {
    const migration = migrations[index];
    assert(migration, 'checked above');
    if (row.number !== index + 1 || row.sha256 !== hash(migration)) {
      throw new TerminalError('DATABASE_CORRUPT', { migration: row.name, expected: migration.name });
    }
  }
  if (done.length > 0 && done.length < migrations.length) backup();
  for (const [index, migration] of migrations.entries()) {
    if (index < done.length) continue;
    inTransaction(db, (tx) => {
      tx.db.exec(migration.sql);
      tx.db.prepare('INSERT INTO migration VALUES (?, ?, ?, ?)').run(owner, index + 1, migration.name, hash(migration));
    });
  }
}

const hash = (migration: Migration): string => createHash('sha256').update(migration.sql).digest('hex');

function history(db: Database, owner: string): readonly { number: number; name: string; sha256: string }[] {
  db.exec(`CREATE TABLE IF NOT EXISTS migration
    (owner TEXT, number INTEGER, name TEXT NOT NULL, sha256 TEXT NOT NULL, PRIMARY KEY (owner, number)) STRICT`);
  return db
    .prepare<[string], { number: number; name: string; sha256: string }>(
      'SELECT number, name, sha256 FROM migration WHERE owner = ? ORDER BY number',
    )
    .all(owner);
}
