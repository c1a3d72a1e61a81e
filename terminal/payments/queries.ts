import type { Database } from '../base/database.ts';
import type { Payment } from './payment.ts';
import { getApproved, getByStan, getInState, getNewest, getOpen } from './store.ts';

/** What screens, flows and exports read of payments. */

/** The newest payment with this STAN: the number repeats only after 999,999 others. */
export const paymentByStan = (db: Database, stan: string): Payment | undefined => getByStan(db, stan);
export const newestPayments = (db: Database, limit: number): readonly Payment[] => getNewest(db, limit);
/** The intent of the sale that runs; otherwise of a process that died: nobody is waiting for it. One or none. */
export const openIntents = (db: Database): readonly Payment[] => getOpen(db);
export const reversalsDue = (db: Database): readonly Payment[] => getInState(db, 'REVERSING');
export const needingHuman = (db: Database): readonly Payment[] => getInState(db, 'NEEDS_HUMAN');
export const approvedOfBatch = (
  db: Database,
  batch: { readonly no: string; readonly businessDate: string },
): readonly Payment[] => getApproved(db, batch.no, batch.businessDate);
