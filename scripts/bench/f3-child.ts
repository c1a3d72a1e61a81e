import { keepHeapSmall } from '../small-heap.ts';
import { seedSales } from './seed-sales.ts';

/** Resident MiB after each batch of a day of sales. */
export interface Day {
  readonly residentMib: readonly number[];
}

const [file, count] = process.argv.slice(2);
if (file && count) {
  keepHeapSmall()();
  const residentMib: number[] = [];
  seedSales(file, Number(count), () => residentMib.push(process.memoryUsage.rss() / 2 ** 20));
  process.stdout.write(JSON.stringify({ residentMib } satisfies Day));
}
