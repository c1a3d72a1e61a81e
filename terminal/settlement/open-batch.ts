import type { Group } from '../../sync/protocol/common.ts';
import { assert } from '../base/assert.ts';
import { audit } from '../base/audit.ts';
import { hourMs, shanghai, startOfDay } from '../base/clock.ts';
import type { Tx } from '../base/database.ts';
import { schedule } from '../base/due-work.ts';
import type { Fen } from '../base/money.ts';
import type { Batch } from './batch.ts';
import { addToTotals, getCurrentBatch, insertBatch, type Side } from './store.ts';

/** The day on which sales of a batch that opens now are booked: from the cut-off hour on it is the next one (B-054, Q-26). */
export const businessDateAt = (atMs: number, cutoffHour: number): string =>
  shanghai(atMs + (24 - cutoffHour) * hourMs).day;

/** When the business day of a batch ends: if nobody has closed it by then, it is closed. */
export const cutOf = ({ businessDate }: Pick<Batch, 'businessDate'>, cutoffHour: number): number =>
  startOfDay(businessDate) + cutoffHour * hourMs;

/** Due work: the batch closes by itself. It belongs to this one batch, so that a terminal that was off for days closes once. */
export const closeWork = 'batch-close';
export const closeWorkAbout = ({ no, businessDate }: Pick<Batch, 'no' | 'businessDate'>): string =>
  `${no}:${businessDate}`;

export const scheduleClose = (tx: Tx, batch: Batch, cutoffHour: number): void =>
  schedule(tx, closeWork, closeWorkAbout(batch), cutOf(batch, cutoffHour));

/** The host answered the sign-in: a batch with its number is open. Opens it here when none is; one that is being closed goes on. */
export function openBatch(tx: Tx, atMs: number, no: string, cutoffHour: number): Batch {
  const current = getCurrentBatch(tx.db);
  if (current) return current;
  const batch = insertBatch(tx, no, businessDateAt(atMs, cutoffHour), atMs);
  scheduleClose(tx, batch, cutoffHour);
  audit(tx, { at: atMs, by: 'SYS', action: 'batch-open', about: no, outcome: 'ok' });
  return batch;
}

/** Counts a record in the totals of its batch, in the transaction that approves it. */
export function countRecord(
  tx: Tx,
  record: { readonly batch: string; readonly amountFen: Fen; readonly cardGroup: Group | null },
  side: Side,
): void {
  assert(record.cardGroup, 'the host names the group of an approved card');
  addToTotals(tx, record.batch, record.cardGroup, side, record.amountFen);
}
