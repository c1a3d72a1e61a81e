import { expect, test } from 'vitest';
import { getDifferences, getNewestRun } from '../../terminal/settlement/reconcile-store.ts';
import { booksOf, day, hear, plantDifferences, work } from '../terminal/flows/bill-rig.ts';

/** B-032 at its full size: 100,000 lines against 100,000 payments. Memory is watched while it is matched (F7: 30 MB at most). */

const mb = 1 << 20;

test('B-032 a bill of 100,000 lines with 50 planted differences: exactly these are found, within 30 MB', async () => {
  const books = booksOf(100_000);
  try {
    const { bill, planted } = plantDifferences(books.lines, 50);
    hear(books, bill, 1);
    const before = process.memoryUsage().rss;
    let most = before;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().rss);
    }, 5);
    await work(books);
    clearInterval(watch);
    const found = getDifferences(books.db, true, 1_000);
    expect(new Map(found.map(({ payment, kind }) => [payment, kind]))).toEqual(planted);
    expect(getNewestRun(books.db, day)).toMatchObject({ state: 'DIFFERENCES', differences: 50, waiting: 0 });
    expect((most - before) / mb).toBeLessThan(30);
  } finally {
    books.close();
  }
}, 120_000);
