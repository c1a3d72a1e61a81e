import { findBatch } from './batches.ts';
import type { TerminalRef } from './business.ts';
import { receivableOf } from './chart.ts';
import type { RefundTable } from './following-tables.ts';
import { receiveFunds } from './funds.ts';
import { type Host, owner } from './host.ts';
import { backTo, findRefund, sendRefundResult } from './refunds.ts';
import { sendDown } from './send-down.ts';
import type { HostTrx } from './store.ts';

/** What becomes of an accepted refund: by the host's due work, or by a person's decision on the control socket. */

export type RefundDecision =
  | { readonly outcome: 'succeeded' }
  | { readonly outcome: 'failed'; readonly reason: string };

/** Does what is due for a refund now. Returns the terminals that it has news for: also that of the sale. */
export async function moveDueRefund(
  host: Host,
  trx: HostTrx,
  from: TerminalRef,
  no: string,
): Promise<readonly TerminalRef[]> {
  const refund = await findRefund(trx, from, no);
  if (!refund || refund.due_at === null || refund.due_at > host.clock.now()) return [];
  const failed = refund.plan_fail;
  await decide(
    host,
    trx,
    refund,
    failed === null ? { outcome: 'succeeded' } : { outcome: 'failed', reason: failed },
    null,
  );
  return [from, { merchant: from.merchant, terminal: refund.origin_terminal }];
}

export async function decideRefund(
  host: Host,
  trx: HostTrx,
  from: TerminalRef,
  no: string,
  decision: RefundDecision,
  by: string,
): Promise<'done' | 'NOT_FOUND' | 'ILLEGAL_STATE'> {
  const refund = await findRefund(trx, from, no);
  if (!refund) return 'NOT_FOUND';
  if (refund.state !== 'PROCESSING') return 'ILLEGAL_STATE';
  await decide(host, trx, refund, decision, by);
  return 'done';
}

async function decide(
  host: Host,
  trx: HostTrx,
  refund: RefundTable,
  decision: RefundDecision,
  decided_by: string | null,
): Promise<void> {
  const ended_at = host.clock.now();
  if (decision.outcome === 'failed') {
    const back_to = await backTo(trx, refund, refund);
    await change(trx, refund, {
      state: 'FAILED',
      reason: decision.reason,
      back_to,
      due_at: null,
      ended_at,
      decided_by,
    });
    await sendRefundResult(host, trx, { ...refund, reason: decision.reason }, 'failed');
    return;
  }
  await change(trx, refund, { state: 'SUCCEEDED', due_at: null, ended_at, decided_by });
  await sendRefundResult(host, trx, refund, 'succeeded');
  if (refund.origin_terminal !== refund.terminal) await tellOrigin(host, trx, refund);
  const batch = await findBatch(trx, refund, refund.batch);
  // Before the clearing of its batch the channel nets it with the sales of that batch.
  if (batch?.state === 'CLEARED') await fundRefund(trx, refund, ended_at);
}

async function fundRefund(trx: HostTrx, refund: RefundTable, now: number): Promise<void> {
  const { business_date: date, batch } = refund;
  await change(trx, refund, { funded: 1 });
  const account = receivableOf(refund.entry);
  await receiveFunds(trx, refund, { account, date, amountFen: -refund.amount_fen, batch, now });
}

async function tellOrigin(host: Host, trx: HostTrx, refund: RefundTable): Promise<void> {
  const { no, payment, terminal, amount_fen: amountFen, fee_fen: feeFen } = refund;
  const to = { merchant: refund.merchant, terminal: refund.origin_terminal };
  const body = { no, at: host.clock.now(), payment, terminal, amountFen, feeFen };
  await sendDown(trx, to, { kind: 'refunded-elsewhere', id: no, body });
}

async function change(trx: HostTrx, refund: RefundTable, set: Partial<RefundTable>): Promise<void> {
  await trx
    .updateTable('refunds')
    .set(set)
    .where((eb) => eb.and({ ...owner(refund), no: refund.no }))
    .execute();
}
