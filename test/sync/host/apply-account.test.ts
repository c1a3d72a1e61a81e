import { afterEach, describe, expect, test } from 'vitest';
import { Upstream } from '../../../sync/host/upstream.ts';
import { type AccountChange, answers, applyForAccount, goodAccount, order, report } from './ask-desk.ts';
import { type HostOptions, otherTerminal, startHost, type TestHost } from './start-host.ts';
import { Till } from './till.ts';

let host: TestHost;
let till: Till;
afterEach(async () => {
  expect(host.failures).toEqual([]);
  await host.stop();
});

const reachable = { contact: '张三', mobile: '13800138000' };

async function begin(options: HostOptions = {}): Promise<void> {
  host = await startHost({ account: null, profile: reachable, ...options });
  till = new Till(host);
  await till.signIn();
}

const states = async () => (await report(host)).accounts.map(({ version, state }) => [version, state]);
const sent = async (to = till) =>
  (await to.down('merchant-data')).flatMap(({ body }) =>
    body.kind === 'account' ? [`${body.record.version} ${body.record.state}`] : [],
  );

describe('B-009, B-013: the first account', () => {
  test('is looked at, then ACTIVE by the rules; every terminal has it before the answer says done', async () => {
    await begin({ parameters: { 'host.accountDelayMs': 60_000 } });
    const other = new Till(host, otherTerminal);
    await applyForAccount(till, 'A1');
    expect(await answers(till, 'A1')).toEqual(['accepted']);
    expect(await states()).toEqual([[1, 'VERIFYING']]);
    await host.clock.advance(60_000);
    expect(await answers(till, 'A1')).toEqual(['accepted', 'done']);
    expect(await sent()).toEqual(['1 VERIFYING', '1 ACTIVE']);
    expect(await sent(other)).toEqual(['1 VERIFYING', '1 ACTIVE']);
    expect((await till.newDown()).slice(-3)).toEqual(['apply-result', 'merchant-data', 'apply-result']);
    expect(host.woken).toEqual(expect.arrayContaining(['00000001', '00000002']));
  });

  test('is settled to from then on, and until then there is none', async () => {
    await begin({ parameters: { 'host.accountDecision': 'manual' } });
    const available = await till.earn(100_000);
    await applyForAccount(till, 'A1');
    await till.settle('S1', 500);
    await order(host, till, { command: 'account-decide', version: 1, outcome: 'active', reason: 'ACCOUNT_INVALID' });
    await till.settle('S2', available - 500);
    const results = (await till.down('settle-result')).map(({ body }) => [body.no, body.outcome, body.reason]);
    expect(results).toEqual([
      ['S1', 'refused', 'NO_SETTLE_ACCOUNT'],
      ['S2', 'accepted', null],
    ]);
  });

  test('neither number nor identity goes anywhere but into the host', async () => {
    await begin();
    await applyForAccount(till, 'A1');
    await host.clock.advance(0);
    const rows = await host.host.store.selectFrom('outbox').select('body').execute();
    const kept = await host.host.store.selectFrom('applications').selectAll().execute();
    const seen = JSON.stringify([rows, kept, await report(host), host.logged]);
    expect(seen).not.toContain(goodAccount.number);
    expect(seen).not.toContain(goodAccount.id);
    expect(seen).toContain('***************0128');
  });

  test.each<[string, AccountChange, string]>([
    ['an empty name', { name: ' ' }, 'ACCOUNT_INVALID'],
    ['a card number with a wrong check digit', { number: '6222021234567890127' }, 'ACCOUNT_INVALID'],
    ['no number at all', { number: '12' }, 'ACCOUNT_INVALID'],
    ['a bank that nobody knows', { bank: '月亮银行' }, 'ACCOUNT_INVALID'],
    ['a bank as a payment institution', { destination: 'payment' }, 'ACCOUNT_INVALID'],
    ['no identity', { id: '' }, 'ACCOUNT_INVALID'],
    ['the name of a stranger', { name: '李四' }, 'ACCOUNT_NAME_MISMATCH'],
    ['the legal person with another identity', { name: '王五', id: '110101199003070003' }, 'ACCOUNT_INVALID'],
  ])('with %s is REJECTED, and another may be applied for', async (_, change, reason) => {
    await begin();
    await order(host, till, { command: 'set-person', role: 'legal-person', name: '王五', id: '110101199003070001' });
    await applyForAccount(till, 'A1', change);
    await host.clock.advance(0);
    expect(await answers(till, 'A1')).toEqual(['accepted', `refused ${reason}`]);
    expect((await report(host)).accounts).toMatchObject([{ version: 1, state: 'REJECTED', reason }]);
    await applyForAccount(till, 'A2');
    await host.clock.advance(0);
    expect(await states()).toEqual([
      [1, 'REJECTED'],
      [2, 'ACTIVE'],
    ]);
  });

  test.each<[string, AccountChange]>([
    ['of the legal person', { name: '王五', id: '110101199003070001' }],
    ['that is a firm’s and has no check digit', { number: '110900112233445' }],
    ['B-028: at a payment institution', { destination: 'payment', bank: '支付宝', number: 'shop@example.com' }],
  ])('%s is good too', async (_, change) => {
    await begin();
    await order(host, till, { command: 'set-person', role: 'legal-person', name: '王五', id: '110101199003070001' });
    await applyForAccount(till, 'A1', change);
    await host.clock.advance(0);
    expect(await answers(till, 'A1')).toEqual(['accepted', 'done']);
  });

  test('waits for a person where a person decides', async () => {
    await begin({ parameters: { 'host.accountDecision': 'manual' } });
    await applyForAccount(till, 'A1', { name: '李四' });
    await host.clock.advance(86_400_000);
    const aside = { command: 'verify-account', name: '李四', number: '110900112233445', bank: '工商银行' } as const;
    expect(await order(host, till, aside)).toBe('ILLEGAL_STATE');
    expect((await report(host)).applications).toMatchObject([{ no: 'A1', flaw: 'ACCOUNT_NAME_MISMATCH', dueAt: null }]);
    const decide = (version: number, outcome: 'active' | 'rejected') =>
      order(host, till, {
        command: 'account-decide',
        version,
        outcome,
        reason: 'ACCOUNT_NAME_MISMATCH',
        remark: '请用法人户名',
      });
    const resultOf = async () => (await till.down('apply-result')).at(-1)?.body;
    expect(await decide(9, 'active')).toBe('NOT_FOUND');
    expect(await decide(1, 'rejected')).toBe('done');
    expect(await resultOf()).toMatchObject({ outcome: 'refused', remark: '请用法人户名' });
    expect(await decide(1, 'active')).toBe('ILLEGAL_STATE');
    expect(await answers(till, 'A1')).toEqual(['accepted', 'refused ACCOUNT_NAME_MISMATCH']);
  });

  test('is decided after a restart of the host', async () => {
    await begin({ parameters: { 'host.accountDelayMs': 1_000 } });
    await applyForAccount(till, 'A1');
    await host.upstream.stop();
    await host.clock.advance(1_000);
    const restarted = new Upstream(host.host, (error) => host.failures.push(error));
    restarted.start();
    await host.clock.advance(0);
    expect(await answers(till, 'A1')).toEqual(['accepted', 'done']);
    await restarted.stop();
  });
});

describe('refused at once', () => {
  const refusal = async (change: AccountChange = {}, by = '00') => {
    await applyForAccount(till, 'A1', change, by);
    expect(await states()).toEqual([]);
    return answers(till, 'A1');
  };

  test('B-020: while nobody can be reached', async () => {
    await begin({ profile: { contact: '张三' } });
    expect(await refusal()).toEqual(['refused PROFILE_INCOMPLETE']);
  });

  test('B-021: with an identity document that has expired; on its last day it is good', async () => {
    await begin({ profile: { ...reachable, idValidUntil: '2026-11-19' } });
    expect(await refusal()).toEqual(['refused ID_EXPIRED']);
    await order(host, till, { command: 'set-profile', idValidUntil: '2026-11-20' });
    await applyForAccount(till, 'A2');
    expect(await answers(till, 'A2')).toEqual(['accepted']);
  });

  test('B-017: without the agreement that is in force', async () => {
    await begin({ profile: { ...reachable, agreementInForce: '2027-01' } });
    expect(await refusal()).toEqual(['refused AGREEMENT_REQUIRED']);
  });

  test('for a cashier, and for a block that was sealed for another application', async () => {
    await begin();
    expect(await refusal({}, '01')).toEqual(['refused FORBIDDEN']);
    await applyForAccount(till, 'A2', { sealedFor: 'A3' });
    expect(await answers(till, 'A2')).toEqual(['refused ACCOUNT_INVALID']);
  });

  test('while one is looked at, and while one is ACTIVE: a later one comes with a settler change', async () => {
    await begin({ parameters: { 'host.accountDelayMs': 1_000 } });
    await applyForAccount(till, 'A1');
    await applyForAccount(till, 'A2');
    expect(await answers(till, 'A2')).toEqual(['refused APPLICATION_IN_REVIEW']);
    await host.clock.advance(1_000);
    await applyForAccount(till, 'A3');
    expect(await answers(till, 'A3')).toEqual(['refused ILLEGAL_STATE']);
    expect(await states()).toEqual([[1, 'ACTIVE']]);
  });
});

describe('B-052: the repair of an account in error', () => {
  const earnAndFail = async () => {
    await begin({ account: { name: '测试商户', number: goodAccount.number, bank: '工商银行' } });
    const available = await till.earn(100_000);
    host.host.faults.arm({ kind: 'settle-fail', reason: 'NAME_MISMATCH' }, 1);
    await till.settle('S1', available);
    await host.clock.advance(0);
    expect((await report(host)).accounts).toMatchObject([{ state: 'ERRORED', reason: 'NAME_MISMATCH' }]);
  };

  test('with its number: the same version is ACTIVE again', async () => {
    await earnAndFail();
    await applyForAccount(till, 'A1', { bank: '建设银行上海分行' });
    await host.clock.advance(0);
    expect(await answers(till, 'A1')).toEqual(['accepted', 'done']);
    expect((await report(host)).accounts).toMatchObject([
      { version: 1, state: 'ACTIVE', bank: '建设银行上海分行', reason: null },
    ]);
  });

  test('with another number: the next version is ACTIVE, the old one SUPERSEDED', async () => {
    await earnAndFail();
    await applyForAccount(till, 'A1', { number: '110900112233445' });
    expect(await states()).toEqual([
      [1, 'ERRORED'],
      [2, 'VERIFYING'],
    ]);
    await host.clock.advance(0);
    expect(await states()).toEqual([
      [1, 'SUPERSEDED'],
      [2, 'ACTIVE'],
    ]);
  });

  test('that is not good leaves it in error', async () => {
    await earnAndFail();
    await applyForAccount(till, 'A1', { name: '李四' });
    await applyForAccount(till, 'A2', { number: '110900112233445' });
    await host.clock.advance(0);
    expect(await answers(till, 'A1')).toEqual(['accepted', 'refused ACCOUNT_NAME_MISMATCH']);
    expect(await answers(till, 'A2')).toEqual(['refused APPLICATION_IN_REVIEW']);
    expect(await states()).toEqual([[1, 'ERRORED']]);
  });

  test('by upstream itself, without an application', async () => {
    await earnAndFail();
    const again = { command: 'verify-account', name: '测试商户', bank: '工商银行' } as const;
    await order(host, till, { ...again, number: '6222020000005675' });
    expect(await states()).toEqual([
      [1, 'SUPERSEDED'],
      [2, 'ACTIVE'],
    ]);
  });

  test('B-009: by upstream itself while one is ACTIVE is refused: a later one comes by a settler change', async () => {
    await earnAndFail();
    const again = { command: 'verify-account', name: '测试商户', bank: '工商银行' } as const;
    expect(await order(host, till, { ...again, number: goodAccount.number })).toBe('done');
    expect(await order(host, till, { ...again, number: '6222020000005675' })).toBe('ILLEGAL_STATE');
    expect(await states()).toEqual([[1, 'ACTIVE']]);
  });

  test.each([
    ['another’s name', { name: '李四' }],
    ['a number with a wrong check digit', { number: '6222020000005678' }],
    ['a bank that nobody knows', { bank: '天地银行' }],
    ['the identity of another', { name: '王五', id: '110101199003070002' }],
    ['no identity where one is registered', { name: '王五' }],
  ])('B-013: by upstream itself with %s is refused', async (_, change) => {
    await earnAndFail();
    await order(host, till, { command: 'set-person', role: 'legal-person', name: '王五', id: '110101199003070001' });
    const good = { command: 'verify-account', name: '测试商户', bank: '工商银行', number: '6222020000005675' } as const;
    expect(await order(host, till, { ...good, ...change })).toBe('INVALID_PARAMETER');
    expect(await states()).toEqual([[1, 'ERRORED']]);
  });
});
