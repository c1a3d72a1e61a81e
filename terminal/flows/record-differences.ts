import type { DifferenceKind } from '../../sync/protocol/bills.ts';
import type { Tx } from '../base/database.ts';
import { accountKey, receivableOf } from '../ledger/accounts.ts';
import { bookLine } from '../payments/day-rows.ts';
import { explainGone, newDifference, openDifference, suspendedOf } from '../settlement/difference.ts';
import { batchByNo } from '../settlement/queries.ts';
import { type BillRun, type Difference, differenceNo, isLive } from '../settlement/reconcile.ts';
import { getDifferencesOf } from '../settlement/reconcile-store.ts';
import type { Finding } from './match-bill.ts';

/**
 * What becomes of a finding. `moved`: the book is not any more as it was when it was compared. `known`: it was found before, and two persons upstream let it stand
 * (J-83, J-84), or the operator explained it.
 */
type Recorded = 'found' | 'known' | 'moved';

/** In the caller's transaction. A difference that is open since an earlier bill of the day stays the same one: nothing is posted twice. */
export function recordFinding(tx: Tx, now: number, run: BillRun, finding: Finding): Recorded {
  if (hasMoved(tx, finding)) return 'moved';
  const earlier = getDifferencesOf(tx.db, run.date, finding.payment);
  const last = earlier.at(-1);
  if (last && isSame(last, finding)) {
    if (isLive(last)) return 'found';
    if (stands(last)) return 'known';
  }
  if (last && isLive(last)) explainGone(tx, now, last, `bill version ${run.version}`);
  open(tx, now, run, finding, earlier.length + 1);
  return 'found';
}

function hasMoved(tx: Tx, { payment, here, hereFen }: Finding): boolean {
  const line = bookLine(tx.db, payment);
  return (line?.standing ?? '-') !== here || (line?.fen ?? 0) !== hereFen;
}

const isSame = (a: Difference, b: Finding): boolean =>
  a.kind === b.kind && a.here === b.here && a.there === b.there && a.hereFen === b.hereFen && a.thereFen === b.thereFen;

/** It ended without a change on either side, so a bill may show it for ever. */
const stands = (ended: Difference): boolean =>
  ended.decision === 'write-off' ||
  ended.decision === 'give-back' ||
  (ended.state === 'EXPLAINED' && ended.decision === null && !suspendedOf(ended));

function open(tx: Tx, now: number, run: BillRun, finding: Finding, n: number): void {
  const { payment, kind, txn, batch, entry, here, there, hereFen, thereFen } = finding;
  const deltaFen = thereFen - hereFen;
  const channel = deltaFen === 0 ? null : channelOf(tx, run, finding);
  const no = differenceNo(run.date, payment, n);
  const bill = { date: run.date, kind, payment, txn, batch, entry, here, there, hereFen, thereFen, deltaFen };
  const facts = { batch: batchByNo(tx.db, batch) ? batch : null, what: whatOf[kind], hereFen, thereFen, bill };
  openDifference(tx, newDifference({ ...bill, no, stan: finding.stan, channel }, now), facts);
}

const whatOf: Readonly<Record<DifferenceKind, string>> = {
  surplus: '长款',
  shortage: '短款',
  amount: '金额不符',
  state: '状态不符',
};

/** On the business date of its batch; of a batch that is not here on the day of the bill. */
function channelOf(tx: Tx, run: BillRun, { batch, entry }: Finding): string {
  return accountKey(receivableOf[entry], batchByNo(tx.db, batch)?.businessDate ?? run.date);
}
