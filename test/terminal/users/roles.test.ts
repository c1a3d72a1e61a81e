import { expect, test } from 'vitest';
import { type Action, authorise, mayDo } from '../../../terminal/users/roles.ts';
import { secretFits, userOf } from '../../../terminal/users/user.ts';

/** cross-cutting.md "Roles": yes or no for a cashier (01–98), the supervisor 00, the administrator 99. */
const table: readonly [Action, boolean, boolean, boolean][] = [
  ['sale', true, false, false],
  ['void', true, false, false],
  ['refund', true, true, false],
  ['preauth', true, false, false],
  ['preauth-void', true, false, false],
  ['completion', true, false, false],
  ['completion-void', true, false, false],
  ['balance', true, false, false],
  ['invoice', true, true, false],
  ['reprint', true, true, false],
  ['sign-in', true, true, false],
  ['sign-off', true, true, false],
  ['close-batch', true, true, false],
  ['drawer', true, true, false],
  ['report', true, true, false],
  ['settle', false, true, false],
  ['shift', true, false, false],
  ['operators', false, true, false],
  ['parameters', false, false, true],
];

const rows = table.flatMap(([action, c, mo, a]) =>
  (
    [
      ['01', c],
      ['98', c],
      ['00', mo],
      ['99', a],
    ] as const
  ).map(([no, may]) => [no, may ? 'may' : 'may not', action] as const),
);

test.each(rows)('%s %s %s', (no, may, action) => {
  const user = userOf(no);
  if (!user) throw new Error('every number of the table is an operator');
  expect(mayDo(user, action)).toBe(may === 'may');
  const asked = () => authorise(user, action);
  if (may === 'may') expect(asked).not.toThrow();
  else expect(asked).toThrow(expect.objectContaining({ code: 'FORBIDDEN', details: { operator: no, action } }));
});

test('nobody may anything', () => {
  for (const [action] of table)
    expect(() => authorise(undefined, action)).toThrow(expect.objectContaining({ code: 'UNAUTHENTICATED' }));
});

test.each([
  ['00', 'MO'],
  ['99', 'A'],
  ['01', 'C'],
  ['98', 'C'],
])('operator %s is %s', (no, role) => {
  expect(userOf(no)).toEqual({ no, role });
});

test.each(['', '1', '001', 'AB', '0x', ' 1', '１１', '-1'])('%j is no operator number', (no) => {
  expect(userOf(no)).toBeUndefined();
});

test.each([
  ['00', '123456', true],
  ['00', '12345', false],
  ['00', '12345678', false],
  ['99', '12345678', true],
  ['99', '123456', false],
  ['01', '0000', true],
  ['01', '000', false],
  ['01', '00000', false],
  ['01', 'abcd', false],
  ['01', '00 0', false],
  ['01', '', false],
])('for %s the secret %j has the right form: %s', (no, secret, fits) => {
  const user = userOf(no);
  expect(user && secretFits(user, secret)).toBe(fits);
});
