import type { Database } from '../base/database.ts';
import { fen } from '../base/money.ts';
import { freezeByNo } from '../payments/freeze.ts';
import type { Payment } from '../payments/payment.ts';
import { paymentByNo } from '../payments/queries.ts';
import type { Refund } from '../payments/refund.ts';
import { refundByNo } from '../payments/refund-queries.ts';
import { ticketsOf } from '../settlement/dispute.ts';
import { type Part, partsOf } from '../settlement/settled-parts.ts';
import type { SettledPayment } from './settlement-desk.ts';

/**
 * Step 5 (B-012): the payments, voids and refunds whose money is in a settlement, in the order in which it came. What a freeze held and gave back counts for its payment. Their nets and what
 * belongs to no payment, the recovery of a debt or a fee that a bank return left, make up the amount.
 */
export function settledPayments(db: Database, no: string, limit: number, after?: string): readonly SettledPayment[] {
  const parts = byNumber(db, partsOf(db, no));
  const first = after === undefined ? 0 : parts.findIndex((part) => part.of === after) + 1;
  const tickets = new Map(ticketsOf(db, no).map((ticket) => [ticket.payment, ticket.no]));
  return parts.slice(first, first + limit).flatMap((part) => {
    const row = rowOf(db, part.of);
    return row ? [{ ...row, netFen: part.fen, ticket: tickets.get(row.payment) }] : [];
  });
}

/** Each payment or refund once. */
function byNumber(db: Database, parts: readonly Part[]): readonly Part[] {
  const sums = new Map<string, number>();
  for (const part of parts) {
    const of = numberOf(db, part.of);
    if (of !== undefined) sums.set(of, (sums.get(of) ?? 0) + part.fen);
  }
  return [...sums].filter(([, sumFen]) => sumFen !== 0).map(([of, sumFen]) => ({ of, fen: fen(sumFen) }));
}

function numberOf(db: Database, account: string): string | undefined {
  const no = account.slice(5);
  if (account.startsWith('2004:')) return freezeByNo(db, no)?.payment;
  return no === '' ? undefined : no;
}

function rowOf(db: Database, no: string): Omit<SettledPayment, 'netFen' | 'ticket'> | undefined {
  const payment = paymentByNo(db, no);
  if (payment) return ofPayment(payment);
  const refund = refundByNo(db, no);
  return refund && ofRefund(refund);
}

/** A void takes back: it counts below zero. */
function ofPayment(payment: Payment): Omit<SettledPayment, 'netFen' | 'ticket'> {
  const sign = payment.txn === 'void' || payment.txn === 'completion-void' ? -1 : 1;
  return {
    payment: payment.no,
    at: payment.createdAt,
    type: payment.txn,
    entry: payment.entry ?? undefined,
    stan: payment.stan,
    grossFen: fen(sign * payment.amountFen),
    feeFen: fen(sign * payment.feeFen),
  };
}

const ofRefund = (refund: Refund): Omit<SettledPayment, 'netFen' | 'ticket'> => ({
  payment: refund.no,
  at: refund.requestedAt,
  type: 'refund',
  entry: refund.entry,
  stan: refund.stan,
  grossFen: fen(-refund.amountFen),
  feeFen: fen(-refund.feeFen),
});
