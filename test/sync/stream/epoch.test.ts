import Sqlite from 'better-sqlite3';
import { beforeEach, describe, expect, it } from 'vitest';
import { beginEpoch, bookState, endRestore, keepRestored } from '../../../sync/stream/epoch.ts';
import { streamMigrations } from '../../../sync/stream/migrations.ts';
import { Outbox, outboxSummary } from '../../../sync/stream/outbox.ts';
import { pruneOutbox, pruneRejected } from '../../../sync/stream/prune.ts';
import { inReplay, send } from '../../../sync/stream/send.ts';
import { isWaiting } from '../../../sync/stream/waiting.ts';
import { upRow } from '../world.ts';

let db: Sqlite.Database;
beforeEach(() => {
  db = new Sqlite(':memory:');
  for (const { sql } of streamMigrations) db.exec(sql);
});

const sell = (from: number, to: number) =>
  db.transaction(() => {
    for (let n = from; n <= to; n++) send(db, upRow(n));
  })();
const acknowledge = (upTo: number) => new Outbox(db).mark(upTo, new Map());
const rowOf = (n: number) => ({ kind: 'settlement-checked', id: `check-${n}`, body: JSON.stringify(upRow(n).body) });
const seqs = () => db.prepare<[], number>('SELECT seq FROM outbox ORDER BY seq').pluck().all();

describe('a database that is another one for the host', () => {
  it('is new until the host was asked', () => {
    expect(bookState(db)).toMatchObject({ restoring: true, since: null });
    endRestore(db);
    expect(bookState(db)).toMatchObject({ restoring: false, since: null });
  });

  it('knows what it has in common with the old one: what was acknowledged, and what was applied from above', () => {
    endRestore(db);
    const old = bookState(db);
    sell(1, 9);
    acknowledge(6);
    db.exec("UPDATE link_state SET down_epoch = 'd', applied_down = 4");
    beginEpoch(db, 'e2');
    expect(bookState(db)).toEqual({ epoch: 'e2', restoring: true, since: { epoch: old.epoch, seq: 6, down: 4 } });
    expect(new Outbox(db).ackedUp()).toBe(6);
  });

  it('has no more in common when it is put back again before everything came', () => {
    endRestore(db);
    const old = bookState(db);
    sell(1, 3);
    acknowledge(3);
    beginEpoch(db, 'e2');
    sell(4, 9);
    acknowledge(9);
    beginEpoch(db, 'e3');
    expect(bookState(db)).toEqual({ epoch: 'e3', restoring: true, since: { epoch: old.epoch, seq: 3, down: 0 } });
  });

  it('keeps what came back without ever sending it, and goes on counting from 1', () => {
    expect(keepRestored(db, rowOf(1))).toBe('new');
    expect(keepRestored(db, rowOf(2))).toBe('new');
    expect(keepRestored(db, rowOf(1))).toBe('known');
    expect(keepRestored(db, { ...rowOf(2), body: '{}' })).toBe('other');
    expect(outboxSummary(db, 0).waiting).toBe(0);
    expect(isWaiting(db, 'settlement-checked')).toBe(false);
    sell(3, 4);
    expect(seqs()).toEqual([-1, 0, 1, 2]);
    expect(outboxSummary(db, 0).waiting).toBe(2);
  });

  it('says nothing in a replay, and speaks again afterwards', () => {
    db.transaction(() => inReplay(db, () => expect(send(db, upRow(1))).toBe(0)))();
    expect(seqs()).toEqual([]);
    expect(() =>
      inReplay(db, () => {
        throw new Error('a bug');
      }),
    ).toThrow('a bug');
    sell(1, 1);
    expect(seqs()).toEqual([1]);
  });
});

describe('rows that the host has had for long', () => {
  const at = (n: number) => upRow(n).body.at;
  beforeEach(() => endRestore(db));

  it('go, the oldest first; what is not acknowledged, in trouble, or the highest stays', () => {
    sell(1, 20);
    acknowledge(10);
    db.exec("UPDATE outbox SET rejected = 'BAD_BODY' WHERE seq = 3; UPDATE outbox SET set_aside = 1 WHERE seq = 4");
    expect(pruneOutbox(db, at(8))).toBe(5);
    expect(seqs()).toEqual([3, 4, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
    expect(pruneOutbox(db, at(8))).toBe(0);
    acknowledge(20);
    expect(pruneOutbox(db, at(99))).toBe(12);
    expect(seqs()).toEqual([3, 4, 20]);
    sell(21, 21);
    expect(seqs().at(-1)).toBe(21);
  });

  it('go although newer ones came back behind them', () => {
    for (const n of [1, 2, 30]) keepRestored(db, rowOf(n));
    expect(pruneOutbox(db, at(3))).toBe(1);
    expect(seqs()).toEqual([-2, 0]); // the highest of all stays, whatever its age
    sell(40, 40);
    expect(pruneOutbox(db, at(3))).toBe(1);
    expect(seqs()).toEqual([-2, 1]);
  });

  it('stay as long as a book is coming back', () => {
    sell(1, 5);
    acknowledge(5);
    beginEpoch(db, 'e2');
    expect(pruneOutbox(db, at(99))).toBe(0);
  });

  it('can not be deleted by mistake', () => {
    sell(1, 5);
    acknowledge(3);
    for (const seq of [4, 5])
      expect(() => db.exec(`DELETE FROM outbox WHERE seq = ${seq}`)).toThrow('only rows that the host has');
    acknowledge(5);
    expect(() => db.exec('DELETE FROM outbox WHERE seq = 5')).toThrow('never the highest');
  });

  it('and what was not understood from above', () => {
    const insert = db.prepare("INSERT INTO down_rejected VALUES ('d', ?, 'k', 'i', '{}', 'BAD_BODY', '', ?)");
    insert.run(1, 100);
    insert.run(2, 200);
    expect(pruneRejected(db, 200)).toBe(1);
  });
});
