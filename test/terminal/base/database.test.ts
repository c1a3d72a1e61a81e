import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AssertionFailed } from '../../../terminal/base/assert.ts';
import {
  checkpoint,
  type Database,
  growWal,
  inTransaction,
  openDatabase,
  perDatabase,
  statement,
} from '../../../terminal/base/database.ts';

let folder: string;
let file: string;
const opened: Database[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'base-'));
  file = join(folder, 'terminal.db');
});

afterEach(() => {
  for (const db of opened.splice(0)) db.close();
  rmSync(folder, { recursive: true });
});

function open(options?: { readonly?: boolean; busyTimeoutMs?: number }): Database {
  const db = openDatabase(file, options);
  opened.push(db);
  return db;
}

function withNotes(): Database {
  const db = open();
  db.exec('CREATE TABLE note (n INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT');
  return db;
}

const write = (db: Database, ...texts: readonly string[]): void =>
  inTransaction(db, (tx) => {
    for (const text of texts) tx.db.prepare('INSERT INTO note (text) VALUES (?)').run(text);
  });
const read = (db: Database): readonly unknown[] => db.prepare('SELECT text FROM note ORDER BY n').pluck().all();

describe('opening', () => {
  test.each(['a new file', 'an old file'])('%s: WAL, full sync, foreign keys', (which) => {
    if (which === 'an old file') openDatabase(file).close();
    const db = open();
    expect(
      ['journal_mode', 'synchronous', 'foreign_keys', 'page_size'].map((p) => db.pragma(p, { simple: true })),
    ).toEqual(['wal', 2, 1, 4096]);
  });

  test('a read-only handle reads what is committed and cannot write', () => {
    write(withNotes(), 'a');
    const reader = open({ readonly: true });
    expect(read(reader)).toEqual(['a']);
    expect(() => write(reader, 'b')).toThrow('readonly');
  });

  test('foreign keys are enforced', () => {
    const db = withNotes();
    db.exec('CREATE TABLE reply (note INTEGER REFERENCES note (n)) STRICT');
    expect(() => db.exec('INSERT INTO reply VALUES (7)')).toThrow('FOREIGN KEY');
  });
});

describe('one write, one transaction', () => {
  test('what is done is there for others after it, not before', () => {
    const db = withNotes();
    const other = open({ readonly: true });
    inTransaction(db, (tx) => {
      tx.db.exec("INSERT INTO note (text) VALUES ('a')");
      expect(read(other)).toEqual([]);
    });
    expect(read(other)).toEqual(['a']);
  });

  test('gives back what the work returns', () => {
    expect(inTransaction(withNotes(), () => 42)).toBe(42);
  });

  test('an error undoes all of it and goes on to the caller; the next one works', () => {
    const db = withNotes();
    const work = () =>
      inTransaction(db, (tx) => {
        tx.db.exec("INSERT INTO note (text) VALUES ('a')");
        throw new RangeError('stop');
      });
    expect(work).toThrow(RangeError);
    expect([read(db), db.inTransaction]).toEqual([[], false]);
    write(db, 'b');
    expect(read(db)).toEqual(['b']);
  });

  test('does not nest, and nothing asynchronous runs in it', () => {
    const db = withNotes();
    expect(() => inTransaction(db, () => inTransaction(db, () => 1))).toThrow(AssertionFailed);
    expect(() => inTransaction(db, async () => 1)).toThrow(AssertionFailed);
    expect(db.inTransaction).toBe(false);
  });
});

test('statements are made once for each handle', () => {
  const db = withNotes();
  const other = open();
  const count = statement('SELECT count(*) FROM note');
  expect(count(db)).toBe(count(db));
  expect(count(db)).not.toBe(count(other));
  let made = 0;
  const once = perDatabase(() => ++made);
  expect([once(db), once(db), once(other), once(db)]).toEqual([1, 1, 2, 1]);
});

test('the WAL is grown once: commits and checkpoints leave its size alone', () => {
  const db = withNotes();
  growWal(db);
  const size = () => statSync(`${file}-wal`).size;
  const grown = size();
  expect(grown).toBeGreaterThan(4 * 1024 * 1024);
  expect(db.pragma('freelist_count', { simple: true })).toBe(0);
  for (let n = 0; n < 200; n++) write(db, `note ${n}`);
  checkpoint(db);
  write(db, 'last');
  expect(size()).toBe(grown);
  expect(read(db).length).toBe(201);
});

describe('what can happen to a file', () => {
  test('locked by another program: DATABASE_BUSY, and nothing is written', () => {
    const db = withNotes();
    const other = open({ busyTimeoutMs: 20 });
    db.exec('BEGIN IMMEDIATE');
    expect(() => write(other, 'a')).toThrow(expect.objectContaining({ code: 'DATABASE_BUSY' }));
    expect(other.inTransaction).toBe(false);
    db.exec('COMMIT');
    write(other, 'b');
    expect(read(db)).toEqual(['b']);
  });

  test('disk full: DISK_FULL, everything before stays, everything of this one is undone, and room helps', () => {
    const db = withNotes();
    write(db, 'before');
    db.pragma(`max_page_count = ${db.pragma('page_count', { simple: true })}`);
    expect(() => write(db, 'small', 'x'.repeat(100_000))).toThrow(expect.objectContaining({ code: 'DISK_FULL' }));
    expect([read(db), db.inTransaction]).toEqual([['before'], false]);
    db.pragma('max_page_count = 1000000');
    write(db, 'after');
    expect(read(db)).toEqual(['before', 'after']);
  });

  test('disk full while the WAL is grown at start: DISK_FULL', () => {
    const db = withNotes();
    db.pragma(`max_page_count = ${db.pragma('page_count', { simple: true })}`);
    expect(() => growWal(db)).toThrow(expect.objectContaining({ code: 'DISK_FULL' }));
    expect(db.inTransaction).toBe(false);
  });

  test('no database at all: DATABASE_CORRUPT, and the file is left alone', () => {
    const text = 'this is not a database, it is a letter. '.repeat(50);
    writeFileSync(file, text);
    expect(() => openDatabase(file)).toThrow(expect.objectContaining({ code: 'DATABASE_CORRUPT' }));
    expect(statSync(file).size).toBe(text.length);
  });

  test('a damaged page: DATABASE_CORRUPT in the transaction that meets it', () => {
    const db = withNotes();
    for (let n = 0; n < 50; n++) write(db, 'x'.repeat(1_000));
    db.close();
    const handle = openSync(file, 'r+');
    for (let page = 1; page < 10; page++) writeSync(handle, Buffer.alloc(4096, 0xff), 0, 4096, page * 4096);
    closeSync(handle);
    const damaged = open();
    expect(() => inTransaction(damaged, () => read(damaged))).toThrow(
      expect.objectContaining({ code: 'DATABASE_CORRUPT' }),
    );
    expect(damaged.inTransaction).toBe(false);
  });

  test('other errors of SQLite are bugs and pass as they are', () => {
    const db = withNotes();
    expect(() => inTransaction(db, (tx) => tx.db.exec('INSERT INTO note VALUES (1, NULL)'))).toThrow('NOT NULL');
  });
});
