import { expect, test } from 'vitest';
import {
  addOperator,
  changeSecret,
  createFirstUsers,
  simulatedFirstSecrets,
} from '../../../terminal/users/manage-users.ts';
import { operators } from '../../../terminal/users/queries.ts';
import type { User } from '../../../terminal/users/user.ts';
import { auditLines, newStaff, outcome } from './staff.ts';

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
