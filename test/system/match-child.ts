import { keepHeapSmall } from '../../scripts/small-heap.ts';
import { getDifferences, getNewestRun } from '../../terminal/settlement/reconcile-store.ts';
import { booksIn, day, work } from '../terminal/flows/bill-rig.ts';

/** Matches the bill that waits in the book of a folder, as a terminal that has just begun: nothing was built and dropped here before. */

export interface Matched {
  readonly found: readonly (readonly [payment: string, kind: string])[];
  readonly run: unknown;
  readonly memoryMb: number;
}

const sampleMs = 5;

async function main(folder: string): Promise<Matched> {
  const books = booksIn(folder);
  keepHeapSmall()();
  const before = process.memoryUsage.rss();
  let most = before;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, sampleMs);
  await work(books);
  clearInterval(watch);
  return {
    found: getDifferences(books.db, true, 1_000).map(({ payment, kind }) => [payment ?? '', kind] as const),
    run: getNewestRun(books.db, day),
    memoryMb: (most - before) / 2 ** 20,
  };
}

main(process.argv[2] ?? '').then(
  (matched) => process.stdout.write(JSON.stringify(matched)),
  (error: unknown) => {
    process.stderr.write(String(error));
    process.exitCode = 1;
  },
);
