import type { Database } from '../base/database.ts';
import type { Batch } from './batch.ts';
import type { Settlement } from './settlement.ts';
import { getBatch, getBatches, getCurrentBatch, getSettlement, getSettlements } from './store.ts';

/** What screens, flows and exports read of batches and settlements. */

export const currentBatch = (db: Database): Batch | undefined => getCurrentBatch(db);
/** The newest batch with this number. */
export const batchByNo = (db: Database, no: string): Batch | undefined => getBatch(db, no);
/** The newest first. */
export const newestBatches = (db: Database, limit: number): readonly Batch[] => getBatches(db, limit);
export const lastClosedBatch = (db: Database): Batch | undefined =>
  getBatches(db, 2).find((batch) => batch.state === 'CLOSED');
export const settlementByNo = (db: Database, no: string): Settlement | undefined => getSettlement(db, no);
export const newestSettlements = (db: Database, limit: number): readonly Settlement[] => getSettlements(db, limit);
