import type { Database } from '../base/database.ts';
import type { Batch } from './batch.ts';
import type { Settlement } from './settlement.ts';
import {
  type AccountRow,
  getAccounts,
  getBatch,
  getBatches,
  getCurrentBatch,
  getNotCleared,
  getSettlement,
  getSettlementByKey,
  getSettlements,
  getSettlementsBefore,
} from './store.ts';

/** What screens, flows and exports read of batches and settlements. */

export const currentBatch = (db: Database): Batch | undefined => getCurrentBatch(db);
/** The newest batch with this number. */
export const batchByNo = (db: Database, no: string): Batch | undefined => getBatch(db, no);
/** The newest first. */
export const newestBatches = (db: Database, limit: number, before?: string): readonly Batch[] =>
  getBatches(db, limit, before);
export const lastClosedBatch = (db: Database): Batch | undefined =>
  getBatches(db, 2).find((batch) => batch.state === 'CLOSED');
export const settlementByKey = (db: Database, key: string): Settlement | undefined => getSettlementByKey(db, key);
export const settlementByNo = (db: Database, no: string): Settlement | undefined => getSettlement(db, no);
/** `before`: the number of the last one seen. */
export const newestSettlements = (db: Database, limit: number, before?: string): readonly Settlement[] =>
  before === undefined ? getSettlements(db, limit) : getSettlementsBefore(db, before, limit);
/** Every version of the settlement account, the newest first. */
export const accountVersions = (db: Database): readonly AccountRow[] => getAccounts(db);
/** Batches that are closed and not cleared, the oldest first. */
export const batchesNotCleared = (db: Database): readonly Batch[] => getNotCleared(db);
