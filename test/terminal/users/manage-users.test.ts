import { describe, expect, test } from 'vitest';
import { TerminalError } from '../../../terminal/base/errors.ts';
import { logOn } from '../../../terminal/users/log-on.ts';
import {
  addOperator,
  changeSecret,
  createFirstUsers,
  removeOperator,
  resetSecret,
  setSecret,
  simulatedFirstSecrets,
  unlockOperator,
} from '../../../terminal/users/manage-users.ts';
import { operators } from '../../../terminal/users/queries.ts';
import type { User } from '../../../terminal/users/user.ts';
import { auditLines, newStaff, outcome, type Staff } from './staff.ts';

const supervisor: User = { no: '00', role: 'MO' };
const cashier: User = { no: '01', role: 'C' };
const administrator: User = { no: '99', role: 'A' };

test('the first secrets of a simulated terminal', () => {
  expect(simulatedFirstSecrets.map(({ no, secret }) => `${no}/${secret}`)).toEqual([
    '00/123456',
    '99/12345678',
    '01/0000',
  ]);
});

test('the first operators are made once', async () => {
  const { db, deps, clock } = await newStaff();
  await changeSecret(db, deps, '01', '0000', '4711');
  expect(await createFirstUsers(db, deps)).toBe(false);
  expect(operators(db, clock).map(({ no, role }) => `${no} ${role}`)).toEqual(['00 MO', '01 C', '99 A']);
  expect(auditLines(db)[0]).toBe('SYS add-operator 00 ok {}');
});

test('the supervisor adds an operator, who logs on', async () => {
  const staff = await newStaff();
  await addOperator(staff.db, staff.deps, supervisor, '07', '4711');
  expect(await staff.logOn('07', '4711')).toBe('07');
});

test.each([
  ['a cashier adds', cashier, '07', '4711', 'FORBIDDEN'],
  ['the administrator adds', administrator, '07', '4711', 'FORBIDDEN'],
  ['a number that is taken', supervisor, '01', '4711', 'IDEMPOTENCY_CONFLICT'],
  ['a second supervisor', supervisor, '00', '123456', 'IDEMPOTENCY_CONFLICT'],
  ['no number', supervisor, '7', '4711', 'BAD_REQUEST'],
  ['a secret that is too short', supervisor, '07', '471', 'BAD_REQUEST'],
  ['a secret of letters', supervisor, '07', 'abcd', 'BAD_REQUEST'],
])('%s: refused, nothing changed but one audit line', async (_, by, no, secret, code) => {
  const { db, deps, clock } = await newStaff();
  const before = { users: operators(db, clock), lines: auditLines(db).length };
  expect(await outcome(addOperator(db, deps, by, no, secret).then(() => 'added'))).toBe(code);
  expect(operators(db, clock)).toEqual(before.users);
  expect(auditLines(db).slice(before.lines)).toEqual([`${by.no} add-operator ${no} refused {"code":"${code}"}`]);
});

test('an operator changes the secret: the new one counts, the old one no longer', async () => {
  const staff = await newStaff();
  await changeSecret(staff.db, staff.deps, '01', '0000', '4711');
  expect(await staff.logOn('01', '0000')).toBe('SECRET_WRONG 4');
  expect(await staff.logOn('01', '4711')).toBe('01');
  expect(auditLines(staff.db)).toContain('01 change-secret 01 ok {}');
  expect(auditLines(staff.db).join()).not.toMatch(/4711/);
});

test('the old secret is asked for, and wrong ones count as at log-on', async () => {
  const staff = await newStaff();
  const change = (old: string, next: string) =>
    outcome(changeSecret(staff.db, staff.deps, '01', old, next).then(() => 'changed'));
  expect(await change('9999', '4711')).toBe('SECRET_WRONG 4');
  expect(await change('0000', '47')).toBe('BAD_REQUEST');
  for (let n = 0; n < 3; n++) await change('9999', '4711');
  expect(await change('9999', '4711')).toBe('OPERATOR_LOCKED 5');
  expect(await staff.logOn('01', '0000')).toBe('OPERATOR_LOCKED 5');
  expect(auditLines(staff.db).filter((line) => line.includes('change-secret')).length).toBe(6);
});

const numbers = (staff: Staff): readonly string[] => operators(staff.db, staff.clock).map(({ no }) => no);
const done = (work: Promise<void>): Promise<string> => outcome(work.then(() => 'done'));

test('the own new secret is not the old one', async () => {
  const staff = await newStaff();
  expect(await done(changeSecret(staff.db, staff.deps, '01', '0000', '0000'))).toBe('BAD_REQUEST');
});

describe('删除', () => {
  const remove = (staff: Staff, no: string, secret = '123456', by: User = supervisor) =>
    done(removeOperator(staff.db, staff.clock, by, secret, no));

  test('by the supervisor with the secret once more; the number can be given again, with no lock left', async () => {
    const staff = await newStaff();
    for (let n = 0; n < 5; n++) await staff.logOn('01', '9999');
    expect(await remove(staff, '01')).toBe('done');
    expect(numbers(staff)).toEqual(['00', '99']);
    expect(auditLines(staff.db).at(-1)).toBe('00 remove-operator 01 ok {}');
    expect(await staff.logOn('01', '0000')).toBe('SECRET_WRONG 4');
    await addOperator(staff.db, staff.deps, supervisor, '01', '4711');
    expect(await staff.logOn('01', '4711')).toBe('01');
  });

  test.each([
    ['a cashier removes', '01', '0000', cashier, 'FORBIDDEN'],
    ['the administrator removes', '01', '12345678', administrator, 'FORBIDDEN'],
    ['the supervisor himself', '00', '123456', supervisor, 'BAD_REQUEST'],
    ['the administrator is removed', '99', '123456', supervisor, 'BAD_REQUEST'],
    ['no number', '1', '123456', supervisor, 'BAD_REQUEST'],
    ['nobody of that number', '07', '123456', supervisor, 'NOT_FOUND'],
    ['a wrong secret', '01', '654321', supervisor, 'SECRET_WRONG 4'],
  ])('%s: refused with one audit line', async (_, no, secret, by, code) => {
    const staff = await newStaff();
    const lines = auditLines(staff.db).length;
    expect(await remove(staff, no, secret, by)).toBe(code);
    expect(numbers(staff)).toEqual(['00', '01', '99']);
    expect(auditLines(staff.db).slice(lines)).toEqual([
      `${by.no} remove-operator ${no} refused {"code":"${code.split(' ')[0]}"}`,
    ]);
  });

  test('what ends with the operator may refuse it: nothing is changed', async () => {
    const staff = await newStaff();
    const refusal = new TerminalError('ILLEGAL_STATE', { state: 'AT_COUNTER', event: 'remove-operator' });
    const asked = removeOperator(staff.db, staff.clock, supervisor, '123456', '01', () => refusal);
    expect(await done(asked)).toBe('ILLEGAL_STATE');
    expect(numbers(staff)).toContain('01');
  });
});

describe('操作员改密 by the supervisor', () => {
  const set = (staff: Staff, no: string, secret: string, by: User = supervisor) =>
    done(setSecret(staff.db, staff.deps, by, no, secret));

  test('lifts the lock too, and the operator must choose an own one', async () => {
    const staff = await newStaff();
    await changeSecret(staff.db, staff.deps, '01', '0000', '4711');
    for (let n = 0; n < 5; n++) await staff.logOn('01', '9999');
    expect(await set(staff, '01', '5555')).toBe('done');
    expect(await staff.logOn('01', '5555')).toBe('01');
    expect(operators(staff.db, staff.clock)[1]).toMatchObject({ no: '01', firstSecret: true, locked: false });
    expect(auditLines(staff.db).join()).not.toContain('5555');
  });

  test.each([
    ['a cashier', '01', '5555', cashier, 'FORBIDDEN'],
    ['for the supervisor', '00', '555555', supervisor, 'BAD_REQUEST'],
    ['for the administrator', '99', '55555555', supervisor, 'BAD_REQUEST'],
    ['of a wrong form', '01', '55555', supervisor, 'BAD_REQUEST'],
    ['for nobody', '07', '5555', supervisor, 'NOT_FOUND'],
  ])('%s: refused with one audit line', async (_, no, secret, by, code) => {
    const staff = await newStaff();
    const lines = auditLines(staff.db).length;
    expect(await set(staff, no, secret, by)).toBe(code);
    expect(auditLines(staff.db).slice(lines)).toEqual([`${by.no} set-secret ${no} refused {"code":"${code}"}`]);
  });
});

describe('lifting a lock-out', () => {
  test.each([
    ['00 for 01', supervisor, '01', 'done'],
    ['00 for 99', supervisor, '99', 'done'],
    ['a cashier', cashier, '01', 'FORBIDDEN'],
    ['the administrator', administrator, '01', 'FORBIDDEN'],
    ['nobody of that number', supervisor, '07', 'NOT_FOUND'],
  ])('%s', async (_, by, no, code) => {
    const staff = await newStaff();
    for (let n = 0; n < 5; n++) await staff.logOn(no, '9999');
    expect(await done(unlockOperator(staff.db, staff.clock, by, no))).toBe(code);
    expect(operators(staff.db, staff.clock).find((one) => one.no === no)?.locked ?? true).toBe(code !== 'done');
  });

  test('forgets how often it happened', async () => {
    const staff = await newStaff();
    for (let n = 0; n < 5; n++) await staff.logOn('01', '9999');
    await unlockOperator(staff.db, staff.clock, supervisor, '01');
    for (let n = 0; n < 4; n++) await staff.logOn('01', '9999');
    expect(await staff.logOn('01', '9999')).toBe('OPERATOR_LOCKED 5');
  });
});

describe('a reset by the owner of the file', () => {
  test.each([
    ['00', '654321', 'done'],
    ['99', '87654321', 'done'],
    ['00', '1234', 'BAD_REQUEST'],
    ['01', '4711', 'BAD_REQUEST'],
    ['x', '4711', 'BAD_REQUEST'],
  ])('of %s to %s: %s', async (no, secret, code) => {
    const staff = await newStaff();
    for (let n = 0; n < 5; n++) await staff.logOn(no, '999999');
    expect(await done(resetSecret(staff.db, staff.deps, 'root (0)', no, secret))).toBe(code);
    expect(auditLines(staff.db).at(-1)).toMatch(`SYS reset-secret ${no} ${code === 'done' ? 'ok' : 'refused'}`);
    if (code === 'done') expect(await staff.logOn(no, secret)).toBe(no);
  });
});

describe('a secret that somebody else chose', () => {
  const real = (staff: Staff, secret: string, newSecret?: string, no = '01'): Promise<string> =>
    outcome(logOn(staff.db, staff.deps, { no, secret, newSecret, mustOwnSecret: true }).then((user) => user.no));

  test('lets in only with a new one, once', async () => {
    const staff = await newStaff();
    expect(await real(staff, '0000')).toBe('ILLEGAL_STATE');
    expect(await real(staff, '0000', '0000')).toBe('BAD_REQUEST');
    expect(await real(staff, '0000', '123456')).toBe('BAD_REQUEST');
    expect(await real(staff, '9999', '4711')).toBe('SECRET_WRONG 4');
    expect(await real(staff, '0000', '4711')).toBe('01');
    expect(await real(staff, '4711')).toBe('01');
    expect(auditLines(staff.db).slice(-3)).toEqual([
      '01 change-secret 01 ok {}',
      '01 log-on 01 ok {}',
      '01 log-on 01 ok {}',
    ]);
  });

  test('is not one that the operator chose, nor those of pos init', async () => {
    const staff = await newStaff();
    await changeSecret(staff.db, staff.deps, '01', '0000', '4711');
    expect(await real(staff, '4711')).toBe('01');
    staff.db.exec('DELETE FROM user');
    const secrets = [
      { no: '00', secret: '654321' },
      { no: '99', secret: '87654321' },
    ];
    expect(await createFirstUsers(staff.db, staff.deps, secrets, true)).toBe(true);
    expect(await real(staff, '654321', undefined, '00')).toBe('00');
  });

  test('is no matter in simulated mode', async () => {
    expect(await (await newStaff()).logOn('01', '0000')).toBe('01');
  });
});
