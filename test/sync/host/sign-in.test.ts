import { expect, test } from 'vitest';
import { verifyAccount } from '../../../sync/host/account-life.ts';
import { setParameter } from '../../../sync/host/merchants.ts';
import { hostAndTill } from './host-and-till.ts';
import { merchant, otherTerminal, type TestHost } from './start-host.ts';
import { Till } from './till.ts';

let host: TestHost;
let till: Till;
hostAndTill(
  (both) => {
    ({ host, till } = both);
  },
  { isSignedIn: false },
);

test('the first sign-in opens batch 000001 and brings what the terminal must know', async () => {
  expect(await till.signIn()).toMatchObject({
    code: '00',
    batch: '000001',
    rev: 1,
    merchantName: '测试商户',
    hostTime: host.clock.now(),
    parameters: { clearing: 'at-close', profile: 'gross', 'fee.card.normalPpm': 6000, 'batch.maxRecords': 500 },
  });
});

test('parameters of the host itself stay with the host', async () => {
  const { parameters } = await till.signIn();
  expect(Object.keys(parameters).filter((name) => name.startsWith('host.'))).toEqual([]);
});

test('signing in again opens nothing: the same batch, nothing sent twice', async () => {
  await till.signIn();
  await till.newDown();
  expect((await till.signIn()).batch).toBe('000001');
  expect(await till.newDown()).toEqual([]);
});

test('every record of the merchant goes down, the account number masked, and the link is woken', async () => {
  await till.signIn();
  const data = await till.down('merchant-data');
  expect(data.map((row) => row.body.kind)).toEqual(['account', 'calendar', 'mode', 'parameters', 'profile']);
  expect(data[0]?.body).toMatchObject({
    rev: 1,
    record: { version: 1, state: 'ACTIVE', name: '测试商户', bank: '工商银行', maskedNumber: '************1234' },
  });
  expect(host.woken).toEqual([till.ref.terminal]);
});

test('a new rev goes down to every terminal of the merchant: only what changed', async () => {
  const other = new Till(host, otherTerminal);
  await till.signIn();
  const now = host.clock.now();
  await host.host.store.transaction().execute(async (trx) => {
    await verifyAccount(
      trx,
      merchant,
      { name: '新户名', number: '6222020000009999', bank: '农业银行' },
      { by: 'U', now },
    );
    await setParameter(trx, merchant, { name: 'sale.maxFen', value: 5_000, by: 'U' }, now);
  });
  for (const each of [till, other]) {
    const data = await each.down('merchant-data');
    expect(data.slice(-3).map(({ body }) => [body.kind, body.rev])).toEqual([
      ['account', 2],
      ['account', 2],
      ['parameters', 3],
    ]);
    expect(data.at(-2)?.body).toMatchObject({ record: { version: 2, state: 'ACTIVE' } });
    expect(data.at(-1)?.body).toMatchObject({ rev: 3, record: { 'sale.maxFen': 5_000 } });
  }
  expect((await till.signIn()).rev).toBe(3);
});
