import { startOfDay } from '../base/clock.ts';
import type { Database } from '../base/database.ts';
import type { Steps } from '../base/steps.ts';
import { kinds } from './kinds.ts';
import type { Payment } from './payment.ts';
import {
  type CountedRecord,
  type CountedSum,
  getByReference,
  getByStan,
  getCounted,
  getCountedRecords,
  getCountedSums,
  getFaulty,
  getHeld,
  getInState,
  getNarrowed,
  getNewest,
  getNewestOf,
  getOpen,
  getPayment,
  getSold,
  getWaiting,
  type Narrowing,
  type NumberRange,
  numberBefore,
  type SoldSum,
} from './store.ts';

/** What screens, flows and exports read of payments. */

export const paymentByNo = (db: Database, no: string): Payment | undefined => getPayment(db, no);
/** The newest payment with this STAN: the number repeats only after 999,999 others. */
export const paymentByStan = (db: Database, stan: string): Payment | undefined => getByStan(db, stan);
/** By the host's reference and the Shanghai day on which it was made. */
export function paymentByReference(db: Database, rrn: string, date: string): Payment | undefined {
  const fromMs = startOfDay(date);
  return getByReference(db, rrn, fromMs, fromMs + 86_400_000);
}
export const heldPayment = (db: Database, authCode: string): Payment | undefined => getHeld(db, authCode);
export const newestPayments = (db: Database, limit: number): readonly Payment[] => getNewest(db, limit);
export type { Narrowing } from './store.ts';

/** Numbers that are looked through in one step. */
const narrowedAtOnce = 2_000;
/** What fits, the newest first, at most `limit`; in steps, since what is rare may stand far back. */
export function* paymentsNarrowed(
  db: Database,
  { from, before }: NumberRange,
  narrowing: Narrowing,
  limit: number,
): Steps<readonly Payment[]> {
  const found: Payment[] = [];
  for (let end: string | undefined = before; end !== undefined && found.length < limit; ) {
    const start: string | undefined = numberBefore(db, { from, before: end }, narrowedAtOnce);
    found.push(...getNarrowed(db, { from: start ?? from, before: end }, narrowing, limit - found.length));
    end = start;
    yield;
  }
  return found;
}
/** Those of one operator behind another payment (`afterId`, of-operator.ts). */
export const newestPaymentsOf = (db: Database, operator: string, afterId: number, limit: number): readonly Payment[] =>
  getNewestOf(db, operator, afterId, limit);
/** The intent of the sale that runs; otherwise of a process that died: nobody is waiting for it. One or none. */
export const openIntents = (db: Database): readonly Payment[] => getOpen(db);
export const reversalsDue = (db: Database): readonly Payment[] => getInState(db, 'REVERSING');
export const needingHuman = (db: Database): readonly Payment[] => getInState(db, 'NEEDS_HUMAN');
/** Code orders whose end is not known, offline sales and advices without a result, and payments whose void is on its way. */
export const undecided = (db: Database): readonly Payment[] =>
  (['UNKNOWN', 'STORED', 'VOIDING'] as const).flatMap((state) => getWaiting(db, state));
export const waitingIn = (db: Database, state: 'UNKNOWN' | 'STORED' | 'VOIDING'): readonly Payment[] =>
  getWaiting(db, state);

type OfBatch = { readonly no: string; readonly businessDate: string };

export type { SoldSum } from './store.ts';
/** What was sold under numbers from `from` on and before `before`, and was neither voided nor reversed, by instrument. */
export const soldBetween = (db: Database, from: string, before: string): readonly SoldSum[] =>
  getSold(db, { from, before });
/** What counts in the totals of a batch, gross profile (sync/protocol/batch.ts); refunds are counted by themselves. */
export const countedOfBatch = (db: Database, batch: OfBatch): readonly Payment[] =>
  getCounted(db, batch.no, batch.businessDate);
/** The same, as the records of an upload want it. */
export const recordsOfBatch = (db: Database, batch: OfBatch): readonly CountedRecord[] =>
  getCountedRecords(db, batch.no, batch.businessDate);
/** Their counts and sums. */
export const sumsOfBatch = (db: Database, batch: OfBatch): readonly CountedSum[] =>
  getCountedSums(db, batch.no, batch.businessDate);
/** What was done in a batch and came to nothing: a stuck reversal, and what was told and refused. */
export const faultyOfBatch = (db: Database, batch: OfBatch): readonly Payment[] =>
  getFaulty(db, batch.no, batch.businessDate);
/** What `batch-cleared` of a batch clears, but for those that it excepts. */
export const unclearedOfBatch = (db: Database, batch: OfBatch): readonly Payment[] =>
  countedOfBatch(db, batch).filter((p) => kinds[p.txn].side === 'debit' && p.state !== 'VOIDED' && !p.cleared);
