import { describe, expect, test } from 'vitest';
import type { Application, UserRecord } from '../../../sync/protocol/merchant-data.ts';
import { answers, applyFor, order, report } from './ask-desk.ts';
import { hostAndTill } from './host-and-till.ts';
import { otherTerminal, type TestHost } from './start-host.ts';
import { Till } from './till.ts';

let host: TestHost;
let till: Till;
hostAndTill((both) => {
  ({ host, till } = both);
});

let count = 0;
/** Applies and returns the last answer. */
async function asked(facts: Application, by = '00'): Promise<string | undefined> {
  count += 1;
  await applyFor(till, `A${count}`, facts, by);
  return (await answers(till, `A${count}`)).at(-1);
}

describe('one number is one application', () => {
  const facts = { kind: 'mode', record: { mode: 'MANUAL', cycle: null } } as const;

  test('P-05: the same again changes nothing and is answered once', async () => {
    await applyFor(till, 'A', facts);
    const before = await report(host);
    await till.newDown();
    await till.up({ kind: 'apply', id: 'again', body: { no: 'A', at: 1, by: '00', facts, journals: [] } });
    expect(await till.newDown()).toEqual([]);
    expect(await report(host)).toEqual(before);
  });

  test('P-05: with other content it is rejected', async () => {
    await applyFor(till, 'A', facts);
    const other = { kind: 'mode', record: { mode: 'REALTIME', cycle: null } } as const;
    await expect(applyFor(till, 'A', other)).rejects.toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
    expect((await report(host)).mode.mode).toBe('MANUAL');
  });

  test('the record goes to every terminal before the answer goes to the one that asked', async () => {
    const other = new Till(host, otherTerminal);
    await other.signIn();
    for (const each of [till, other]) await each.newDown();
    host.woken.length = 0;
    await applyFor(till, 'A', facts);
    expect(await till.newDown()).toEqual(['merchant-data', 'apply-result']);
    expect(await other.newDown()).toEqual(['merchant-data']);
    expect((await other.down('merchant-data')).at(-1)?.body).toMatchObject({ kind: 'mode', rev: 2 });
    expect((await till.down('apply-result'))[0]?.body).toMatchObject({ application: 'A', outcome: 'done', rev: 2 });
    expect(host.woken).toEqual(['00000001', '00000002']);
  });
});

describe('mode', () => {
  const mode = (record: Extract<Application, { kind: 'mode' }>['record'], by?: string) =>
    asked({ kind: 'mode', record }, by);

  test('B-002: a new merchant is AUTO, daily', async () => {
    expect((await report(host)).mode).toEqual({ mode: 'AUTO', cycle: { every: 'DAILY' } });
  });

  test('B-001, B-003: each of the three modes, AUTO with each cycle', async () => {
    for (const record of [
      { mode: 'MANUAL', cycle: { every: 'DAILY' } },
      { mode: 'REALTIME', cycle: { every: 'DAILY' } },
      { mode: 'AUTO', cycle: { every: 'WEEKLY', weekday: 5 } },
      { mode: 'AUTO', cycle: { every: 'MONTHLY', monthDay: 28 } },
    ] as const) {
      expect(await mode(record)).toBe('done');
      expect((await report(host)).mode).toEqual(record);
    }
  });

  test('another one is INVALID_SETTLE_MODE, AUTO without cycle CYCLE_REQUIRED; nothing changes', async () => {
    const before = await report(host);
    expect(await mode({ mode: 'WEEKLY', cycle: null })).toBe('refused INVALID_SETTLE_MODE');
    expect(await mode({ mode: 'AUTO', cycle: null })).toBe('refused CYCLE_REQUIRED');
    const { mode: after, log } = await report(host);
    expect({ after, log }).toEqual({ after: before.mode, log: before.log });
  });

  test('without a cycle the cycle stays for the day when AUTO comes back', async () => {
    await mode({ mode: 'AUTO', cycle: { every: 'WEEKLY', weekday: 3 } });
    expect(await mode({ mode: 'MANUAL', cycle: null })).toBe('done');
    expect((await report(host)).mode).toEqual({ mode: 'MANUAL', cycle: { every: 'WEEKLY', weekday: 3 } });
  });

  test('B-007: who changed it, when, from what, to what', async () => {
    await mode({ mode: 'MANUAL', cycle: null });
    const daily = { every: 'DAILY' };
    expect((await report(host)).log[0]).toEqual({
      kind: 'mode',
      key: '',
      at: host.clock.now(),
      by: '00',
      from: { mode: 'AUTO', cycle: daily },
      to: { mode: 'MANUAL', cycle: daily },
    });
  });

  test('a cashier may not change it', async () => {
    expect(await mode({ mode: 'MANUAL', cycle: null }, '01')).toBe('refused FORBIDDEN');
    expect(await mode({ mode: 'MANUAL', cycle: null }, '99')).toBe('refused FORBIDDEN');
    expect(await mode({ mode: 'MANUAL', cycle: null }, 'SYS')).toBe('refused FORBIDDEN');
  });
});

describe('profile', () => {
  const profile = (change: Extract<Application, { kind: 'profile' }>['change'], by?: string) =>
    asked({ kind: 'profile', change }, by);

  test('B-020: what is not named stays, what is null is taken away', async () => {
    expect(await profile({ email: 'shop@example.com', contact: '张三', mobile: '13800138000' })).toBe('done');
    expect(await profile({ mobile: null, remindFromFen: 50_000 })).toBe('done');
    expect((await report(host)).profile).toMatchObject({
      email: 'shop@example.com',
      contact: '张三',
      mobile: null,
      remindFromFen: 50_000,
    });
  });

  test.each([
    [{ email: 'shop' }, 'INVALID_CONTACT'],
    [{ email: 'a@b c.cn' }, 'INVALID_CONTACT'],
    [{ email: 'a@b.cn\nBcc: x@y.cn' }, 'INVALID_CONTACT'],
    [{ mobile: '12800138000' }, 'INVALID_MOBILE'],
    [{ mobile: '1380013800' }, 'INVALID_MOBILE'],
    [{ agreement: '2020-01' }, 'AGREEMENT_REQUIRED'],
  ])('%j is refused: %s', async (change, code) => {
    expect(await profile({ ...change, contact: '李四' })).toBe(`refused ${code}`);
    expect((await report(host)).profile.contact).toBeNull();
  });

  test('B-017: a new agreement counts when it is accepted as it is in force', async () => {
    await order(host, till, { command: 'set-profile', agreementInForce: '2027-01' });
    expect(await profile({ agreement: '2027-01' })).toBe('done');
    expect((await report(host)).profile).toMatchObject({ agreement: '2027-01', agreementInForce: '2027-01' });
  });

  test('it is the main account’s alone', async () => {
    await order(host, till, { command: 'set-user', record: user('settler', 'O') });
    expect(await profile({ contact: '张三' }, 'settler')).toBe('refused FORBIDDEN');
  });
});

const user = (login: string, role: UserRecord['role'], state: UserRecord['state'] = 'ACTIVE'): UserRecord => ({
  login,
  name: login,
  role,
  state,
});

describe('users', () => {
  const apply = (record: UserRecord, by?: string) => asked({ kind: 'user', record }, by);
  const users = async () => (await report(host)).users.map(({ login, role, state }) => `${login} ${role} ${state}`);

  test('the first of all is the terminal’s own; after it only M and MO add others', async () => {
    expect(await apply(user('clerk', 'S'), 'SYS')).toBe('refused FORBIDDEN');
    expect(await apply(user('boss', 'M'), 'SYS')).toBe('done');
    expect(await apply(user('second', 'M'), 'SYS')).toBe('refused FORBIDDEN');
    expect(await apply(user('settler', 'O'), 'boss')).toBe('done');
    expect(await apply(user('clerk', 'S'), 'settler')).toBe('refused FORBIDDEN');
    expect(await apply(user('clerk', 'S'), 'nobody')).toBe('refused FORBIDDEN');
    expect(await apply(user('clerk', 'S'), '01')).toBe('refused FORBIDDEN');
    expect(await apply(user('clerk', 'S'), '00')).toBe('done');
    expect(await users()).toEqual(['boss M ACTIVE', 'clerk S ACTIVE', 'settler O ACTIVE']);
  });

  test('P-28: nobody changes the own role or takes oneself away; the own name one may', async () => {
    await apply(user('boss', 'M'), 'SYS');
    expect(await apply(user('boss', 'MO'), 'boss')).toBe('refused SELF_APPROVAL_FORBIDDEN');
    expect(await apply(user('boss', 'M', 'REMOVED'), 'boss')).toBe('refused SELF_APPROVAL_FORBIDDEN');
    expect(await apply({ ...user('boss', 'M'), name: '老板' }, 'boss')).toBe('done');
    expect((await report(host)).users).toMatchObject([{ login: 'boss', name: '老板', role: 'M' }]);
  });

  test('the last M or MO stays', async () => {
    await apply(user('boss', 'M'), 'SYS');
    expect(await apply(user('boss', 'O'), '00')).toBe('refused ILLEGAL_STATE');
    expect(await apply(user('boss', 'M', 'REMOVED'), '00')).toBe('refused ILLEGAL_STATE');
    await apply(user('second', 'MO'), 'boss');
    expect(await apply(user('boss', 'M', 'REMOVED'), 'second')).toBe('done');
  });

  test('whoever was removed may not ask any more, whatever the terminal believes', async () => {
    const available = await till.earn(100_000);
    await apply(user('boss', 'M'), 'SYS');
    await apply(user('settler', 'O'), 'boss');
    await till.settle('S1', 100, { by: 'settler' });
    await apply(user('settler', 'O', 'REMOVED'), 'boss');
    await till.settle('S2', available - 100, { by: 'settler' });
    expect(await asked({ kind: 'mode', record: { mode: 'MANUAL', cycle: null } }, 'settler')).toBe('refused FORBIDDEN');
    const results = (await till.down('settle-result')).map(({ body }) => [body.no, body.outcome, body.reason]);
    expect(results).toEqual([
      ['S1', 'accepted', null],
      ['S2', 'refused', 'FORBIDDEN'],
    ]);
  });
});

describe('B-035: a statement on paper', () => {
  const paper = (change: { month?: string; address?: string } = {}) =>
    asked({ kind: 'paper-statement', month: '2026-10', address: '上海市南京路1号', ...change });

  test('is requested, printed and mailed by people', async () => {
    expect(await paper()).toBe('accepted REQUESTED');
    const no = `A${count}`;
    const advance = () => order(host, till, { command: 'paper-advance', no });
    for (const outcome of ['done', 'done', 'ILLEGAL_STATE']) expect(await advance()).toBe(outcome);
    expect(await answers(till, no)).toEqual(['accepted REQUESTED', 'accepted PRINTED', 'done MAILED']);
    expect((await report(host)).applications).toMatchObject([
      { no, stage: 'MAILED', facts: { month: '2026-10', address: '上海市南京路1号' } },
    ]);
    expect(await order(host, till, { command: 'paper-advance', no: 'A0' })).toBe('NOT_FOUND');
  });

  test('goes to the address of the merchant when none is named; without one it is ADDRESS_REQUIRED', async () => {
    expect(await paper({ address: ' ' })).toBe('refused ADDRESS_REQUIRED');
    await order(host, till, { command: 'set-profile', address: '北京市长安街2号' });
    expect(await paper({ address: '' })).toBe('accepted REQUESTED');
    expect((await report(host)).applications[0]?.facts).toMatchObject({ address: '北京市长安街2号' });
  });

  test('of a month to come is INVALID_RANGE', async () => {
    for (const month of ['2026-12', '2025-13', '2025-00']) expect(await paper({ month })).toBe('refused INVALID_RANGE');
  });
});
