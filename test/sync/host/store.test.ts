import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openHostStore } from '../../../sync/host/store.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'host-store-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a store commits with WAL and synchronous=FULL', async () => {
  const store = await openHostStore(join(folder, 'host.db'));
  const mode = await sql<{ journal_mode: string }>`pragma journal_mode`.execute(store);
  const synchronous = await sql<{ synchronous: number }>`pragma synchronous`.execute(store);
  expect([mode.rows[0]?.journal_mode, synchronous.rows[0]?.synchronous]).toEqual(['wal', 2]);
  await store.destroy();
});

test('opened again it keeps what it holds and migrates nothing twice', async () => {
  const file = join(folder, 'host.db');
  const first = await openHostStore(file);
  await first.insertInto('counters').values({ name: 'rrn', value: 7 }).execute();
  await first.destroy();
  const second = await openHostStore(file);
  expect(await second.selectFrom('counters').selectAll().execute()).toEqual([{ name: 'rrn', value: 7 }]);
  await second.destroy();
});

test('a column refuses what is not of its type', async () => {
  const store = await openHostStore(join(folder, 'host.db'));
  const wrong = sql`insert into counters (name, value) values ('rrn', 'seven')`;
  await expect(wrong.execute(store)).rejects.toThrow('cannot store TEXT value in INTEGER column');
  await store.destroy();
});

test('a store of a newer program is refused and left alone', async () => {
  const file = join(folder, 'host.db');
  await (await openHostStore(file)).destroy();
  const sqlite = new Database(file);
  sqlite.exec('insert into schema_version (version) values (99)');
  sqlite.close();
  await expect(openHostStore(file)).rejects.toThrow('DATABASE_NEWER');
});
