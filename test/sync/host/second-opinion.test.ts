import { describe, expect, test } from 'vitest';
import { decideDifference } from '../../../sync/host/differences.ts';
import { mirrorBalances } from '../../../sync/host/mirror.ts';
import { hostAndTill } from './host-and-till.ts';
import { businessDate, clearingJournal, fundingJournal, journal, saleJournal } from './journals.ts';
import type { TestHost } from './start-host.ts';
import type { Till } from './till.ts';

let host: TestHost;
let till: Till;
hostAndTill((both) => {
  ({ host, till } = both);
});

const inTrx = <T>(work: Parameters<ReturnType<TestHost['host']['store']['transaction']>['execute']>[0]) =>
  host.host.store.transaction().execute(work) as Promise<T>;
const balances = async () =>
  Object.fromEntries(await inTrx<Map<string, number>>((trx) => mirrorBalances(trx, till.ref)));
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

describe('the second opinion (P-26 b): what the host computes otherwise is kept and told', () => {
  test('J-01 of another amount than its facts', async () => {
    const request = till.saleRequest({ amountFen: 10_000 });
    await till.sale(request);
    const { payment, stan } = request;
    await till.up({
      kind: 'payment-recorded',
      id: payment,
      body: {
        no: payment,
        at: 1,
        by: '01',
        facts: {
          txn: 'sale',
          state: 'PAID',
          batch: '000001',
          stan,
          amountFen: 10_000,
          discountFen: 0,
          feeFen: 38,
          rate: null,
          entry: 'CONTACTLESS',
          group: 'domestic',
          card: null,
          rrn: null,
          authCode: null,
          code: '00',
          cleared: false,
          original: null,
        },
        journals: [saleJournal(payment, 9_000)],
      },
    });
    expect(await differs()).toEqual([
      [`1101:${businessDate}`, 9_000, 10_000],
      [`2001:${payment}`, 9_000, 10_000],
    ]);
    // The mirror still holds what the terminal posted.
    expect(await balances()).toMatchObject({ [`2001:${payment}`]: 9_000 });
  });

  test('P-26 d: J-01 of a payment that the host gave back, declined, or barred', async () => {
    const reversed = till.saleRequest();
    await till.sale(reversed);
    await till.reverse(reversed);
    const declined = till.saleRequest({ amountFen: 12_351 });
    await till.sale(declined);
    const barred = till.saleRequest();
    await till.reverse(barred);
    for (const { payment, stan, amountFen } of [reversed, declined, barred])
      await till.record({ payment, stan, amountFen });
    expect((await differs()).filter(([account]) => String(account).startsWith('2001'))).toEqual([
      [`2001:${reversed.payment}`, 10_000, 0],
      [`2001:${declined.payment}`, 12_351, 0],
      [`2001:${barred.payment}`, 10_000, 0],
    ]);
  });

  test('J-01 on another day than the batch', async () => {
    await till.pay();
    await till.pay();
    await till.record({ amountFen: 500, date: '2026-11-21' });
    expect(await differs()).toEqual([
      ['1101:2026-11-21', 500, 0],
      [`1101:${businessDate}`, 0, 500],
    ]);
  });

  test('totals that name another day than the journals', async () => {
    await till.pay({ amountFen: 700 });
    await till.sendTotals({ businessDate: '2026-11-21' });
    expect(await differs()).toEqual([['1101:2026-11-21', 700, 0]]);
  });

  test('J-03 with another fee', async () => {
    const paid = await till.pay({ amountFen: 100_000 });
    await till.close();
    await till.post('batch-cleared', clearingJournal({ ...paid, feeFen: 379 }));
    expect(await differs()).toEqual([
      ['2002', 99_621, 99_620],
      ['4001', 379, 380],
    ]);
  });

  test('J-03 before the host cleared', async () => {
    const paid = await till.pay({ amountFen: 100_000 });
    await till.post('batch-cleared', clearingJournal(paid));
    expect((await differs()).map(([account]) => account)).toEqual([`2001:${paid.payment}`, '2002', '4001']);
  });

  test('J-05 of money that the host did not receive, or received once', async () => {
    await till.pay({ amountFen: 100_000 });
    await till.close();
    const [funds] = await till.down('funds-received');
    if (!funds) throw new Error('no funds');
    await till.post('funds-received', fundingJournal(funds.body));
    expect(await differs()).toEqual([]);
    await till.post('funds-received', fundingJournal({ ...funds.body, n: 2 }));
    await till.post('funds-received', fundingJournal({ ...funds.body, n: 3, amountFen: 1 }));
    expect(await differs()).toEqual([
      ['1001', 100_000, 0],
      [`1101:${businessDate}`, -100_000, 0],
      ['1001', 1, 0],
      [`1101:${businessDate}`, -1, 0],
    ]);
  });

  test.each([
    {
      event: 'J-21',
      what: 'succeeded',
      lines: [
        ['2005:S1', 'D', 500],
        ['1001', 'C', 500],
      ],
    },
    {
      event: 'J-22',
      what: 'failed',
      lines: [
        ['2005:S1', 'D', 500],
        ['2002', 'C', 500],
      ],
    },
  ] as const)('$event while the settlement has not $what', async ({ event, lines }) => {
    await till.pay({ amountFen: 100_000 });
    await till.close();
    await till.postClearing();
    await till.settle('S1', 500);
    await till.post(
      'settle-result',
      journal(
        event,
        'S1',
        'early',
        lines.map(([account, side, fen]) => [account, side, fen]),
      ),
    );
    expect((await differs()).map(([account]) => account)).toEqual(lines.map(([account]) => account));
  });

  test('the same return posted under two keys', async () => {
    host.host.faults.arm({ kind: 'settle-return' }, 1);
    await till.pay({ amountFen: 100_000 });
    await till.close();
    await till.postClearing();
    await till.settle('S1', 500);
    await host.clock.advance(0);
    for (const key of ['a', 'b']) {
      await till.post(
        'settle-result',
        journal('J-23', 'S1', key, [
          ['1001', 'D', 500],
          ['2002', 'C', 500],
        ]),
      );
    }
    expect(await differs()).toEqual([
      ['1001', 500, 0],
      ['2002', 500, 0],
    ]);
  });

  test('a journal where none belongs, and an event that this version does not know', async () => {
    await rawPost(
      'unknown',
      journal('J-99', 'x', 'x', [
        ['1001', 'D', 5],
        ['4001', 'C', 5],
      ]),
    );
    expect(await differs()).toEqual([
      ['1001', 5, 0],
      ['4001', 5, 0],
    ]);
  });

  test('the terminal’s own finding that a clearing does not add up', async () => {
    const facts = { batch: '000001', what: 'gross', hereFen: 1, thereFen: 2, bill: null };
    await till.up({ kind: 'difference-found', id: 'd', body: { no: 'd', at: 1, by: 'SYS', facts, journals: [] } });
    expect(await differs()).toEqual([['batch:000001:gross', 1, 2]]);
  });
});

test('P-03: an account that may not be below zero is a difference when it is, one that may is none', async () => {
  host.host.faults.arm({ kind: 'settle-fail', reason: 'BANK_REFUSED' }, 2);
  await till.pay({ amountFen: 100_000 });
  await till.close();
  await till.postClearing();
  await till.settle('S1', 200_000);
  expect(await differs()).toEqual([['2002', -100_380, 0]]);
});

test('until a difference is decided no settlement of that terminal is accepted', async () => {
  await till.pay({ amountFen: 100_000 });
  await till.close();
  await till.postClearing();
  await rawPost(
    'odd',
    journal('J-99', 'x', 'x', [
      ['1001', 'D', 5],
      ['4001', 'C', 5],
    ]),
  );
  await till.settle('S1', 500);
  await till.settle('S2', 500);
  expect((await till.down('settle-result')).map(({ body }) => body.reason)).toEqual([
    'MIRROR_DIFFERS',
    'MIRROR_DIFFERS',
  ]);
  for (const n of [1, 2]) {
    expect(await inTrx((trx) => decideDifference(trx, till.ref, { n, decision: 'book', by: 'u1', at: 1 }))).toBe(true);
  }
  expect(await inTrx((trx) => decideDifference(trx, till.ref, { n: 1, decision: 'book', by: 'u1', at: 1 }))).toBe(
    false,
  );
  await till.settle('S3', 500);
  expect((await till.down('settle-result')).at(-1)?.body.outcome).toBe('accepted');
});
