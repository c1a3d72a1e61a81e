import { beforeEach, describe, expect, test } from 'vitest';
import { markAccountErrored, verifyAccount } from '../../../sync/host/account-life.ts';
import { Upstream } from '../../../sync/host/upstream.ts';
import { settle as settled } from '../../support/test-clock.ts';
import { order } from './bill-rig.ts';
import { hostAndTill } from './host-and-till.ts';
import { journal } from './journals.ts';
import { merchant, startHost, type TestHost } from './start-host.ts';
import { Till } from './till.ts';

let host: TestHost;
let till: Till;
let available = 0;
hostAndTill(
  (both) => {
    ({ host, till } = both);
  },
  { isSignedIn: false },
);
beforeEach(async () => {
  available = await till.earn(100_000);
});

const results = async () => (await till.down('settle-result')).map(({ body }) => [body.no, body.outcome, body.reason]);
const account = async (version: number) =>
  (await host.host.store.selectFrom('accounts').select('state').where('version', '=', version).executeTakeFirst())
    ?.state;

test('accepted, then succeeded at once by the due work, with transfer and value date; the link is woken', async () => {
  await till.settle('S1', available);
  expect(await results()).toEqual([['S1', 'accepted', null]]);
  host.woken.length = 0;
  await host.clock.advance(0);
  expect(await results()).toEqual([
    ['S1', 'accepted', null],
    ['S1', 'succeeded', null],
  ]);
  expect((await till.down('settle-result'))[1]?.body).toMatchObject({
    hostRef: 'H0000000001',
    transferRef: 'T0000000001',
    serviceFeeFen: 0,
    valueDate: '2026-11-20',
  });
  expect(host.woken).toEqual([till.ref.terminal]);
});

test('with a delay: the outcome comes when it is due, also after a restart', async () => {
  const slow = await startHost({ parameters: { 'host.settleDelayMs': 60_000 } });
  const slowTill = new Till(slow);
  await slowTill.settle('S1', await slowTill.earn(100_000));
  await slow.upstream.stop();
  await slow.clock.advance(59_999);
  const restarted = new Upstream(slow.host, (error) => slow.failures.push(error));
  restarted.start();
  await slow.clock.advance(0);
  expect(await slowTill.down('settle-result')).toHaveLength(1);
  await slow.clock.advance(1);
  expect((await slowTill.down('settle-result')).map(({ body }) => body.outcome)).toEqual(['accepted', 'succeeded']);
  await restarted.stop();
  await slow.stop();
});

test('several settlements each have their own outcome', async () => {
  host.host.faults.arm({ kind: 'settle-fail', reason: 'BANK_REFUSED' }, 1);
  await till.settle('S1', 1_000);
  await till.settle('S2', 2_000);
  await host.clock.advance(0);
  expect(await results()).toEqual([
    ['S1', 'accepted', null],
    ['S2', 'accepted', null],
    ['S1', 'failed', 'BANK_REFUSED'],
    ['S2', 'succeeded', null],
  ]);
});

describe('failed', () => {
  test('for a reason of the bank: the account stays ACTIVE', async () => {
    host.host.faults.arm({ kind: 'settle-fail', reason: 'BANK_REFUSED' }, 1);
    await till.settle('S1', available);
    await host.clock.advance(0);
    expect(await results()).toEqual([
      ['S1', 'accepted', null],
      ['S1', 'failed', 'BANK_REFUSED'],
    ]);
    expect(await account(1)).toBe('ACTIVE');
  });

  test.each(['ACCOUNT_CLOSED', 'NAME_MISMATCH'])(
    'B-052: for %s the account is ERRORED, and nothing is accepted until it is verified',
    async (reason) => {
      host.host.faults.arm({ kind: 'settle-fail', reason }, 1);
      await till.settle('S1', available);
      await host.clock.advance(0);
      expect(await account(1)).toBe('ERRORED');
      expect((await till.down('merchant-data')).at(-1)?.body).toMatchObject({
        rev: 2,
        record: { version: 1, state: 'ERRORED' },
      });

      await till.post(
        'settle-result',
        journal('J-22', 'S1', 'settle-failed:S1', [
          ['2005:S1', 'D', available],
          ['2002', 'C', available],
        ]),
      );
      await till.settle('S2', available);
      expect((await results()).at(-1)).toEqual(['S2', 'refused', 'SETTLE_ACCOUNT_ERRORED']);

      await till.post(
        'settle-result',
        journal('J-22', 'S2', 'settle-failed:S2', [
          ['2005:S2', 'D', available],
          ['2002', 'C', available],
        ]),
      );
      const now = host.clock.now();
      const fresh = { name: '测试商户', number: '6222020000005678', bank: '建设银行' };
      await host.host.store.transaction().execute((trx) => verifyAccount(trx, merchant, fresh, { by: 'U', now }));
      expect([await account(1), await account(2)]).toEqual(['SUPERSEDED', 'ACTIVE']);
      await till.settle('S3', available, { accountVersion: 2 });
      await host.clock.advance(0);
      expect((await results()).slice(-2)).toEqual([
        ['S3', 'accepted', null],
        ['S3', 'succeeded', null],
      ]);
    },
  );

  test('a failure of an old version does not touch the new one', async () => {
    await host.host.store.transaction().execute(async (trx) => {
      await verifyAccount(trx, merchant, { name: 'a', number: '6222020000005678', bank: 'b' }, { by: 'U', now: 1 });
      await markAccountErrored(trx, merchant, 1, 'ACCOUNT_CLOSED', { by: 'U', now: 1 });
    });
    expect([await account(1), await account(2)]).toEqual(['SUPERSEDED', 'ACTIVE']);
  });
});

test('returned by the bank after success', async () => {
  host.host.faults.arm({ kind: 'settle-return' }, 1);
  await till.settle('S1', available);
  await host.clock.advance(0);
  expect(await results()).toEqual([
    ['S1', 'accepted', null],
    ['S1', 'succeeded', null],
    ['S1', 'returned', 'RETURNED_BY_BANK'],
  ]);
});

test.each([
  ['ACCOUNT_CLOSED', 'ERRORED'],
  ['NAME_MISMATCH', 'ERRORED'],
  ['RETURNED_BY_BANK', 'ACTIVE'],
])('B-052: returned for %s the account is %s', async (reason, state) => {
  await till.settle('S1', available);
  await host.clock.advance(0);
  const decision = { command: 'settle-decide', no: 'S1', outcome: 'returned', reason } as const;
  expect(await order(host, till, decision)).toBe('done');
  expect((await results()).at(-1)).toEqual(['S1', 'returned', reason]);
  expect(await account(1)).toBe(state);
});

describe('refused', () => {
  test('for another account version', async () => {
    await till.settle('S1', available, { accountVersion: 9 });
    expect(await results()).toEqual([['S1', 'refused', 'ACCOUNT_INVALID']]);
  });

  test('for a version that another took the place of', async () => {
    const fresh = { name: '测试商户', number: '6222020000005678', bank: '建设银行' };
    await host.host.store.transaction().execute((trx) => verifyAccount(trx, merchant, fresh, { by: 'U', now: 1 }));
    await till.settle('S1', available, { accountVersion: 1 });
    expect(await results()).toEqual([['S1', 'refused', 'ACCOUNT_INVALID']]);
  });

  test('for an amount of zero', async () => {
    await till.settle('S1', 0, { journals: [] });
    expect(await results()).toEqual([['S1', 'refused', 'INVALID_AMOUNT']]);
  });

  test('for more than the mirror holds; a book below zero is a difference too', async () => {
    await till.settle('S1', available + 1);
    expect(await results()).toEqual([['S1', 'refused', 'INSUFFICIENT_BALANCE']]);
    expect((await till.down('settle-result'))[0]?.body.limit).toEqual({
      name: 'available',
      used: available + 1,
      limit: available,
      who: 'terminal',
    });
    expect((await till.down('mirror-differs'))[0]?.body).toMatchObject({ account: '2002', bookFen: -1, mirrorFen: 0 });
  });

  test('without its hold', async () => {
    await till.settle('S1', available, { journals: [] });
    expect(await results()).toEqual([['S1', 'refused', 'INSUFFICIENT_BALANCE']]);
  });

  test('and then it stays refused', async () => {
    await till.settle('S1', available, { accountVersion: 9 });
    await host.clock.advance(0);
    expect(await results()).toHaveLength(1);
  });
});

describe('B-051: one number is one settlement', () => {
  test('the same again is the same', async () => {
    await till.settle('S1', available);
    await till.settle('S1', available, { id: 'again' });
    await host.clock.advance(0);
    expect((await results()).map(([, outcome]) => outcome)).toEqual(['accepted', 'succeeded']);
  });

  test('with another amount it is rejected and changes nothing', async () => {
    await till.settle('S1', 1_000);
    const other = till.settle('S1', 2_000, { id: 'other', journals: [] });
    await expect(other).rejects.toMatchObject({ name: 'HostReject', code: 'IDEMPOTENCY_CONFLICT' });
    await host.clock.advance(0);
    expect((await results()).map(([, outcome]) => outcome)).toEqual(['accepted', 'succeeded']);
  });
});

test('decided by hand: the due work leaves it alone', async () => {
  const manual = await startHost({ parameters: { 'host.settleDecision': 'manual' } });
  const manualTill = new Till(manual);
  await manualTill.settle('S1', await manualTill.earn(100_000));
  await manual.clock.advance(86_400_000);
  expect((await manualTill.down('settle-result')).map(({ body }) => body.outcome)).toEqual(['accepted']);
  await manual.stop();
});

test('B-012: the operator’s check is kept; not of what was not paid, nor of an unknown settlement, nor by a cashier or a user who was removed', async () => {
  await till.settle('S1', available);
  const row = (no: string, by = '00') => ({
    kind: 'settlement-checked' as const,
    id: no,
    body: { no, at: 1, by, facts: { settlement: no }, journals: [] },
  });
  await expect(till.up(row('S1'))).rejects.toMatchObject({ code: 'ILLEGAL_STATE' });
  await host.clock.advance(0);
  for (const by of ['01', 'removed']) await expect(till.up(row('S1', by))).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await till.up(row('S1'));
  await settled();
  expect(await host.host.store.selectFrom('settlements').select('checked').executeTakeFirst()).toEqual({ checked: 1 });
  await expect(till.up(row('S9'))).rejects.toMatchObject({ code: 'SETTLEMENT_UNKNOWN' });
});
