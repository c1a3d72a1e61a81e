import type { FindOriginalRequest, Original } from '../protocol/refunds.ts';
import type { Reply } from './answers.ts';
import { findRate } from './approvals.ts';
import type { TerminalRef } from './business.ts';
import type { ApprovalTable } from './business-tables.ts';
import { isFrozen } from './freezes.ts';
import { refundsOf, sumRefunds } from './refund-sums.ts';
import { dayMs, dayStart } from './shanghai.ts';
import type { HostTrx } from './store.ts';
import { debitTxns } from './txns.ts';

/** A payment of the merchant, at whichever terminal it was made: what a refund of another day or another terminal needs of it. */
export async function findOriginal(trx: HostTrx, from: TerminalRef, request: FindOriginalRequest): Promise<Reply> {
  const approval = await find(trx, from.merchant, request);
  const original = approval ? await describe(trx, approval) : null;
  const code = original ? '00' : '25';
  return {
    answer: { kind: 'find-original', stan: request.stan, code, original },
    notBefore: 0,
    silent: false,
  };
}

async function find(
  trx: HostTrx,
  merchant: string,
  { number, rrn, date }: FindOriginalRequest,
): Promise<ApprovalTable | undefined> {
  const paid = trx
    .selectFrom('approvals')
    .selectAll()
    .where('merchant', '=', merchant)
    .where('state', 'in', ['APPROVED', 'CLEARED', 'VOIDED'])
    .where('txn', 'in', debitTxns);
  if (number !== null) return paid.where('payment', '=', number).executeTakeFirst();
  if (rrn === null || date === null) return undefined;
  const start = dayStart(date);
  return paid
    .where('rrn', '=', rrn)
    .where('at', '>=', start)
    .where('at', '<', start + dayMs)
    .executeTakeFirst();
}

async function describe(trx: HostTrx, approval: ApprovalTable): Promise<Original> {
  const sums = sumRefunds(await refundsOf(trx, approval, approval.payment));
  const { payment, terminal, batch, stan, txn, at, rrn } = approval;
  return {
    payment,
    terminal,
    batch,
    stan,
    txn,
    at,
    amountFen: approval.amount_fen,
    feeFen: approval.fee_fen,
    discountFen: approval.discount_fen,
    refundedFen: sums.refundedFen,
    refundedFeeFen: sums.feeFen,
    inFlight: sums.inFlight,
    state: stateOf(approval, sums.refundedFen),
    frozen: await isFrozen(trx, approval, payment),
    entry: approval.entry,
    group: approval.card_group,
    card: approval.card_masked,
    rrn,
    authCode: approval.auth_code,
    rate: approval.rate_id === null ? null : await findRate(trx, approval.merchant, approval.rate_id),
  };
}

function stateOf({ state, amount_fen: fen }: ApprovalTable, refundedFen: number): Original['state'] {
  if (refundedFen > 0) return refundedFen >= fen ? 'REFUNDED' : 'PARTLY_REFUNDED';
  if (state === 'VOIDED') return 'VOIDED';
  return state === 'CLEARED' ? 'CLEARED' : 'PAID';
}
