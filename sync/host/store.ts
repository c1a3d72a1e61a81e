import Database from 'better-sqlite3';
import { Kysely, SqliteDialect, sql, type Transaction } from 'kysely';
import { type BillTables, createBillTables } from './bill-tables.ts';
import type { BusinessTables } from './business-tables.ts';
import { createBusinessTables } from './create-business-tables.ts';
import { createDeskIndexes } from './create-desk-indexes.ts';
import { createSettlementTables } from './create-settlement-tables.ts';
import { addRejectedRows, createStreamTables, type StreamTables } from './stream-tables.ts';

/** Everything the host keeps: its ends of the streams and its business, in one file, so that one transaction holds both. */
export type HostDatabase = StreamTables & BusinessTables & BillTables;
export type HostStore = Kysely<HostDatabase>;
export type HostTrx = Transaction<HostDatabase>;

/** Forward only, numbered without gaps by their place. */
const migrations: readonly ((db: Kysely<unknown>) => Promise<void>)[] = [
  createStreamTables,
  createBusinessTables,
  createSettlementTables,
  createBillTables,
  createDeskIndexes,
  addRejectedRows,
];

/**
 * Opens the host's SQLite file, which is made if it is missing, and migrates it. WAL with synchronous=FULL, asserted: better-sqlite3
 * gives NORMAL on its own, which loses committed rows in a power cut. Throws when the file is of a newer program.
 */
export async function openHostStore(file: string): Promise<HostStore> {
  const sqlite = new Database(file, { timeout: 5000 });
  sqlite.pragma('journal_mode = WAL');
  sqlite.pragma('synchronous = FULL');
  sqlite.pragma('foreign_keys = ON');
  if (sqlite.pragma('synchronous', { simple: true }) !== 2) throw new Error('host store: synchronous is not FULL');
  const dialect = () => new SqliteDialect({ database: sqlite });
  try {
    await migrate(new Kysely<unknown>({ dialect: dialect() }));
  } catch (error) {
    sqlite.close();
    throw error;
  }
  return new Kysely<HostDatabase>({ dialect: dialect() });
}

async function migrate(db: Kysely<unknown>): Promise<void> {
  await sql`create table if not exists schema_version (version integer not null primary key)`.execute(db);
  const found = await sql<{ version: number | null }>`select max(version) as version from schema_version`.execute(db);
  const version = Number(found.rows[0]?.version ?? 0);
  if (version > migrations.length) {
    throw new Error(`DATABASE_NEWER: the host store is of version ${version}, this program knows ${migrations.length}`);
  }
  for (const [index, up] of migrations.entries()) {
    if (index < version) continue;
    await db.transaction().execute(async (trx) => {
      await up(trx);
      await sql`insert into schema_version (version) values (${index + 1})`.execute(trx);
    });
  }
}
