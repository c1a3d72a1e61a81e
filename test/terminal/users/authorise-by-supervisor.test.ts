import { describe, expect, test } from 'vitest';
import { firstBrokenAuditLine } from '../../../terminal/base/audit.ts';
import { authoriseBySupervisor } from '../../../terminal/users/authorise-by-supervisor.ts';
import { type User, userOf } from '../../../terminal/users/user.ts';
import { auditLines, newStaff, outcome, type Staff } from './staff.ts';

const minute = 60_000;
const cashier: User = { no: '01', role: 'C' };

const ask = (staff: Staff, secret: string, maker: User = cashier): Promise<string> =>
  outcome(
    authoriseBySupervisor(staff, maker, secret, { action: 'void', about: '000012' }).then(
      ({ supervisor }) => supervisor,
    ),
  );

test('the right secret of 00 says who authorised, and when', async () => {
  const staff = await newStaff();
  const approval = await authoriseBySupervisor(staff, cashier, '123456', { action: 'refund', about: '000012' });
  expect(approval).toEqual({ supervisor: '00', at: staff.clock.now() });
});

test('every attempt leaves one line by the maker, with what it was for and without the secret', async () => {
  const staff = await newStaff();
  const before = auditLines(staff.db).length;
  await ask(staff, '123456');
  await ask(staff, '918273');
  await ask(staff, '0000');
  expect(auditLines(staff.db).slice(before)).toEqual([
    '01 authorise 000012 ok {"supervisor":"00","for":"void"}',
    '01 authorise 000012 refused {"supervisor":"00","for":"void","code":"SECRET_WRONG"}',
    '01 authorise 000012 refused {"supervisor":"00","for":"void","code":"SECRET_WRONG"}',
  ]);
  expect(auditLines(staff.db).join()).not.toMatch(/123456|918273/);
  expect(firstBrokenAuditLine(staff.db)).toBeUndefined();
});

test('four eyes: 00 does not approve what 00 makes, with the right secret neither', async () => {
  const staff = await newStaff();
  expect(await ask(staff, '123456', { no: '00', role: 'MO' })).toBe('SELF_APPROVAL_FORBIDDEN');
  expect(auditLines(staff.db).at(-1)).toBe(
    '00 authorise 000012 refused {"supervisor":"00","for":"void","code":"SELF_APPROVAL_FORBIDDEN"}',
  );
});

test('no secret of another operator authorises', async () => {
  const staff = await newStaff();
  for (const secret of ['0000', '12345678', '']) expect(await ask(staff, secret)).toMatch(/^SECRET_WRONG/);
});

describe('wrong secrets', () => {
  test('lock 00 for 5 minutes, doubling, whoever asks and whatever for', async () => {
    const staff = await newStaff();
    for (const minutes of [5, 10, 20, 40]) {
      const makers = ['01', '02', '01', '02'].map(userOf).filter((user) => user !== undefined);
      for (const [index, maker] of makers.entries())
        expect(await ask(staff, '918273', maker)).toBe(`SECRET_WRONG ${4 - index}`);
      expect(await staff.logOn('00', '918273')).toBe(`OPERATOR_LOCKED ${minutes}`);
      expect(await ask(staff, '123456')).toBe(`OPERATOR_LOCKED ${minutes}`);
      await staff.clock.advance(minutes * minute - 1);
      expect(await ask(staff, '123456')).toBe('OPERATOR_LOCKED 1');
      await staff.clock.advance(1);
    }
    expect(await ask(staff, '123456')).toBe('00');
    expect(await ask(staff, '918273')).toBe('SECRET_WRONG 4');
  });

  test('do not lock the cashier who typed them', async () => {
    const staff = await newStaff();
    for (let n = 0; n < 5; n++) await ask(staff, '918273');
    expect(await staff.logOn('01', '0000')).toBe('01');
  });
});
