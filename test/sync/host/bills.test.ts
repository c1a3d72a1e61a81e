import { parse } from 'valibot';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dayOfNumber, numbersOfDay } from '../../../sync/host/number-day.ts';
import { prune } from '../../../sync/host/prune.ts';
import { billLine } from '../../../sync/protocol/bills.ts';
import { billsOf, day, hostHas, numberOf, order, press } from './bill-rig.ts';
import { startHost, type TestHost } from './start-host.ts';
import { Till } from './till.ts';

let host: TestHost;
let till: Till;
beforeEach(async () => {
  host = await startHost();
  till = new Till(host);
  await till.signIn();
});
afterEach(async () => {
  expect(host.failures).toEqual([]);
  await host.stop();
});

const publish = (change: object = {}) =>
  order(host, till, { command: 'publish-bill', date: day, plant: [], ...change });
const newest = async () => {
  const bill = (await billsOf(till)).at(-1);
  if (!bill) throw new Error('no bill came');
  return bill;
};
const hourMs = 3_600_000;

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

describe('a bad bill is asked for again', () => {
  beforeEach(() => hostHas(host, till, { payment: numberOf(1) }, { payment: numberOf(2) }));
  const wanted = (version: number, id = `wanted:${version}`) =>
    till.up({
      kind: 'bill-wanted',
      id,
      body: { no: id, at: 1, by: 'SYS', facts: { date: day, version, reason: 'BAD_HASH' }, journals: [] },
    });

  test.each(['hash', 'rows', 'line', 'part'] as const)(
    '%s: the next bill is bad, the one after it is good',
    async (how) => {
      await order(host, till, { command: 'spoil-bill', how });
      await publish({ plant: [{ kind: 'amount', payment: numberOf(2) }] });
      const bad = await newest();
      const fits = bad.isWhole && bad.lines.every(({ payment }) => payment !== 'none');
      expect(fits).toBe(false);
      await wanted(1);
      await press(host);
      const good = await newest();
      expect(good).toMatchObject({ isWhole: true, bill: { version: 2, rows: 2, grossFen: 20_100 } });
    },
  );

  test('one that is newer is not made again; one that was never made is', async () => {
    await publish();
    await publish();
    await wanted(1);
    await press(host);
    expect((await billsOf(till)).map(({ bill }) => bill.version)).toEqual([1, 2]);
    await wanted(2);
    await press(host);
    expect((await newest()).bill.version).toBe(3);
  });
});

describe('by the clock', () => {
  beforeEach(() => hostHas(host, till, { payment: numberOf(1) }));
  const dates = async () => (await billsOf(till)).map(({ bill }) => [bill.date, bill.rows]);

  test('on the next day at ten, once; a day without payments has a bill of none', async () => {
    // It is ten o'clock on the day itself.
    expect(await press(host)).toBe(24 * hourMs);
    expect(await dates()).toEqual([]);
    host.clock.jump(24 * hourMs - 1);
    expect(await press(host)).toBe(1);
    expect(await dates()).toEqual([]);
    host.clock.jump(1);
    await press(host);
    await press(host);
    expect(await dates()).toEqual([[day, 1]]);
    host.clock.jump(24 * hourMs);
    await press(host);
    expect(await dates()).toEqual([
      [day, 1],
      ['2026-11-21', 0],
    ]);
  });

  test('days that a host that was off has missed are made up for, once each', async () => {
    host.clock.jump(3 * 24 * hourMs);
    await press(host);
    expect((await dates()).map(([date]) => date)).toEqual([day, '2026-11-21', '2026-11-22']);
  });

  test('a bill that was made by hand is not made again', async () => {
    await publish();
    host.clock.jump(24 * hourMs);
    await press(host);
    expect(await dates()).toEqual([[day, 1]]);
  });

  test('0: by command only', async () => {
    await order(host, till, { command: 'set-parameter', name: 'host.billHour', value: 0 });
    host.clock.jump(5 * 24 * hourMs);
    expect(await press(host)).toBeNull();
    expect(await dates()).toEqual([]);
  });
});

test('what was being sent goes on after a restart, what was being made is made from the start', async () => {
  await hostHas(host, till, { payment: numberOf(1) });
  await publish();
  const { file } = await newest();
  const key = {
    merchant: till.ref.merchant,
    terminal: till.ref.terminal,
    date: '2026-11-19',
    sha256: '',
    bytes: 0,
    rows: 0,
  };
  const half = {
    ...key,
    version: 1,
    planted_json: '[]',
    spoil: null,
    gross_fen: 0,
    fee_fen: 0,
    parts: 0,
    sent_parts: 0,
    at: 1,
  };
  await hostHas(host, till, { payment: numberOf(1, '2026-11-19') });
  await host.host.store
    .insertInto('bills')
    .values({ ...half, state: 'BUILDING' })
    .execute();
  await host.host.store
    .insertInto('bill_parts')
    .values({
      merchant: key.merchant,
      terminal: key.terminal,
      date: key.date,
      version: 1,
      i: 0,
      first: 'half',
      bytes: Buffer.from(file),
    })
    .execute();
  await press(host);
  expect(await newest()).toMatchObject({ isWhole: true, bill: { date: '2026-11-19', rows: 1 } });
});

test('what changes while a bill is being made is in it, and the bill says since when it knows', async () => {
  await hostHas(host, till, ...Array.from({ length: 1_200 }, (_, n) => ({ payment: numberOf(n), fee_fen: 0 })));
  const publishing = publish();
  const { store } = host.host;
  while (!(await store.selectFrom('bill_parts').select('i').executeTakeFirst())) await Promise.resolve();
  host.clock.jump(5);
  await store.updateTable('approvals').set({ state: 'VOIDED' }).where('payment', '=', numberOf(0)).execute();
  await publishing;
  const { lines, bill, isWhole } = await newest();
  expect(lines[0]).toMatchObject({ payment: numberOf(0), state: 'VOIDED' });
  expect(isWhole).toBe(true);
  expect(bill.at).toBe(host.clock.now());
});

test('files that the terminal has are let go of, those on their way are not', async () => {
  await hostHas(host, till, { payment: numberOf(1) });
  const { store } = host.host;
  const parts = async () => (await till.down('file-part')).length;
  const pruned = () => store.transaction().execute((trx) => prune(trx, 0));
  await publish();
  await pruned();
  expect(await parts()).toBe(1);
  await store
    .updateTable('stream')
    .set((eb) => ({ down_acked: eb.ref('down_highest') }))
    .execute();
  await pruned();
  expect(await parts()).toBe(0);
  expect(await till.down('bill')).toHaveLength(1);
});

test('F7: a bill of 6,000 lines goes out in slices; requests come between, and little is held', async () => {
  const many = Array.from({ length: 6_000 }, (_, n) => ({ payment: numberOf(n), amount_fen: 100, fee_fen: 0 }));
  await hostHas(host, till, ...many);
  const before = process.memoryUsage().heapUsed;
  let worst = 0;
  let between = 0;
  const publishing = publish({
    plant: Array.from({ length: 50 }, (_, n) => ({
      kind: (['surplus', 'shortage', 'amount', 'state'] as const)[n % 4],
    })),
  });
  let going = true;
  void publishing.finally(() => {
    going = false;
  });
  while (going) {
    await host.host.store.transaction().execute((trx) => trx.selectFrom('counters').selectAll().execute());
    between += 1;
    worst = Math.max(worst, process.memoryUsage().heapUsed - before);
  }
  expect(await publishing).toBe('done');
  expect(between).toBeGreaterThan(15);
  expect(worst).toBeLessThan(64 * 1024 * 1024);
  const { bill, isWhole, lines, parts } = await newest();
  expect(isWhole).toBe(true);
  expect(parts).toBeGreaterThan(25);
  expect(bill.rows).toBe(6_000 + 13 - 13);
  const known = new Map(many.map(({ payment }) => [payment, 100]));
  const surplus = lines.filter(({ payment }) => !known.has(payment));
  const changed = lines.filter(
    ({ payment, amountFen, state }) => known.has(payment) && (amountFen !== 100 || state !== 'PAID'),
  );
  const there = new Set(lines.map(({ payment }) => payment));
  const shortage = many.filter(({ payment }) => !there.has(payment));
  expect([surplus.length, changed.length, shortage.length]).toEqual([13, 24, 13]);
});
