import type { BatchCleared } from '../../sync/protocol/batch.ts';
import type { Tx } from '../base/database.ts';
import { formatYuan } from '../base/money.ts';
import { notice } from '../notices/notice.ts';
import { explainGone, newDifference, openDifference } from '../settlement/difference.ts';
import { getDifference, getLiveClearing } from '../settlement/reconcile-store.ts';

/** Sums of a clearing that do not add up here: nothing of it was posted. It stands among the differences until a later row of the batch clears it. */
export function foundAtClearing(
  tx: Tx,
  now: number,
  { no, batch, clearingDate: date }: BatchCleared,
  sums: { readonly what: string; readonly hereFen: number; readonly thereFen: number },
): void {
  if (getDifference(tx.db, no)) return;
  const { what, hereFen, thereFen } = sums;
  const deltaFen = thereFen - hereFen;
  const nothing = { payment: null, txn: null, entry: null, stan: null, channel: null };
  const found = {
    ...nothing,
    no,
    date,
    kind: 'clearing',
    batch,
    here: what,
    there: what,
    hereFen,
    thereFen,
    deltaFen,
  } as const;
  openDifference(tx, newDifference(found, now), { batch, what, hereFen, thereFen, bill: null });
  notice(tx, now, { text: 'N-10c', about: no, values: { batch, amount: formatYuan(deltaFen) }, level: 'warning' });
}

/** It has cleared after all. */
export function explainClearing(tx: Tx, now: number, batch: string): void {
  for (const difference of getLiveClearing(tx.db, batch)) explainGone(tx, now, difference, 'batch-cleared');
}
