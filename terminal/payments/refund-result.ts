import type { RefundedElsewhere, RefundResult } from '../../sync/protocol/refunds.ts';
import { audit } from '../base/audit.ts';
import { at } from '../base/crash-points.ts';
import type { Tx } from '../base/database.ts';
import { schedule } from '../base/due-work.ts';
import { TerminalError } from '../base/errors.ts';
import { addFen, fen } from '../base/money.ts';
import { receivableOf } from '../ledger/accounts.ts';
import type { Journal } from '../ledger/journal.ts';
import { postAll } from '../ledger/post-all.ts';
import { refundReleased, refundSucceeded } from '../ledger/undo-journals.ts';
import { faultWork } from './fault-slip.ts';
import { next, type Payment } from './payment.ts';
import { isRefundPassed, nextRefundState, type Refund, type RefundEvent } from './refund.ts';
import { getRefund, insertElsewhere, updateRefund } from './refund-store.ts';
import { getPayment, updateRefunded } from './store.ts';

export interface RefundNews {
  readonly refund: Refund;
  /** The host has accepted it just now: it counts in the credit of its batch. */
  readonly accepted: boolean;
  readonly journals: readonly Journal[];
}

/** The host's word on a refund: nothing, J-07 or J-08. A result that was applied before changes nothing. NOT_FOUND, ILLEGAL_STATE. */
export function recordRefundResult(tx: Tx, atMs: number, result: RefundResult): RefundNews {
  const refund = getRefund(tx.db, result.no);
  if (!refund) throw new TerminalError('NOT_FOUND', { what: 'refund', no: result.no });
  const event = eventOf(result, refund);
  if (isRefundPassed(refund.state, event)) return { refund, accepted: false, journals: [] };
  const accepted = !refund.counted && event !== 'refused';
  const changed: Refund = {
    ...refund,
    state: nextRefundState(refund.state, event),
    counted: refund.counted || accepted,
    endedAt: event === 'accepted' ? null : atMs,
    reason: result.reason ?? refund.reason,
    hostRef: result.hostRef ?? refund.hostRef,
    rrn: result.rrn ?? refund.rrn,
  };
  updateRefund(tx, changed);
  const journals = postAll(tx, resultJournals(tx, atMs, changed));
  if (changed.state === 'SUCCESS') countSuccess(tx, changed);
  // Nobody may stand at the counter any more when a refund that was accepted fails.
  if (changed.state === 'FAILED' && refund.counted) schedule(tx, faultWork, refund.no, atMs);
  audit(tx, {
    at: atMs,
    by: 'SYS',
    action: 'refund-result',
    about: refund.no,
    outcome: 'ok',
    details: { outcome: event, reason: result.reason },
  });
  at('refund.in-result');
  return { refund: changed, accepted, journals };
}

/** Returned after success is of settlements only. */
function eventOf({ outcome }: RefundResult, { state }: Refund): RefundEvent {
  if (outcome === 'returned') throw new TerminalError('ILLEGAL_STATE', { state, event: outcome });
  return outcome;
}

function resultJournals(tx: Tx, atMs: number, refund: Refund): readonly Journal[] {
  const deed = { at: atMs, by: 'SYS' };
  switch (refund.state) {
    case 'REQUESTED':
    case 'PROCESSING':
      return [];
    case 'SUCCESS':
      return [refundSucceeded(refund, { receivable: receivableOf[refund.entry], date: refund.businessDate }, deed)];
    case 'FAILED':
      return [refundReleased(refund, releaseInto(tx, refund), deed)];
  }
}

/** J-08 is no mirror of J-06b: what has cleared meanwhile is not uncleared again. */
function releaseInto(tx: Tx, { source, payment }: Refund): Parameters<typeof refundReleased>[1] {
  if (source !== '2001') return source;
  return getPayment(tx.db, payment)?.cleared ? '2002' : { uncleared: payment };
}

/** The payment of this terminal has that much less; another terminal hears it from the host. ILLEGAL_STATE. */
export function countSuccess(
  tx: Tx,
  { payment, amountFen, feeFen }: Pick<Refund, 'payment' | 'amountFen' | 'feeFen'>,
): void {
  const original = getPayment(tx.db, payment);
  if (!original) return;
  const refundedFen = addFen(original.refundedFen, amountFen);
  const state = next(original, refundedFen === original.amountFen ? 'refund-all' : 'refund-part');
  updateRefunded(tx, {
    no: payment,
    state,
    refundedFen,
    refundedFeeFen: addFen(original.refundedFeeFen, feeFen),
  });
}

/** Another terminal refunded a payment of this one: posts nothing, counts R and f (races.md). Told again it changes nothing. */
export function recordRefundedElsewhere(tx: Tx, atMs: number, news: RefundedElsewhere): Payment | undefined {
  const [amountFen, feeFen] = [fen(news.amountFen), fen(news.feeFen)];
  const { no, payment, terminal } = news;
  if (!insertElsewhere(tx, { no, payment, terminal, amountFen, feeFen, at: news.at })) return undefined;
  countSuccess(tx, { payment, amountFen, feeFen });
  audit(tx, {
    at: atMs,
    by: 'SYS',
    action: 'refunded-elsewhere',
    about: payment,
    outcome: 'ok',
    details: { no, terminal, amountFen },
  });
  return getPayment(tx.db, payment);
}
