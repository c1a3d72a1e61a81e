import type * as v from 'valibot';
import { auditLine, telemetry } from './audit.ts';
import {
  batchCleared,
  batchClosed,
  batchDifferences,
  batchEnd,
  batchRecord,
  batchTotalsRow,
  batchVerdict,
  fundsReceived,
  posted,
} from './batch.ts';
import { bill, billWanted, differenceDecided, differenceExamined, differenceFound, filePart } from './bills.ts';
import { bookRestore, opening } from './book.ts';
import { invoiceResult, issueInvoice, redInvoice } from './invoices.ts';
import { apply, applyResult, merchantData } from './merchant-data.ts';
import { message, notify, notifyResult } from './notices.ts';
import {
  adviceResult,
  completeByAdvice,
  paymentRecorded,
  reversalEnded,
  storedSaleResult,
  storeSale,
} from './payments.ts';
import { refund, refundedElsewhere, refundResult } from './refunds.ts';
import { chargeBack, freeze, stopReported, unfreeze } from './risk.ts';
import {
  mirrorDiffers,
  settle,
  settlementChecked,
  settlementDisputed,
  settleResult,
  statementIssued,
  stopSettle,
  ticketAnswered,
  ticketClosed,
} from './settlement.ts';

/** The kinds of rows in each direction. A kind that is not here is poison: stored, rejected, shown. */

export const upRows = {
  'payment-recorded': paymentRecorded,
  'reversal-ended': reversalEnded,
  'store-sale': storeSale,
  'complete-by-advice': completeByAdvice,
  refund,
  'stop-reported': stopReported,
  'batch-totals': batchTotalsRow,
  'batch-record': batchRecord,
  'batch-end': batchEnd,
  posted,
  'difference-found': differenceFound,
  'difference-examined': differenceExamined,
  'bill-wanted': billWanted,
  settle,
  'stop-settle': stopSettle,
  'settlement-checked': settlementChecked,
  'settlement-disputed': settlementDisputed,
  'ticket-closed': ticketClosed,
  apply,
  notify,
  'issue-invoice': issueInvoice,
  'red-invoice': redInvoice,
  telemetry,
  'audit-line': auditLine,
  opening,
} as const;

export const downRows = {
  'stored-sale-result': storedSaleResult,
  'advice-result': adviceResult,
  'refund-result': refundResult,
  'refunded-elsewhere': refundedElsewhere,
  freeze,
  unfreeze,
  'charge-back': chargeBack,
  'invoice-result': invoiceResult,
  'batch-verdict': batchVerdict,
  'batch-differences': batchDifferences,
  'batch-closed': batchClosed,
  'batch-cleared': batchCleared,
  'funds-received': fundsReceived,
  'settle-result': settleResult,
  'statement-issued': statementIssued,
  'ticket-answered': ticketAnswered,
  'file-part': filePart,
  bill,
  'difference-decided': differenceDecided,
  'apply-result': applyResult,
  'merchant-data': merchantData,
  'notify-result': notifyResult,
  message,
  'mirror-differs': mirrorDiffers,
  'book-restore': bookRestore,
} as const;

type Row<Table extends Record<string, v.GenericSchema>> = {
  [K in keyof Table & string]: {
    readonly seq: number;
    readonly kind: K;
    /** Unique with its kind: asking for the same thing twice is the same row. */
    readonly id: string;
    readonly body: v.InferOutput<Table[K]>;
  };
}[keyof Table & string];

export type UpRow = Row<typeof upRows>;
export type DownRow = Row<typeof downRows>;
export type DownKind = DownRow['kind'];
/** A row that has no seq yet: what `send` takes. */
export type NewUpRow = UpRow extends infer R ? (R extends UpRow ? Omit<R, 'seq'> : never) : never;
export type NewDownRow = DownRow extends infer R ? (R extends DownRow ? Omit<R, 'seq'> : never) : never;
