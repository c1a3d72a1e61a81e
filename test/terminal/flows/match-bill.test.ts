import { afterEach, describe, expect, test } from 'vitest';
import type { BillLine } from '../../../sync/protocol/bills.ts';
import { type CrashPoint, hearPoints } from '../../../terminal/base/crash-points.ts';
import { inTransaction } from '../../../terminal/base/database.ts';
import { checkLedger } from '../../../terminal/ledger/check.ts';
import { sumByCode } from '../../../terminal/ledger/queries.ts';
import { newDifference } from '../../../terminal/settlement/difference.ts';
import {
  getDifferences,
  getDifferencesOf,
  getNewestRun,
  insertDifference,
} from '../../../terminal/settlement/reconcile-store.ts';
import { type Books, booksOf, day, hear, numberOf, plantDifferences, work } from './bill-rig.ts';

/** A bill against the book, line by line, without a host: what is planted is found, exactly. */

let books: Books;
afterEach(() => books.close());

const run = () => getNewestRun(books.db, day);
const found = () => getDifferences(books.db, true, 1_000);
const upRows = (kind: string) =>
  books.db.prepare<[string], number>('SELECT count(*) FROM outbox WHERE kind = ?').pluck().get(kind);
const match = async (lines: readonly BillLine[], version = 1, change = {}) => {
  hear(books, lines, version, change);
  await work(books);
};

describe('B-032 a bill of 2,000 lines', () => {
  test('that agrees with 2,000 payments is balanced', async () => {
    books = booksOf(2_000);
    await match(books.lines);
    expect(run()).toMatchObject({ state: 'BALANCED', matched: 2_000, differences: 0, waiting: 0, problem: null });
    expect(books.db.prepare('SELECT count(*) FROM file_part').pluck().get()).toBe(0);
  });

  test('with 50 planted differences of all kinds: exactly these are found, each posted and told once', async () => {
    books = booksOf(2_000);
    const { bill, planted } = plantDifferences(books.lines, 50);
    await match(bill);
    expect(new Map(found().map(({ payment, kind }) => [payment, kind]))).toEqual(planted);
    expect(planted.size).toBe(50);
    expect(run()).toMatchObject({ state: 'DIFFERENCES', differences: 50 });
    expect(upRows('difference-found')).toBe(50);
    const suspense = sumByCode(books.db, '2490') - sumByCode(books.db, '1290');
    expect(suspense).toBe(found().reduce((sum, { deltaFen }) => sum + deltaFen, 0));
    await match(bill, 2);
    expect([found().length, upRows('difference-found'), upRows('difference-examined')]).toEqual([50, 50, 0]);
    expect(checkLedger(books.db)).toMatchObject({ ok: true, ledgerSumFen: 0 });
  });

  test.each([
    ['of a batch of the next day is on that day', '000001', '2026-11-21'],
    ['of a batch that is not here is on the day of the bill', '000009', day],
  ])('J-80 J-81: what differs %s', async (_, batch, date) => {
    books = booksOf(20);
    books.db.exec("UPDATE batch SET business_date = '2026-11-21'");
    const [first, second, ...rest] = books.lines;
    const surplus = { ...first, payment: `${first?.payment}X`, state: 'PAID', batch } as BillLine;
    await match([...(first ? [first] : []), surplus, ...rest]);
    expect(found().find(({ payment }) => payment === surplus.payment)?.channel).toBe(`1101:${date}`);
    expect(found().find(({ payment }) => payment === second?.payment)?.channel).toBe('1101:2026-11-21');
  });

  test('that was stopped in the middle begins again and doubles nothing', async () => {
    books = booksOf(2_000);
    const { bill, planted } = plantDifferences(books.lines, 50);
    hear(books, bill, 1);
    const stop = new AbortController();
    hearPoints((point) => point === 'bill.after-differences' && stop.abort());
    await work(books, stop.signal);
    hearPoints(undefined);
    expect(found().length).toBeLessThan(50);
    expect(run()?.state).toBe('MATCHING');
    await work(books);
    expect(found()).toHaveLength(planted.size);
    expect(upRows('difference-found')).toBe(50);
  });
});

/** Dies at a point as a power cut would: what was not committed is gone. */
async function dieAt(point: CrashPoint): Promise<void> {
  hearPoints((reached) => {
    if (reached === point) throw new Error(point);
  });
  await expect(work(books)).rejects.toThrow(point);
  hearPoints(undefined);
}

test.each(['bill.in-differences', 'bill.after-differences', 'bill.in-end', 'bill.after-end'] as const)(
  'B-032 a power cut at %s: what is planted is found, each once',
  async (point) => {
    books = booksOf(200);
    const { bill, planted } = plantDifferences(books.lines, 25);
    hear(books, bill, 1);
    await dieAt(point);
    await work(books);
    expect(new Map(found().map(({ payment, kind }) => [payment, kind]))).toEqual(planted);
    expect(run()).toMatchObject({ state: 'DIFFERENCES', differences: 25 });
    expect(upRows('difference-found')).toBe(25);
    expect(checkLedger(books.db)).toMatchObject({ ok: true });
  },
);

describe('B-032 a bad bill blocks the day and is asked for', () => {
  test.each([
    ['another hash', { sha256: '0'.repeat(64) }, 'MISSING_PART'],
    ['fewer bytes than told', { bytes: 1 }, 'BAD_COUNT'],
    ['more bytes than came', { bytes: 9_999_999 }, 'MISSING_PART'],
    ['another count', { rows: 19 }, 'BAD_COUNT'],
    ['another sum', { grossFen: 1 }, 'BAD_SUM'],
    ['another sum of fees', { feeFen: 1 }, 'BAD_SUM'],
  ])('%s', async (_, change, problem) => {
    books = booksOf(20);
    await match(books.lines, 1, change);
    expect(run()).toMatchObject({ state: 'BLOCKED', problem });
    expect(upRows('bill-wanted')).toBe(1);
    expect(found()).toEqual([]);
    await match(books.lines, 2);
    expect(run()).toMatchObject({ state: 'BALANCED', version: 2 });
  });

  test.each<[string, (lines: readonly BillLine[]) => readonly object[]]>([
    ['lines out of order', ([a, b, ...rest]) => [b, a, ...rest] as object[]],
    ['a payment of another day', (lines) => [...lines, { ...lines[0], payment: numberOf(10 * 86_400_000) }]],
    ['an amount that is no number', ([a, ...rest]) => [{ ...a, amountFen: 'x' }, ...rest]],
    ['a state that there is not', ([a, ...rest]) => [{ ...a, state: 'REVERSED' }, ...rest]],
    ['a line twice', ([a, ...rest]) => [a, a, ...rest] as object[]],
    ['a line without an end', ([a, ...rest]) => [{ ...a, txn: 'x'.repeat(2_000) }, ...rest]],
  ])('%s', async (_, spoil) => {
    books = booksOf(20);
    await match(spoil(books.lines) as readonly BillLine[]);
    expect(run()).toMatchObject({ state: 'BLOCKED', problem: 'BAD_FORM' });
    expect(found()).toEqual([]);
  });

  test('again and again: after three of a day it is asked for once an hour', async () => {
    books = booksOf(5);
    for (let version = 1; version <= 5; version++) await match(books.lines, version, { rows: 1 });
    expect(upRows('bill-wanted')).toBe(3);
    books.clock.jump(3_600_000);
    await work(books);
    expect(upRows('bill-wanted')).toBe(4);
  });

  test('more than 10,000 differences are no bill of this day', async () => {
    books = booksOf(10_500);
    await match([]);
    expect(run()).toMatchObject({ state: 'BLOCKED', problem: 'TOO_MANY' });
    expect(found()).toEqual([]);
  });
});

test('B-032 more differences than a page shows are all reached, page by page, the newest day first', async () => {
  books = booksOf(60);
  await match([]);
  const all = found().map(({ no }) => no);
  expect(all).toHaveLength(60);
  const page = (before?: string) => getDifferences(books.db, true, 25, before).map(({ no }) => no);
  const [first, second] = [page(), page(all[24])];
  const pages = [...first, ...second, ...page(all[49]), ...page(all[59])];
  expect(pages).toEqual(all);
  expect(getDifferences(books.db, false, 25, all[24]).map(({ no }) => no)).toEqual(all.slice(25, 50));
});

test('a difference that came back is the newest of its payment, whatever the clock said when it was found', async () => {
  books = booksOf(1);
  const about = { date: day, kind: 'state', payment: 'P', txn: null, batch: null, entry: null, stan: null } as const;
  const sides = { here: 'PAID', there: 'VOIDED', hereFen: 1, thereFen: 1, deltaFen: 0, channel: null };
  inTransaction(books.db, (tx) => {
    const ended = {
      ...newDifference({ ...about, ...sides, no: 'D-P' }, 2_000),
      state: 'EXPLAINED',
      endedAt: 3_000,
    } as const;
    insertDifference(tx, ended);
    insertDifference(tx, newDifference({ ...about, ...sides, no: 'D-P.2' }, 1_000));
    for (let n = 3; n <= 10; n++)
      insertDifference(tx, newDifference({ ...about, ...sides, no: `D-P.${n}` }, 1_000 - n));
  });
  expect(getDifferencesOf(books.db, day, 'P').map(({ no }) => no)).toEqual([
    'D-P',
    ...Array.from({ length: 9 }, (_, i) => `D-P.${i + 2}`),
  ]);
});

describe('B-032 what is still under way', () => {
  test('again and again, as when the clock was ahead: after three of a day another is asked for once an hour', async () => {
    books = booksOf(20);
    const ahead = books.clock.now() + 30 * 86_400_000;
    books.db.exec(`UPDATE payment SET state = 'FAILED', ended_at = ${ahead} WHERE no = '${numberOf(5)}'`);
    for (let version = 1; version <= 6; version++) {
      await match(books.lines, version);
      await work(books);
    }
    expect(upRows('bill-wanted')).toBe(3);
    books.clock.jump(3_600_000);
    await work(books);
    await work(books);
    expect(upRows('bill-wanted')).toBe(4);
  });

  test('is left out; when it has its end another bill is asked for', async () => {
    books = booksOf(20);
    books.db.exec(`UPDATE payment SET state = 'UNKNOWN', txn = 'code-sale' WHERE no = '${numberOf(3)}'`);
    await match(books.lines);
    expect(run()).toMatchObject({ state: 'MATCHING', problem: 'UNDER_WAY', matched: 19, waiting: 1 });
    await work(books);
    expect([found().length, upRows('bill-wanted')]).toEqual([0, 0]);
    books.db.exec(`UPDATE payment SET state = 'PAID' WHERE no = '${numberOf(3)}'`);
    books.clock.jump(60_000);
    await work(books);
    expect(upRows('bill-wanted')).toBe(1);
    await match(books.lines, 2);
    expect(run()).toMatchObject({ state: 'BALANCED', version: 2 });
  });

  test('and what was decided after the bill was made', async () => {
    books = booksOf(20);
    hear(books, books.lines, 1);
    const later = books.clock.now() + 1;
    books.db.exec(`UPDATE payment SET state = 'FAILED', ended_at = ${later} WHERE no = '${numberOf(5)}'`);
    await work(books);
    expect(run()).toMatchObject({ state: 'MATCHING', waiting: 1 });
    expect(found()).toEqual([]);
  });
});
