import Sqlite from 'better-sqlite3';
import { beforeEach, describe, expect, it } from 'vitest';
import type { NewUpRow } from '../../../sync/protocol/rows.ts';
import { streamMigrations } from '../../../sync/stream/migrations.ts';
import { Outbox, outboxSummary, troubledRows } from '../../../sync/stream/outbox.ts';
import { send } from '../../../sync/stream/send.ts';
import { isWaiting } from '../../../sync/stream/waiting.ts';
import { upRow } from '../world.ts';

let db: Sqlite.Database;
const sendAll = (...rows: NewUpRow[]) => db.transaction(() => rows.map((row) => send(db, row)))();
const broken = (change: Record<string, unknown>): NewUpRow => {
  const row = upRow(1);
  Object.assign(row.body, change);
  return row;
};

beforeEach(() => {
  db = new Sqlite(':memory:');
  for (const migration of streamMigrations) db.exec(migration.sql);
});

describe('send', () => {
  it('numbers rows without a gap, also after a transaction that failed', () => {
    sendAll(upRow(1), upRow(2));
    expect(() =>
      db.transaction(() => {
        send(db, upRow(3));
        throw new Error('the sale failed');
      })(),
    ).toThrow('the sale failed');
    expect(sendAll(upRow(4), upRow(5))).toEqual([3, 4]);
  });

  it('takes the same row again for the same row', () => {
    expect(sendAll(upRow(1), upRow(2), upRow(1), upRow(3))).toEqual([1, 2, 1, 3]);
  });

  it.each<[string, () => NewUpRow]>([
    [
      'an amount below zero in a journal',
      () =>
        broken({
          journals: [
            {
              key: 'k',
              event: 'J-01',
              no: 'n',
              at: 1,
              by: '01',
              lines: [
                ['2002', 'D', -1],
                ['2001', 'C', -1],
              ],
            },
          ],
        }),
    ],
    ['a time that is no number', () => broken({ at: '2026-11-22' })],
    [
      'a body over 60,000 bytes',
      () =>
        broken({
          journals: Array.from({ length: 200 }, (_, i) => ({
            key: `${i}`.padEnd(120, '键'),
            event: 'J-01',
            no: 'n',
            at: 1,
            by: '01',
            lines: [
              ['2002', 'D', 1],
              ['2001', 'C', 1],
            ],
          })),
        }),
    ],
  ])('refuses %s and writes nothing', (_, row) => {
    expect(() => sendAll(row())).toThrow(expect.objectContaining({ code: 'BAD_MESSAGE' }));
    expect(outboxSummary(db, 0).waiting).toBe(0);
  });

  it('refuses the same id with another body', () => {
    sendAll(upRow(1));
    const other = upRow(1);
    Object.assign(other.body, { at: 5 });
    expect(() => sendAll(other)).toThrow('was sent before with another body');
  });

  it('refuses a row that stands alone', () => {
    expect(() => send(db, upRow(1))).toThrow('only with the transaction');
  });

  it('sends nothing that the contract does not know', () => {
    sendAll(broken({ surprise: 1 }));
    expect(db.prepare('SELECT body FROM outbox').pluck().get()).not.toContain('surprise');
  });
});

describe('the outbox', () => {
  it('tells how much waits, since when, and what needs a person', () => {
    sendAll(upRow(1), upRow(2), upRow(3), upRow(4));
    const outbox = new Outbox(db);
    outbox.mark(2, new Map([[2, 'BAD_BODY']]));
    outbox.setAside(4);
    const thirdAt = 1_790_000_000_003;
    expect(outboxSummary(db, thirdAt + 5_000)).toEqual({ waiting: 2, oldestAgeMs: 5_000, rejected: 1, setAside: 1 });
    expect(troubledRows(db)).toEqual([
      { seq: 2, kind: 'settlement-checked', id: 'check-2', rejected: 'BAD_BODY' },
      { seq: 4, kind: 'settlement-checked', id: 'check-4', rejected: null },
    ]);
    expect(isWaiting(db, 'settlement-checked')).toBe(true);
    expect(isWaiting(db, 'batch-record')).toBe(false);
  });

  it('has an epoch of its own in every database', () => {
    const other = new Sqlite(':memory:');
    for (const migration of streamMigrations) other.exec(migration.sql);
    expect(new Outbox(db).epoch()).toMatch(/^[0-9a-f]{16}$/);
    expect(new Outbox(other).epoch()).not.toBe(new Outbox(db).epoch());
  });

  it('reads as many rows as the bytes hold, and at least one', () => {
    sendAll(upRow(1), upRow(2), upRow(3));
    const outbox = new Outbox(db);
    const [first] = outbox.read(1, 1, 1);
    const bytes = Buffer.byteLength(first?.body ?? '');
    expect(outbox.read(1, 3, 2 * bytes).map((row) => row.seq)).toEqual([1, 2]);
    expect(outbox.read(2, 3, 1).map((row) => row.seq)).toEqual([2]);
  });
});
