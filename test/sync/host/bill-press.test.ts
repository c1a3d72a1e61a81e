import { beforeEach, describe, expect, test } from 'vitest';
import { billsOf, day, hostHas, newestBill, numberOf, order, press } from './bill-rig.ts';
import { hostAndTill } from './host-and-till.ts';
import type { TestHost } from './start-host.ts';
import type { Till } from './till.ts';

/** When bills are made, made again and sent. */

let host: TestHost;
let till: Till;
hostAndTill((both) => {
  ({ host, till } = both);
});

const publish = (change: object = {}) =>
  order(host, till, { command: 'publish-bill', date: day, plant: [], ...change });
const newest = () => newestBill(till);
const hourMs = 3_600_000;

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

  test('B-032: a terminal that only keys refunds has bills, too', async () => {
    await host.host.store.deleteFrom('approvals').execute();
    await host.host.store
      .insertInto('refunds')
      .values({
        merchant: till.ref.merchant,
        terminal: till.ref.terminal,
        no: numberOf(7),
        batch: till.batch,
        business_date: day,
        stan: '000009',
        origin_terminal: '00000002',
        payment: numberOf(1),
        amount_fen: 40,
        fee_fen: 1,
        cum_before: 0,
        source: '2002',
        card_group: 'domestic',
        entry: 'CONTACTLESS',
        state: 'SUCCEEDED',
        book_state: 'DONE',
        funded: 0,
        at: 1,
      })
      .execute();
    host.clock.jump(24 * hourMs);
    await press(host);
    expect(await dates()).toEqual([[day, 1]]);
  });

  test('woken before a bill is due it looks at no terminal; another hour counts at once', async () => {
    await press(host);
    await hostHas(host, till, { payment: numberOf(1, '2026-11-19') });
    host.clock.jump(24 * hourMs - 1);
    expect(await press(host)).toBe(1);
    expect(await dates()).toEqual([]);
    await order(host, till, { command: 'set-parameter', name: 'host.billHour', value: 9 });
    expect(await dates()).toEqual([
      ['2026-11-19', 1],
      [day, 1],
    ]);
    expect(await press(host)).toBe(23 * hourMs + 1);
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

test('F7: a bill of 6,000 lines goes out in slices; requests come between', async () => {
  const many = Array.from({ length: 6_000 }, (_, n) => ({ payment: numberOf(n), amount_fen: 100, fee_fen: 0 }));
  await hostHas(host, till, ...many);
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
  }
  expect(await publishing).toBe('done');
  expect(between).toBeGreaterThan(15);
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
