import { describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../../terminal/base/database.ts';
import { type Migration, migrate } from '../../../terminal/base/migrate.ts';

const first: Migration = { name: '0001-a', sql: "CREATE TABLE a (x TEXT) STRICT; INSERT INTO a VALUES ('kept')" };
const second: Migration = { name: '0002-b', sql: 'ALTER TABLE a ADD COLUMN y INTEGER' };
const third: Migration = { name: '0003-c', sql: 'CREATE TABLE c (z TEXT) STRICT' };

const at = (...done: readonly Migration[]): Database => {
  const db = openDatabase(':memory:');
  migrate(db, done);
  return db;
};

const tables = (db: Database): readonly unknown[] =>
  db.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'migration' ORDER BY name").pluck().all();
const history = (db: Database): readonly unknown[] =>
  db.prepare("SELECT number || ' ' || name FROM migration ORDER BY number").pluck().all();

test('a new database gets them all, in order', () => {
  const db = at(first, second, third);
  expect(tables(db)).toEqual(['a', 'c']);
  expect(history(db)).toEqual(['1 0001-a', '2 0002-b', '3 0003-c']);
});

test('an older one gets what it lacks and keeps its rows', () => {
  const db = at(first);
  migrate(db, [first, second, third]);
  expect(db.prepare('SELECT * FROM a').all()).toEqual([{ x: 'kept', y: null }]);
  expect(history(db).length).toBe(3);
});

test('the newest is left alone', () => {
  const db = at(first, second);
  migrate(db, [first, second]);
  expect(history(db)).toEqual(['1 0001-a', '2 0002-b']);
});

describe('refused, and nothing is changed', () => {
  test.each<[string, readonly Migration[], readonly Migration[], string]>([
    ['a database newer than the program', [first, second, third], [first, second], 'DATABASE_NEWER'],
    [
      'a migration that was changed after its release',
      [first, second],
      [first, { ...second, sql: 'SELECT 1' }, third],
      'DATABASE_CORRUPT',
    ],
    ['migrations in another order', [first, third], [first, second, third], 'DATABASE_CORRUPT'],
    [
      'a migration that was taken out',
      [first, second, third],
      [first, third, { name: '0003-d', sql: 'SELECT 2' }],
      'DATABASE_CORRUPT',
    ],
  ])('%s', (_, done, program, code) => {
    const db = at(...done);
    const before = [tables(db), history(db)];
    expect(() => migrate(db, program)).toThrow(expect.objectContaining({ code }));
    expect([tables(db), history(db)]).toEqual(before);
  });

  test('a history with a gap', () => {
    const db = at(first, second);
    db.exec('DELETE FROM migration WHERE number = 1');
    expect(() => migrate(db, [first, second])).toThrow(expect.objectContaining({ code: 'DATABASE_CORRUPT' }));
  });
});

test('a migration that fails half way is undone; those before it stay', () => {
  const db = at(first);
  const broken: Migration = {
    name: '0003-broken',
    sql: 'CREATE TABLE half (x TEXT) STRICT; INSERT INTO nowhere VALUES (1)',
  };
  expect(() => migrate(db, [first, second, broken])).toThrow('nowhere');
  expect([tables(db), history(db)]).toEqual([['a'], ['1 0001-a', '2 0002-b']]);
});

test('a backup is taken before the first change to a database that has data, and only then', () => {
  const seen: (readonly unknown[])[] = [];
  const db = openDatabase(':memory:');
  const backup = () => seen.push(history(db));
  migrate(db, [first], backup);
  migrate(db, [first], backup);
  expect(seen).toEqual([]);
  migrate(db, [first, second, third], backup);
  expect(seen).toEqual([['1 0001-a']]);
});

test('a backup that fails stops the migration', () => {
  const db = at(first);
  const backup = () => {
    throw new RangeError('no room');
  };
  expect(() => migrate(db, [first, second], backup)).toThrow('no room');
  expect(history(db)).toEqual(['1 0001-a']);
});
