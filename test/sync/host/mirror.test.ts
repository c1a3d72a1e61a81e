import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkMirror } from '../../../sync/host/check-mirror.ts';
import { mirrorBalances } from '../../../sync/host/mirror.ts';
import { hostAndTill } from './host-and-till.ts';
import { businessDate, clearingJournal, journal, saleJournal } from './journals.ts';
import { startHost, type TestHost } from './start-host.ts';
import { Till } from './till.ts';

let host: TestHost;
let till: Till;
hostAndTill((both) => {
  ({ host, till } = both);
});

const inTrx = <T>(work: Parameters<ReturnType<TestHost['host']['store']['transaction']>['execute']>[0]) =>
  host.host.store.transaction().execute(work) as Promise<T>;
const balances = async () =>
  Object.fromEntries(await inTrx<Map<string, number>>((trx) => mirrorBalances(trx, till.ref)));
const check = () => checkMirror(host.host.store, till.ref);
const differs = async () =>
  (await till.down('mirror-differs')).map(({ body }) => [body.account, body.bookFen, body.mirrorFen]);
const asBody = (journals: ReturnType<typeof journal>[]) => ({
  no: 'x',
  at: 1,
  by: '01',
  facts: { causeSeq: 1, causeKind: 'x', causeId: null, batch: null },
  journals,
});
const rawPost = (id: string, ...journals: ReturnType<typeof journal>[]) =>
  till.up({ kind: 'posted', id, body: asBody(journals) });

test('a day through: the mirror has every balance of the book, on its normal side', async () => {
  const paid = await till.pay({ amountFen: 100_000 });
  expect(await balances()).toEqual({ [`1101:${businessDate}`]: 100_000, [`2001:${paid.payment}`]: 100_000 });
  await till.close();
  await till.postClearing();
  await till.settle('S1', 99_000);
  await host.clock.advance(0);
  await till.post(
    'settle-result',
    journal('J-21', 'S1', 'settled:S1', [
      ['2005:S1', 'D', 99_000],
      ['1001', 'C', 99_000],
    ]),
  );
  expect(await balances()).toEqual({
    [`1101:${businessDate}`]: 0,
    [`2001:${paid.payment}`]: 0,
    '1001': 1_000,
    '2002': 620,
    '2005:S1': 0,
    '4001': 380,
  });
  expect(await differs()).toEqual([]);
  expect(await check()).toEqual({ journals: 5, sumFen: 0, wrong: [] });
});

test('a settlement that is returned comes back to the available balance', async () => {
  host.host.faults.arm({ kind: 'settle-return' }, 1);
  await till.pay({ amountFen: 100_000 });
  await till.close();
  await till.postClearing();
  await till.settle('S1', 99_620);
  await host.clock.advance(0);
  await till.post(
    'settle-result',
    journal('J-21', 'S1', 'settled:S1', [
      ['2005:S1', 'D', 99_620],
      ['1001', 'C', 99_620],
    ]),
  );
  await till.post(
    'settle-result',
    journal('J-23', 'S1', 'returned:S1', [
      ['1001', 'D', 99_620],
      ['2002', 'C', 99_620],
    ]),
  );
  expect(await balances()).toMatchObject({ '1001': 100_000, '2002': 99_620, '2005:S1': 0 });
  expect(await differs()).toEqual([]);
});

describe('a journal that cannot be is rejected, and nothing of its row is written', () => {
  test.each([
    {
      what: 'P-01: it does not balance',
      code: 'UNBALANCED_JOURNAL',
      lines: [
        ['1001', 'D', 100],
        ['2002', 'C', 99],
      ],
    },
    {
      what: 'an account that is not in the chart',
      code: 'UNKNOWN_ACCOUNT',
      lines: [
        ['9999', 'D', 100],
        ['2002', 'C', 100],
      ],
    },
    {
      what: 'a name of every object',
      code: 'UNKNOWN_ACCOUNT',
      lines: [
        ['constructor', 'D', 100],
        ['2002', 'C', 100],
      ],
    },
    {
      what: 'a day that does not exist',
      code: 'UNKNOWN_ACCOUNT',
      lines: [
        ['1101:2026-02-30', 'D', 100],
        ['2002', 'C', 100],
      ],
    },
    {
      what: 'a dimension that is missing',
      code: 'UNKNOWN_ACCOUNT',
      lines: [
        ['2001', 'D', 100],
        ['2002', 'C', 100],
      ],
    },
    {
      what: 'a dimension too many',
      code: 'UNKNOWN_ACCOUNT',
      lines: [
        ['2002:x', 'D', 100],
        ['1001', 'C', 100],
      ],
    },
  ] as const)('$what', async ({ code, lines }) => {
    const good = saleJournal('P1', 100);
    const bad = journal(
      'J-01',
      'P2',
      'sale:P2',
      lines.map(([account, side, fen]) => [account, side, fen]),
    );
    await expect(rawPost('row', good, bad)).rejects.toMatchObject({ name: 'HostReject', code });
    expect(await balances()).toEqual({});
  });

  test('P-05: a key that came before with other lines', async () => {
    const paid = await till.pay();
    const other = saleJournal(paid.payment, 1);
    await expect(rawPost('other', other)).rejects.toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
    expect(await balances()).toMatchObject({ [`2001:${paid.payment}`]: paid.amountFen });
  });

  test('a row of a terminal that is not registered', async () => {
    const stranger = new Till(host, { merchant: till.ref.merchant, terminal: '00000009' });
    await expect(stranger.record({})).rejects.toMatchObject({ code: 'UNKNOWN_TERMINAL' });
  });
});

test('P-05: a key that came before with the same lines adds nothing', async () => {
  const paid = await till.pay({ amountFen: 100_000 });
  await till.close();
  await till.post('batch-cleared', clearingJournal(paid));
  await rawPost('again', clearingJournal(paid));
  expect(await balances()).toMatchObject({ '2002': 99_620, '4001': 380 });
});

test('a running sum that was tampered with is found (P-04)', async () => {
  await till.pay({ amountFen: 500 });
  await host.host.store.updateTable('mirror').set({ debit_fen: 499 }).where('account', 'like', '1101%').execute();
  expect(await check()).toEqual({ journals: 1, sumFen: -1, wrong: [`1101:${businessDate}`] });
});

test('P-01, P-02, P-04: whatever sales and closes come, the mirror adds up', async () => {
  const step = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ do: fc.constant('pay' as const), amountFen: fc.integer({ min: 1, max: 200_000 }) }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('close' as const) }) },
  );
  const run = fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps) => {
    const day = await startHost();
    try {
      const dayTill = new Till(day);
      await dayTill.signIn();
      for (const s of steps) {
        // Round amounts: the endings of the amount table are another test's.
        if (s.do === 'pay') await dayTill.pay({ amountFen: s.amountFen * 100 });
        else {
          await dayTill.close();
          await dayTill.postClearing();
          await dayTill.signIn();
          dayTill.paid.length = 0;
        }
      }
      const found = await checkMirror(day.host.store, dayTill.ref);
      expect(found).toMatchObject({ sumFen: 0, wrong: [] });
      expect(await dayTill.down('mirror-differs')).toEqual([]);
    } finally {
      await day.stop();
    }
  });
  await fc.assert(run, { numRuns: 15 });
});
