import { expect, test } from 'vitest';
import { type AuditLine, audit, auditRows, auditRowsBy, firstBrokenAuditLine } from '../../../terminal/base/audit.ts';
import { type Database, inTransaction, openDatabase } from '../../../terminal/base/database.ts';
import { migrate } from '../../../terminal/base/migrate.ts';
import { base } from '../../../terminal/base/migrations/0001-base.ts';

const line = (n: number): AuditLine => ({
  at: n,
  by: '01',
  action: 'sale',
  about: `T${n}`,
  outcome: 'ok',
  details: { amount: n },
});

function withLines(count: number): Database {
  const db = openDatabase(':memory:');
  migrate(db, [base]);
  for (let n = 1; n <= count; n++) inTransaction(db, (tx) => audit(tx, line(n)));
  return db;
}

test('an unbroken chain, also an empty one', () => {
  expect(firstBrokenAuditLine(withLines(0))).toBeUndefined();
  expect(firstBrokenAuditLine(withLines(5))).toBeUndefined();
});

test('several lines in one transaction are chained too; a transaction that is undone leaves none', () => {
  const db = withLines(1);
  const undone = () =>
    inTransaction(db, (tx) => {
      audit(tx, line(2));
      throw new RangeError('stop');
    });
  expect(undone).toThrow(RangeError);
  inTransaction(db, (tx) => {
    audit(tx, line(2));
    audit(tx, line(3));
  });
  expect(firstBrokenAuditLine(db)).toBeUndefined();
  expect(db.prepare('SELECT about FROM audit ORDER BY seq').pluck().all()).toEqual(['T1', 'T2', 'T3']);
});

test.each([
  ['UPDATE audit SET at = 0', 'audit lines are never changed'],
  ['DELETE FROM audit', 'audit lines are never deleted'],
])('%s is refused', (sql, message) => {
  expect(() => withLines(2).exec(sql)).toThrow(message);
});

test.each([
  ['who', "UPDATE audit SET by = '02' WHERE seq = 3", 3],
  ['when', 'UPDATE audit SET at = at + 1 WHERE seq = 3', 3],
  ['what', "UPDATE audit SET details = '{}' WHERE seq = 3", 3],
  ['the outcome', "UPDATE audit SET outcome = 'refused' WHERE seq = 3", 3],
  ['the hash', "UPDATE audit SET hash = '' WHERE seq = 3", 3],
  ['a line taken out', 'DELETE FROM audit WHERE seq = 3', 4],
  ['the first taken out', 'DELETE FROM audit WHERE seq = 1', 2],
  [
    'one taken out and the rest moved up',
    'DELETE FROM audit WHERE seq = 3; UPDATE audit SET seq = seq - 1 WHERE seq > 3',
    3,
  ],
])('behind the triggers’ back: %s shows', (_, sql, seq) => {
  const db = withLines(5);
  db.exec(`DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete; ${sql}`);
  expect(firstBrokenAuditLine(db)).toBe(seq);
});

test('no card stands in an audit line', () => {
  const db = withLines(0);
  const pan = '6222021234567890123';
  inTransaction(db, (tx) => audit(tx, { ...line(1), by: pan, about: `card ${pan}`, details: { seen: pan } }));
  expect(JSON.stringify(db.prepare('SELECT by, about, details FROM audit').all())).not.toContain(pan);
});

test('F4 the lines of one operator are looked for in steps, however far back they stand', () => {
  const db = withLines(0);
  const by = (n: number) => ({ ...line(n), by: [3, 4_500].includes(n) ? '02' : '01' });
  inTransaction(db, (tx) => {
    for (let n = 1; n <= 5_000; n++) audit(tx, by(n));
  });
  const found = (limit: number, before?: number) => {
    const steps = auditRowsBy(db, '02', limit, before);
    for (let count = 0; ; count++) {
      const { done, value } = steps.next();
      if (done) return { count, seqs: value.map(({ seq }) => seq) };
    }
  };
  expect(found(10)).toEqual({ count: 3, seqs: [4_500, 3] });
  expect(found(1)).toEqual({ count: 1, seqs: [4_500] });
  expect(found(10, 4_500)).toEqual({ count: 3, seqs: [3] });
  expect(auditRows(db, 2, 4).map(({ seq }) => seq)).toEqual([3, 2]);
});
