import type { BatchCleared, FundsReceived } from '../../sync/protocol/batch.ts';
import type { ForwardedResult } from '../../sync/protocol/payments.ts';
import type { RefundResult } from '../../sync/protocol/refunds.ts';
import type { DownRow } from '../../sync/protocol/rows.ts';
import type { Clock } from '../base/clock.ts';
import { at } from '../base/crash-points.ts';
import type { Tx } from '../base/database.ts';
import { fen } from '../base/money.ts';
import { recordInvoiceResult } from '../invoices/record-result.ts';
import { fundsReceived, type Journal } from '../ledger/journal.ts';
import { post } from '../ledger/post.ts';
import { recordMessage, recordNotifyResult } from '../notices/notice.ts';
import { applyChargeBack, applyFreeze, applyUnfreeze } from '../payments/freeze.ts';
import { recordRefundedElsewhere, recordRefundResult } from '../payments/refund-result.ts';
import { recordStoredResult } from '../payments/stored-result.ts';
import { hearBill, keepPart } from '../settlement/bill.ts';
import { recordClosed, recordDifferences, recordVerdict } from '../settlement/close-batch.ts';
import { recordAnswered } from '../settlement/dispute.ts';
import { countRecord } from '../settlement/open-batch.ts';
import { clearBatch } from './clear-batch.ts';
import { decideDifference } from './decide-difference.ts';
import { applyApplyResult, applyMerchantData } from './merchant-news.ts';
import { applyMirrorDiffers, noteAccepted } from './mirror.ts';
import { type Cause, sendPosted } from './send-posted.ts';
import { noteCleared } from './settle-at-once.ts';
import { applySettleResult, applyStatementIssued } from './settlement-news.ts';

/** A book that comes back holds others of these (restore-book.ts). */
export type News = Exclude<DownRow, { kind: 'book-restore' }>;

/**
 * Applies one row from the host, inside the transaction that records it as applied. What it posts goes up in a `posted` row that names its cause
 * (accounting.md §1). A row that comes again is not applied again: the stream sees to it, and every step here would find its work done.
 */
export function applyNews(tx: Tx, clock: Clock, row: News): void {
  const now = clock.now();
  switch (row.kind) {
    case 'batch-verdict':
      recordVerdict(tx, now, row.body);
      break;
    case 'batch-differences':
      recordDifferences(tx, row.body);
      break;
    case 'file-part':
      keepPart(tx, now, row.body);
      break;
    case 'bill':
      hearBill(tx, now, row.body);
      break;
    case 'difference-decided':
      decideDifference(tx, now, row);
      break;
    case 'batch-closed':
      recordClosed(tx, now, row.body);
      break;
    case 'batch-cleared':
      applyCleared(tx, now, row, row.body);
      break;
    case 'funds-received':
      applyFunds(tx, now, row, row.body);
      break;
    case 'settle-result':
      applySettleResult(tx, now, row, row.body);
      break;
    case 'refund-result':
      applyRefundResult(tx, now, row, row.body);
      break;
    case 'refunded-elsewhere':
      recordRefundedElsewhere(tx, now, row.body);
      break;
    case 'stored-sale-result':
    case 'advice-result':
      applyStoredResult(tx, now, row, row.body);
      break;
    case 'freeze':
      applyRisk(tx, now, row, applyFreeze(tx, now, row.body));
      break;
    case 'unfreeze':
      applyRisk(tx, now, row, applyUnfreeze(tx, now, row.body));
      break;
    case 'charge-back':
      applyRisk(tx, now, row, applyChargeBack(tx, now, row.body));
      break;
    case 'statement-issued':
      applyStatementIssued(tx, now, row.body);
      break;
    case 'ticket-answered':
      recordAnswered(tx, now, row.body);
      break;
    case 'merchant-data':
      applyMerchantData(tx, now, row.body);
      break;
    case 'apply-result':
      applyApplyResult(tx, now, row.body);
      break;
    case 'invoice-result':
      recordInvoiceResult(tx, now, row.body);
      break;
    case 'notify-result':
      recordNotifyResult(tx, row.body);
      break;
    case 'message':
      recordMessage(tx, now, row.body);
      break;
    case 'mirror-differs':
      applyMirrorDiffers(tx, now, row.body);
  }
}

function applyCleared(tx: Tx, now: number, cause: Cause, body: BatchCleared): void {
  const journals = clearBatch(tx, now, body);
  noteCleared(tx, journals);
  sendPosted(tx, now, cause, journals, body.batch);
  at('clear.in-commit');
}

function applyFunds(tx: Tx, now: number, cause: Cause, body: FundsReceived): void {
  const journal = fundsReceived(
    { receivable: body.account, date: body.date, n: body.n, amountFen: fen(body.amountFen) },
    { at: now, by: 'SYS' },
  );
  if (!journal) return;
  post(tx, journal);
  sendPosted(tx, now, cause, [journal]);
}

/** Counts in the credit of its batch from its acceptance on, which a close waits for. */
function applyRefundResult(tx: Tx, now: number, cause: Cause, body: RefundResult): void {
  const { refund, accepted, journals } = recordRefundResult(tx, now, body);
  if (accepted) {
    countRecord(tx, refund, 'credit');
    noteAccepted(tx);
  }
  sendPosted(tx, now, cause, journals);
}

function applyStoredResult(tx: Tx, now: number, cause: Cause, body: ForwardedResult): void {
  const { payment, booked, journals } = recordStoredResult(tx, now, body);
  if (booked) countRecord(tx, payment, 'debit');
  sendPosted(tx, now, cause, journals);
}

/** The host counts a fact of risk as applied from this row on, so it goes up without journals too. */
function applyRisk(tx: Tx, now: number, cause: Cause, journals: readonly Journal[]): void {
  sendPosted(tx, now, cause, journals, null, true);
  at('risk.in-freeze');
}
