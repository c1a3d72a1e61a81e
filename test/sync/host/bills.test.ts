import { parse } from 'valibot';
import { beforeEach, describe, expect, test } from 'vitest';
import { dayOfNumber, numbersOfDay } from '../../../sync/host/number-day.ts';
import { billLine } from '../../../sync/protocol/bills.ts';
import { billsOf, day, hostHas, newestBill, numberOf, order } from './bill-rig.ts';
import { hostAndTill } from './host-and-till.ts';
import type { TestHost } from './start-host.ts';
import type { Till } from './till.ts';

let host: TestHost;
let till: Till;
hostAndTill((both) => {
  ({ host, till } = both);
});

const publish = (change: object = {}) =>
  order(host, till, { command: 'publish-bill', date: day, plant: [], ...change });
const newest = () => newestBill(till);

describe('the day of a payment is that of its number', () => {
  test('a day in Shanghai begins at 16:00 UTC of the day before', () => {
    expect(dayOfNumber(numberOf(0))).toBe(day);
    expect(numbersOfDay('2026-11-19').before).toBe(numbersOfDay(day).from);
    expect(dayOfNumber('01ARZ3NDEKTSV4RRFFQ69G5FAV')).toBe('2016-07-31');
  });

  test('a number that tells no time is of no day', () => {
    for (const no of ['PAY00000001000001', '', '01ARZ3NDEKTSV4RRFFQ69G5FA', 'ZZZZZZZZZZZZZZZZZZZZZZZZZZ'])
      expect(dayOfNumber(no)).toBeNull();
  });
});

describe('B-032: what stands in a bill', () => {
  test('what took or gave money that day, in the order of numbers; the file fits its hash, count and sums', async () => {
    await hostHas(
      host,
      till,
      { payment: numberOf(3), amount_fen: 300, fee_fen: 3, state: 'CLEARED', cleared_at: 1 },
      { payment: numberOf(1), amount_fen: 100, fee_fen: 1 },
      { payment: numberOf(2), amount_fen: 200, fee_fen: 2, state: 'VOIDED' },
      { payment: numberOf(4), txn: 'code-sale', entry: 'QR_WECHAT', amount_fen: 400, fee_fen: 4 },
      { payment: numberOf(5), txn: 'completion', amount_fen: 500, fee_fen: 5 },
      { payment: numberOf(6), txn: 'stored-sale', amount_fen: 600, fee_fen: 6 },
    );
    expect(await publish()).toBe('done');
    const { bill, lines, isWhole } = await newest();
    expect(isWhole).toBe(true);
    expect(bill).toMatchObject({ no: `bill:${day}:1`, date: day, version: 1, rows: 6, grossFen: 1_900, feeFen: 19 });
    expect(lines.map(({ payment, txn, state, amountFen, feeFen }) => [payment, txn, state, amountFen, feeFen])).toEqual(
      [
        [numberOf(1), 'sale', 'PAID', 100, 1],
        [numberOf(2), 'sale', 'VOIDED', 200, 2],
        [numberOf(3), 'sale', 'PAID', 300, 3],
        [numberOf(4), 'code-sale', 'PAID', 400, 4],
        [numberOf(5), 'completion', 'PAID', 500, 5],
        [numberOf(6), 'stored-sale', 'PAID', 600, 6],
      ],
    );
    for (const line of lines) expect(parse(billLine, line)).toEqual(line);
    expect(host.woken).toContain(till.ref.terminal);
  });

  test('not what was declined, reversed or rejected, no voids and no pre-authorisations, and nothing of another day or terminal', async () => {
    await hostHas(
      host,
      till,
      { payment: numberOf(1), state: 'DECLINED', code: '51' },
      { payment: numberOf(2), state: 'REVERSED' },
      { payment: numberOf(3), state: 'REJECTED' },
      { payment: numberOf(4), txn: 'void' },
      { payment: numberOf(5), txn: 'preauth' },
      { payment: numberOf(6), txn: 'preauth', state: 'COMPLETED' },
      { payment: numberOf(7, '2026-11-19') },
      { payment: numberOf(0, '2026-11-21') },
    );
    await publish();
    expect(await newest()).toMatchObject({
      bill: { rows: 0, bytes: 0, grossFen: 0, feeFen: 0 },
      parts: 0,
      isWhole: true,
    });
  });

  test('refunds that were accepted and have not failed, by their own number, less in the sums', async () => {
    const refund = (n: number, state: 'PROCESSING' | 'SUCCEEDED' | 'FAILED' | 'REFUSED') => ({
      merchant: till.ref.merchant,
      terminal: till.ref.terminal,
      no: numberOf(n),
      batch: till.batch,
      business_date: day,
      stan: '000009',
      origin_terminal: till.ref.terminal,
      payment: numberOf(1),
      amount_fen: 40,
      fee_fen: 1,
      cum_before: 0,
      source: '2002' as const,
      card_group: 'domestic' as const,
      entry: 'CONTACTLESS' as const,
      state,
      book_state: 'RESERVED' as const,
      funded: 0,
      at: 1,
    });
    await hostHas(
      host,
      till,
      { payment: numberOf(1), amount_fen: 100, fee_fen: 2 },
      { payment: numberOf(4), amount_fen: 50, fee_fen: 0 },
    );
    await host.host.store
      .insertInto('refunds')
      .values([refund(2, 'PROCESSING'), refund(3, 'SUCCEEDED'), refund(5, 'FAILED'), refund(6, 'REFUSED')])
      .execute();
    await publish();
    const { lines, bill } = await newest();
    expect(lines.map(({ payment, txn, state }) => [payment, txn, state])).toEqual([
      [numberOf(1), 'sale', 'PAID'],
      [numberOf(2), 'refund', 'PAID'],
      [numberOf(3), 'refund', 'PAID'],
      [numberOf(4), 'sale', 'PAID'],
    ]);
    expect(bill).toMatchObject({ grossFen: 70, feeFen: 0 });
  });

  test('a day that is none or has not come has no bill', async () => {
    for (const date of ['2026-11-31', '2026-11-21']) expect(await publish({ date })).toBe('INVALID_PARAMETER');
    expect(await billsOf(till)).toEqual([]);
  });
});

describe('planted differences are in the bill only', () => {
  beforeEach(() =>
    hostHas(host, till, ...[1, 2, 3, 4].map((n) => ({ payment: numberOf(n), amount_fen: 100 * n, fee_fen: 0 }))),
  );
  const said = async () => (await newest()).lines.map(({ payment, state, amountFen }) => [payment, state, amountFen]);

  test('each kind on a payment that is named', async () => {
    const plant = [
      { kind: 'surplus', payment: numberOf(1) },
      { kind: 'shortage', payment: numberOf(2) },
      { kind: 'amount', payment: numberOf(3) },
      { kind: 'state', payment: numberOf(4) },
    ];
    expect(await publish({ plant })).toBe('done');
    expect(await said()).toEqual([
      [numberOf(1), 'PAID', 100],
      [`${numberOf(1)}X`, 'PAID', 100],
      [numberOf(3), 'PAID', 400],
      [numberOf(4), 'VOIDED', 400],
    ]);
    expect(await newest()).toMatchObject({ isWhole: true, bill: { rows: 4, grossFen: 600 } });
    expect(Object.values(await till.approvals())).toEqual(['APPROVED', 'APPROVED', 'APPROVED', 'APPROVED']);
  });

  test('without a name they are spread, each on a payment of its own, the same each time', async () => {
    const plant = [{ kind: 'shortage' }, { kind: 'amount' }, { kind: 'state' }, { kind: 'surplus' }];
    await publish({ plant });
    const first = await newest();
    expect(await said()).toEqual([
      [numberOf(2), 'PAID', 300],
      [numberOf(3), 'VOIDED', 300],
      [numberOf(4), 'PAID', 400],
      [`${numberOf(4)}X`, 'PAID', 400],
    ]);
    await publish({ plant });
    expect((await newest()).file).toBe(first.file);
  });

  test('on a payment that is not in it, and more than there are payments: nothing is made', async () => {
    expect(await publish({ plant: [{ kind: 'amount', payment: numberOf(9) }] })).toBe('NOT_FOUND');
    expect(await publish({ plant: [{ kind: 'amount', payment: 'PAY1' }] })).toBe('NOT_FOUND');
    expect(await publish({ plant: Array(5).fill({ kind: 'shortage' }) })).toBe('NOT_FOUND');
    expect(await billsOf(till)).toEqual([]);
  });

  test('a surplus on a day without payments', async () => {
    expect(await publish({ date: '2026-11-19', plant: [{ kind: 'surplus' }] })).toBe('done');
    expect(await newest()).toMatchObject({ isWhole: true, bill: { rows: 1, grossFen: 100 } });
  });
});
