import { beforeEach, expect, test } from 'vitest';
import { type Database, inTransaction, openDatabase } from '../../../terminal/base/database.ts';
import { finishWork, nextDueAt, schedule, workDueAt } from '../../../terminal/base/due-work.ts';
import { migrate } from '../../../terminal/base/migrate.ts';
import { base } from '../../../terminal/base/migrations/0001-base.ts';

let db: Database;
beforeEach(() => {
  db = openDatabase(':memory:');
  migrate(db, [base]);
});

const plan = (kind: string, about: string, dueAt: number): void =>
  inTransaction(db, (tx) => schedule(tx, kind, about, dueAt));
const due = (now: number): readonly string[] =>
  workDueAt(db, now).map((work) => `${work.kind} ${work.about} ${work.dueAt} ${work.attempts}`);

test('nothing to do', () => {
  expect([due(1_000), nextDueAt(db)]).toEqual([[], null]);
});

test('due at its time and not before, the oldest first', () => {
  plan('reverse', 'T2', 200);
  plan('reverse', 'T1', 100);
  plan('close', 'B1', 200);
  expect([due(99), nextDueAt(db)]).toEqual([[], 100]);
  expect(due(100)).toEqual(['reverse T1 100 0']);
  expect(due(200)).toEqual(['reverse T1 100 0', 'close B1 200 0', 'reverse T2 200 0']);
});

test('planned again: one row, at the new time, one attempt more', () => {
  for (const time of [100, 150, 300]) plan('reverse', 'T1', time);
  expect(due(299)).toEqual([]);
  expect(due(300)).toEqual(['reverse T1 300 2']);
});

test('done is gone, and done twice is no harm', () => {
  plan('reverse', 'T1', 100);
  plan('reverse', 'T2', 100);
  for (let n = 0; n < 2; n++) inTransaction(db, (tx) => finishWork(tx, 'reverse', 'T1'));
  expect(due(100)).toEqual(['reverse T2 100 0']);
});

test('a transaction that is undone plans nothing', () => {
  const undone = () =>
    inTransaction(db, (tx) => {
      schedule(tx, 'reverse', 'T1', 100);
      throw new RangeError('stop');
    });
  expect(undone).toThrow(RangeError);
  expect(nextDueAt(db)).toBeNull();
});

test('a hundred at a time', () => {
  inTransaction(db, (tx) => {
    for (let n = 0; n < 150; n++) schedule(tx, 'reverse', `T${n}`, n);
  });
  expect(due(1_000).length).toBe(100);
});
