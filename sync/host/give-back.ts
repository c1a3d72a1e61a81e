import { findApproval, restoreApproval, setApproval } from './approvals.ts';
import { isBatchOpen } from './batches.ts';
import type { TerminalRef } from './business.ts';
import type { ApprovalTable } from './business-tables.ts';
import { chargedBackFen, endFreezeOf } from './freezes.ts';
import type { Host } from './host.ts';
import { isRefunded } from './refund-sums.ts';
import type { HostTrx } from './store.ts';

/**
 * Only while nothing was compared yet, and nothing followed upon it but a freeze, which ends with it: what the terminal does not know, the customer must not pay.
 */
export async function mayGiveBack(trx: HostTrx, from: TerminalRef, approval: ApprovalTable): Promise<boolean> {
  if (approval.state !== 'APPROVED' && approval.state !== 'CLEARED') return false;
  if (!(await isBatchOpen(trx, from, approval.batch))) return false;
  return !(await isRefunded(trx, from, approval.payment)) && (await chargedBackFen(trx, from, approval.payment)) === 0;
}

/** The approval counts no more; what it had done to its original is undone. */
export async function undo(
  host: Host,
  trx: HostTrx,
  from: TerminalRef,
  approval: ApprovalTable,
  as: 'REVERSED' | 'REJECTED' = 'REVERSED',
): Promise<void> {
  await setApproval(trx, from, approval.payment, { state: as });
  await endFreezeOf(host, trx, from, approval.payment);
  if (approval.original === null) return;
  await restoreApproval(trx, from, approval.original);
  if (approval.txn !== 'completion-void') return;
  const held = (await findApproval(trx, from, approval.original))?.original;
  if (held) await setApproval(trx, from, held, { state: 'COMPLETED' });
}
