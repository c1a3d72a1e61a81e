import { openRealSale } from './real-sale.ts';

const batchSales = 500;

/** Fills a terminal's database with sales that are approved, cleared, printed and acknowledged, in closed batches of 500; made to be fast, not durable. */
export function seedSales(file: string, count: number, afterBatch: () => void): void {
  const sale = openRealSale(file, true);
  sale.db.pragma('synchronous = OFF');
  for (let done = 0; done < count; done += batchSales) {
    sale.whole(Math.min(batchSales, count - done));
    sale.nextBatch();
    sale.checkpoint();
    afterBatch();
  }
  sale.db.exec('UPDATE link_state SET acked_up = (SELECT coalesce(max(seq), 0) FROM outbox)');
  sale.close();
}
