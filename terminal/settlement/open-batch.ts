import type { Group } from '../../sync/protocol/common.ts';
import { assert } from '../base/assert.ts';
import { audit } from '../base/audit.ts';
import { shanghai } from '../base/clock.ts';
import type { Tx } from '../base/database.ts';
import type { Fen } from '../base/money.ts';
import type { Batch } from './batch.ts';
import { addDebit, getCurrentBatch, insertBatch } from './store.ts';

const hourMs = 3_600_000;

/** The day on which sales of a batch that opens now are booked: from the cut-off hour on it is the next one (B-054, Q-26). */
export const businessDateAt = (atMs: number, cutoffHour: number): string =>
  shanghai(atMs + (24 - cutoffHour) * hourMs).day;

/** The host answered the sign-in: a batch with its number is open. Opens it here when none is; one that is being closed goes on. */
export function openBatch(tx: Tx, atMs: number, no: string, cutoffHour: number): Batch {
  const current = getCurrentBatch(tx.db);
  if (current) return current;
  const batch = insertBatch(tx, no, businessDateAt(atMs, cutoffHour), atMs);
  audit(tx, { at: atMs, by: 'SYS', action: 'batch-open', about: no, outcome: 'ok' });
  return batch;
}

/** Counts an approved sale in the totals of its batch, in the transaction that approves it. */
export function countSale(
  tx: Tx,
  sale: { readonly batch: string; readonly amountFen: Fen; readonly cardGroup: Group | null },
): void {
  assert(sale.cardGroup, 'the host names the group of an approved card');
  addDebit(tx, sale.batch, sale.cardGroup, sale.amountFen);
}
