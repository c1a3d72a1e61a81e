import type { Database } from '../base/database.ts';
import type { Refund } from './refund.ts';
import {
  countRefundsIn,
  getNewestRefunds,
  getNewestRefundsOf,
  getRefund,
  getRefundByKey,
  getRefundByStan,
  getRefundsNarrowed,
  getRefundsOf,
  getRefundsOfBatch,
} from './refund-store.ts';
import type { Narrowing, NumberRange } from './store.ts';

/** What screens, flows and exports read of refunds. */

export const refundByNo = (db: Database, no: string): Refund | undefined => getRefund(db, no);
export const refundByKey = (db: Database, key: string): Refund | undefined => getRefundByKey(db, key);
/** The newest with this STAN. */
export const refundByStan = (db: Database, stan: string): Refund | undefined => getRefundByStan(db, stan);
export const refundsOf = (db: Database, payment: string): readonly Refund[] => getRefundsOf(db, payment);
export const newestRefunds = (db: Database, limit: number): readonly Refund[] => getNewestRefunds(db, limit);
/** Those of one operator, numbered `since` (ids.ts) or later. */
export const newestRefundsOf = (db: Database, operator: string, since: string, limit: number): readonly Refund[] =>
  getNewestRefundsOf(db, operator, since, limit);
/** What fits, the newest first. */
export const refundsNarrowed = (db: Database, range: NumberRange, by: Narrowing, limit: number): readonly Refund[] =>
  getRefundsNarrowed(db, range, by, limit);
/** A close waits until the host has accepted or refused each of them (states.md 3). */
export const refundsUndecided = (db: Database): number => countRefundsIn(db, 'REQUESTED');
type OfBatch = { readonly no: string; readonly businessDate: string };
/** What counts in the credit of a batch: what the host accepted, whatever became of it later. */
export const refundsOfBatch = (db: Database, batch: OfBatch): readonly Refund[] =>
  getRefundsOfBatch(db, batch.no, batch.businessDate).filter(({ counted }) => counted);
/** Those of a batch that were refused, or accepted and not paid out. */
export const failedRefundsOfBatch = (db: Database, batch: OfBatch): readonly Refund[] =>
  getRefundsOfBatch(db, batch.no, batch.businessDate).filter(({ state }) => state === 'FAILED');
