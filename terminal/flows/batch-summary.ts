import type { BatchTotals } from '../../sync/protocol/common.ts';
import { currentBatch } from '../settlement/queries.ts';
import { netTotalsOf } from './batch-records.ts';
import type { World } from './world.ts';

/** 交易汇总: what the batch that is not closed yet comes to, in the merchant's profile. */
export interface BatchSummary {
  readonly batch: string;
  readonly openedAt: number;
  readonly records: number;
  readonly totals: BatchTotals;
}

export function batchSummary({ db }: Pick<World, 'db'>): BatchSummary | undefined {
  const batch = currentBatch(db);
  if (!batch) return undefined;
  const { records, totals } = netTotalsOf(db, batch) ?? batch;
  return { batch: batch.no, openedAt: batch.openedAt, records, totals };
}
