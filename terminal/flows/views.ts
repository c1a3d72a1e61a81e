import type { Database } from '../base/database.ts';
import { subtractFen, zeroFen } from '../base/money.ts';
import { liveFreezeOf } from '../payments/freeze.ts';
import type { Payment } from '../payments/payment.ts';
import { paymentByNo } from '../payments/queries.ts';
import type { Refund } from '../payments/refund.ts';
import type { Batch } from '../settlement/batch.ts';
import { ticketsOf } from '../settlement/dispute.ts';
import type { Settlement } from '../settlement/settlement.ts';
import type { BatchView } from './batch-desk.ts';
import type { SettlementView, TransactionView } from './counter.ts';
import type { RefundView } from './give-back-desk.ts';
import type { SettlementDetail } from './settlement-desk.ts';

/** Rows of the book as the faces show them. */

export const transactionView = (db: Database, payment: Payment): TransactionView => ({
  payment: payment.no,
  type: payment.txn,
  state: payment.state,
  askedFen: payment.askedFen,
  amountFen: payment.amountFen,
  discountFen: payment.discountFen,
  feeFen: payment.feeFen,
  refundedFen: payment.refundedFen,
  original: payment.original ?? undefined,
  originalStan: payment.original === null ? undefined : paymentByNo(db, payment.original)?.stan,
  isFrozen: liveFreezeOf(db, payment.no) !== undefined,
  reason: undefined,
  approvedBy: payment.approvedBy ?? undefined,
  validUntil: payment.validUntil ?? undefined,
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

/** A refund among the payments. */
export const refundRow = (refund: Refund): TransactionView => ({
  payment: refund.no,
  type: 'refund',
  state: refund.state,
  askedFen: refund.amountFen,
  amountFen: refund.amountFen,
  discountFen: zeroFen,
  feeFen: refund.feeFen,
  refundedFen: zeroFen,
  original: refund.payment,
  originalStan: refund.originStan,
  isFrozen: false,
  reason: refund.reason ?? undefined,
  approvedBy: refund.approvedBy ?? undefined,
  validUntil: undefined,
  batch: refund.batch,
  stan: refund.stan,
  card: refund.card ?? undefined,
  entry: refund.entry,
  code: undefined,
  rrn: refund.rrn ?? undefined,
  authCode: undefined,
  operator: refund.operator,
  at: refund.requestedAt,
  prints: refund.prints,
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

export const settlementDetail = (db: Database, settlement: Settlement): SettlementDetail => ({
  ...settlementView(settlement),
  mode: settlement.mode,
  by: settlement.requestedBy,
  endedAt: settlement.endedAt ?? undefined,
  hostRef: settlement.hostRef ?? undefined,
  transferRef: settlement.transferRef ?? undefined,
  valueDate: settlement.valueDate ?? undefined,
  accountVersion: settlement.accountVersion,
  checkedBy: settlement.checkedBy ?? undefined,
  disputed: ticketsOf(db, settlement.no).some(({ state }) => state !== 'CLOSED'),
  stopping: settlement.stopBy !== null && settlement.state === 'REQUESTED',
  issued:
    settlement.issuedChannel === null
      ? undefined
      : { channel: settlement.issuedChannel, to: settlement.issuedTo ?? undefined },
});

export const refundView = (refund: Refund): RefundView => ({
  no: refund.no,
  payment: refund.payment,
  state: refund.state,
  amountFen: refund.amountFen,
  feeFen: refund.feeFen,
  batch: refund.batch,
  stan: refund.stan,
  originTerminal: refund.originTerminal,
  originStan: refund.originStan,
  originRrn: refund.originRrn ?? undefined,
  card: refund.card ?? undefined,
  operator: refund.operator,
  reason: refund.reason ?? undefined,
  requestedAt: refund.requestedAt,
  prints: refund.prints,
});

export const batchView = (batch: Batch): BatchView => ({
  no: batch.no,
  state: batch.state,
  businessDate: batch.businessDate,
  openedAt: batch.openedAt,
  closedAt: batch.closedAt ?? undefined,
  closedBy: batch.closedBy ?? undefined,
  records: batch.records,
  totals: batch.totals,
  verdict: batch.verdict ?? undefined,
  isDecided: batch.decided !== null,
  uploaded: batch.uploaded,
  differences: batch.differing,
  nextBatch: batch.nextBatch ?? undefined,
  clearedAt: batch.clearedAt ?? undefined,
  prints: batch.prints,
});
