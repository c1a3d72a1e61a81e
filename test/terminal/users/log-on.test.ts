import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { firstBrokenAuditLine } from '../../../terminal/base/audit.ts';
import { operators } from '../../../terminal/users/queries.ts';
import { auditLines, newStaff, type Staff } from './staff.ts';

const minute = 60_000;

async function tryWrong(staff: Staff, no: string, times: number): Promise<readonly string[]> {
  const outcomes: string[] = [];
  for (let n = 0; n < times; n++) outcomes.push(await staff.logOn(no, '9999'));
  return outcomes;
}

const untilLocked = (minutes: number) => [
  'SECRET_WRONG 4',
  'SECRET_WRONG 3',
  'SECRET_WRONG 2',
  'SECRET_WRONG 1',
  `OPERATOR_LOCKED ${minutes}`,
];

test('the first operators log on with their first secrets, and not with each other’s', async () => {
  const staff = await newStaff();
  expect(await staff.logOn('00', '123456')).toBe('00');
  expect(await staff.logOn('99', '12345678')).toBe('99');
  expect(await staff.logOn('01', '0000')).toBe('01');
  expect(await staff.logOn('01', '123456')).toBe('SECRET_WRONG 4');
});

test('five wrong secrets lock for 5 minutes; each further lock-out lasts twice as long', async () => {
  const staff = await newStaff();
  for (const minutes of [5, 10, 20]) {
    expect(await tryWrong(staff, '01', 5)).toEqual(untilLocked(minutes));
    expect(await staff.logOn('01', '0000')).toBe(`OPERATOR_LOCKED ${minutes}`);
    await staff.clock.advance(minutes * minute - 1);
    expect(await staff.logOn('01', '0000')).toBe('OPERATOR_LOCKED 1');
    await staff.clock.advance(1);
  }
  expect(await staff.logOn('01', '0000')).toBe('01');
  expect(await tryWrong(staff, '01', 5)).toEqual(untilLocked(5));
});

test('a right secret forgets the wrong ones before it', async () => {
  const staff = await newStaff();
  await tryWrong(staff, '01', 4);
  expect(await staff.logOn('01', '0000')).toBe('01');
  expect(await tryWrong(staff, '01', 1)).toEqual(['SECRET_WRONG 4']);
});

test('a locked operator locks nobody else', async () => {
  const staff = await newStaff();
  await tryWrong(staff, '01', 5);
  expect(await staff.logOn('00', '123456')).toBe('00');
  expect(operators(staff.db, staff.clock).map(({ no, locked }) => [no, locked])).toEqual([
    ['00', false],
    ['01', true],
    ['99', false],
  ]);
});

test('a number without an operator answers like a wrong secret, up to the lock', async () => {
  const staff = await newStaff();
  expect(await tryWrong(staff, '42', 5)).toEqual(untilLocked(5));
  expect(await staff.logOn('42', '0000')).toBe('OPERATOR_LOCKED 5');
});

test('tries at the same time count one by one', async () => {
  const staff = await newStaff();
  const outcomes = await Promise.all(Array.from({ length: 12 }, (_, n) => staff.logOn('01', String(1000 + n))));
  expect(outcomes.toSorted()).toEqual([
    ...Array.from({ length: 8 }, () => 'OPERATOR_LOCKED 5'),
    'SECRET_WRONG 1',
    'SECRET_WRONG 2',
    'SECRET_WRONG 3',
    'SECRET_WRONG 4',
  ]);
});

test('a number without an operator costs the time of a wrong secret', async () => {
  const staff = await newStaff();
  const fastest = async (no: string): Promise<number> => {
    const times: number[] = [];
    for (let n = 0; n < 4; n++) {
      const start = process.hrtime.bigint();
      await staff.logOn(no, '9999');
      times.push(Number(process.hrtime.bigint() - start));
    }
    return Math.min(...times);
  };
  expect((await fastest('42')) / (await fastest('01'))).toBeGreaterThan(0.5);
});

test('count and lock survive a restart', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'staff-'));
  const file = join(folder, 'terminal.db');
  const before = await newStaff(file);
  await tryWrong(before, '01', 4);
  await tryWrong(before, '02', 5);
  before.db.close();
  const after = await newStaff(file, before.clock);
  expect(await after.logOn('01', '9999')).toBe('OPERATOR_LOCKED 5');
  expect(await after.logOn('02', '9999')).toBe('OPERATOR_LOCKED 5');
  after.db.close();
  rmSync(folder, { recursive: true });
});

test('a lock made while the clock was a year ahead does not last a year', async () => {
  const staff = await newStaff();
  staff.clock.jump(365 * 24 * 60 * minute);
  await tryWrong(staff, '01', 5);
  staff.clock.jump(-365 * 24 * 60 * minute);
  expect(await staff.logOn('01', '0000')).toBe('01');
});

test('every try leaves one audit line, without the secret', async () => {
  const staff = await newStaff();
  const before = auditLines(staff.db).length;
  await staff.logOn('01', '0000');
  await tryWrong(staff, '01', 5);
  await staff.logOn('01', '0000');
  await staff.logOn('42', '7777');
  const wrong = '01 log-on 01 refused {"code":"SECRET_WRONG"}';
  const locked = '01 log-on 01 refused {"code":"OPERATOR_LOCKED"}';
  expect(auditLines(staff.db).slice(before)).toEqual([
    '01 log-on 01 ok {}',
    wrong,
    wrong,
    wrong,
    wrong,
    locked,
    locked,
    '42 log-on 42 refused {"code":"SECRET_WRONG"}',
  ]);
  expect(auditLines(staff.db).join()).not.toMatch(/0000|9999|7777/);
  expect(firstBrokenAuditLine(staff.db)).toBeUndefined();
});

test.each(['', '1', 'root', "01' OR 1"])('%j is no operator number', async (no) => {
  const staff = await newStaff();
  expect(await staff.logOn(no, '0000')).toBe('BAD_REQUEST');
});

test('a secret of any length or kind is only wrong', async () => {
  const staff = await newStaff();
  expect(await staff.logOn('01', '')).toBe('SECRET_WRONG 4');
  expect(await staff.logOn('01', '密'.repeat(100_000))).toBe('SECRET_WRONG 3');
});

test('the book holds no secret, and the same secret looks different for each operator', async () => {
  const staff = await newStaff();
  const rows = staff.db.prepare<[], { salt: Buffer; secret_hash: Buffer }>('SELECT * FROM user').all();
  expect(rows.map((row) => [row.salt.length, row.secret_hash.length])).toEqual([
    [16, 32],
    [16, 32],
    [16, 32],
  ]);
  expect(new Set(rows.map((row) => row.salt.toString('hex'))).size).toBe(3);
});
