import { subtractFen } from '../base/money.ts';
import type { Payment } from '../payments/payment.ts';
import type { Settlement } from '../settlement/settlement.ts';
import type { SettlementView, TransactionView } from './counter.ts';

/** Rows of the book as the faces show them. */

export const transactionView = (payment: Payment): TransactionView => ({
  payment: payment.no,
  type: payment.txn,
  state: payment.state,
  amountFen: payment.amountFen,
  feeFen: payment.feeFen,
  batch: payment.batch,
  stan: payment.stan,
  card: payment.card ?? undefined,
  entry: payment.entry ?? undefined,
  code: payment.code ?? undefined,
  rrn: payment.rrn ?? undefined,
  authCode: payment.authCode ?? undefined,
  operator: payment.operator,
  at: payment.createdAt,
  prints: payment.prints,
});

export const settlementView = (settlement: Settlement): SettlementView => ({
  no: settlement.no,
  amountFen: settlement.amountFen,
  serviceFeeFen: settlement.serviceFeeFen,
  netFen: subtractFen(settlement.amountFen, settlement.serviceFeeFen),
  state: settlement.state,
  reason: settlement.reason ?? undefined,
  checked: settlement.checkedBy !== null,
  requestedAt: settlement.requestedAt,
  maskedAccount: settlement.maskedAccount,
});
