import type { Database } from '../base/database.ts';
import { idsFrom } from '../base/ids.ts';
import { newestPayments, newestPaymentsOf, paymentByNo, paymentByStan } from '../payments/queries.ts';
import { newestRefunds, newestRefundsOf, refundByNo, refundByStan } from '../payments/refund-queries.ts';
import { lastShiftOf, openShift, undecidedBefore } from '../users/queries.ts';
import type { User } from '../users/user.ts';
import type { ListScope, TransactionView } from './counter.ts';
import { refundRow, transactionView } from './views.ts';

/** Payments and refunds in one list (交易查询, B-037). Numbers are made in the order of time, so they sort the list. */

/** A cashier sees the own shift. Undefined: whoever may use the socket of the terminal, and nobody is at the keypad. */
export const scopeOf = (viewer: User | undefined): ListScope =>
  viewer?.role === 'C' ? { of: 'shift', operator: viewer.no } : { of: 'all' };

/** The newest first. */
export function listTransactions(db: Database, scope: ListScope, limit: number): readonly TransactionView[] {
  const rows = scope.of === 'all' ? newest(db, limit) : ofShift(db, scope.operator, limit);
  return rows.toSorted((a, b) => (a.payment < b.payment ? 1 : -1)).slice(0, limit);
}

/** The newest payment or refund with this STAN. */
export function transactionByStan(db: Database, stan: string): TransactionView | undefined {
  const [payment, refund] = [paymentByStan(db, stan), refundByStan(db, stan)];
  if (refund && (!payment || payment.no < refund.no)) return refundRow(refund);
  return payment && transactionView(db, payment);
}

/** The newest of `scope` with this STAN. */
export function queryTransaction(db: Database, scope: ListScope, stan: string): TransactionView | undefined {
  const found = transactionByStan(db, stan);
  if (scope.of === 'all' || !found) return found;
  return ofShift(db, scope.operator, Number.MAX_SAFE_INTEGER).find(({ payment }) => payment === found.payment);
}

const newest = (db: Database, limit: number): readonly TransactionView[] => [
  ...newestPayments(db, limit).map((payment) => transactionView(db, payment)),
  ...newestRefunds(db, limit).map(refundRow),
];

/**
 * What the shift counts (shift.ts): the operator's payments and refunds since it began, and what earlier shifts left undecided. Without one, as for a command of `pos`: what
 * the operator did since the last one ended.
 */
function ofShift(db: Database, operator: string, limit: number): readonly TransactionView[] {
  const shift = openShift(db, operator);
  const sinceMs = shift?.begunAt ?? endOfLast(db, operator);
  const since = idsFrom(sinceMs);
  const payments = newestPaymentsOf(db, operator, shift?.afterPayment ?? 0, limit);
  const rows = [
    ...payments.filter(({ no }) => shift || no >= since).map((payment) => transactionView(db, payment)),
    ...newestRefundsOf(db, operator, since, limit).map(refundRow),
    ...undecidedBefore(db, operator).flatMap((no) => byNo(db, no) ?? []),
  ];
  return [...new Map(rows.map((row) => [row.payment, row])).values()];
}

const endOfLast = (db: Database, operator: string): number => lastShiftOf(db, operator)?.endedAt ?? 0;

function byNo(db: Database, no: string): TransactionView | undefined {
  const payment = paymentByNo(db, no);
  if (payment) return transactionView(db, payment);
  const refund = refundByNo(db, no);
  return refund && refundRow(refund);
}
