import type { BatchTotalsRow } from '../../sync/protocol/batch.ts';
import type { Settle } from '../../sync/protocol/settlement.ts';
import type { Tx } from '../base/database.ts';
import { fen } from '../base/money.ts';
import type { Batch } from './batch.ts';
import { recordsToUpload } from './close-batch.ts';
import { keepLastCut } from './cut-plan.ts';
import { noteCredit, takeFront, takeLastCredits } from './settled-parts.ts';
import { newSettlement } from './settlement.ts';
import {
  getBatch,
  getCurrentBatch,
  getSettlement,
  getToBuildAnew,
  insertBatch,
  insertSettlement,
  updateBatch,
  updateSettlement,
  updateTotals,
} from './store.ts';

/** Batches and settlements as the rows that told the host of them have them, for a book that comes back from the host. */

/** A batch that was opened; one that is here stays as it is. */
export function restoreBatch(tx: Tx, batch: Pick<Batch, 'no' | 'businessDate' | 'openedAt'>): void {
  if (getBatch(tx.db, batch.no)) return;
  finishRestored(tx);
  insertBatch(tx, batch.no, batch.businessDate, batch.openedAt);
}

/** `batch-totals`: the batch is frozen, with these totals. */
export function restoreFrozen(tx: Tx, by: string, facts: BatchTotalsRow['facts']): void {
  const batch = getBatch(tx.db, facts.batch);
  if (batch?.state !== 'OPEN') return;
  updateBatch(tx, { ...batch, state: 'FROZEN', closedBy: by });
  updateTotals(tx, { id: batch.id, totals: facts.totals, records: facts.records });
}

/** `batch-record`: what was decided after an error was carried out. */
export function restoreUpload(tx: Tx, no: string): void {
  const batch = getBatch(tx.db, no);
  if (batch?.state !== 'NEEDS_HUMAN' || !batch.decided) return;
  const { decided } = batch;
  const uploaded = recordsToUpload(batch, decided);
  updateBatch(tx, { ...batch, state: 'UPLOADING', verdict: decided, decided: null, uploaded });
}

/** `batch-end`: every record that was asked for had been uploaded. */
export function restoreEnd(tx: Tx, no: string): void {
  const batch = getBatch(tx.db, no);
  if (batch?.state === 'UPLOADING') updateBatch(tx, { ...batch, state: 'ENDING' });
  else if (batch?.state === 'NEEDS_HUMAN' && batch.decided)
    updateBatch(tx, { ...batch, state: 'ENDING', verdict: batch.decided, decided: null });
}

/** The slip of a batch that was ended came out, as far as anybody knows: what is printed now is a duplicate. */
export function finishRestored(tx: Tx): void {
  const batch = getCurrentBatch(tx.db);
  if (batch?.state === 'CLEAR_DUE') updateBatch(tx, { ...batch, state: 'CLOSED', prints: Math.max(1, batch.prints) });
}

/**
 * `settle`: it waits for its result. The caller's key is not known any more: pressed again, it is another settlement. What SYS settled in a mode took the place of what had been refused in it
 * before, or made that needless: it is not built anew once more.
 */
export function restoreSettlement(
  tx: Tx,
  {
    no,
    at,
    by,
    facts,
  }: { readonly no: string; readonly at: number; readonly by: string; readonly facts: Settle['facts'] },
): void {
  if (getSettlement(tx.db, no)) return;
  const { mode, cut } = facts;
  const refused = by === 'SYS' ? getToBuildAnew(tx.db).filter((one) => one.mode === mode) : [];
  for (const one of refused) updateSettlement(tx, { ...one, againFromRev: null });
  const againOf = refused.findLast((one) => one.cut === cut)?.no ?? null;
  const settlement = newSettlement({
    no,
    mode,
    amountFen: fen(facts.amountFen),
    accountVersion: facts.accountVersion,
    requestedBy: by,
    requestedAt: at,
    cut,
    againOf,
  });
  insertSettlement(tx, settlement);
  if (mode === 'REALTIME') {
    if (againOf !== null) noteCredit(tx, `unsettle:${againOf}`);
    takeLastCredits(tx, no, settlement.amountFen);
  } else takeFront(tx, no, settlement.amountFen);
  if (cut !== null) keepLastCut(tx, cut);
}

/** `settlement-checked`. */
export function restoreChecked(tx: Tx, no: string, by: string): void {
  const settlement = getSettlement(tx.db, no);
  if (settlement) updateSettlement(tx, { ...settlement, checkedBy: by });
}

/** `stop-settle`. */
export function restoreStop(tx: Tx, no: string, by: string): void {
  const settlement = getSettlement(tx.db, no);
  if (settlement) updateSettlement(tx, { ...settlement, stopBy: by });
}
