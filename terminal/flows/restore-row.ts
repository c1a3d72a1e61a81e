import type { UpRow } from '../../sync/protocol/rows.ts';
import type { Tx } from '../base/database.ts';
import { finishWork } from '../base/due-work.ts';
import { restoreInvoice } from '../invoices/record-result.ts';
import { restoreNotify } from '../notices/notice.ts';
import { restoreRecord, restoreRefund, restoreReversal, restoreTold } from '../payments/restore-payment.ts';
import { restoreApplication } from '../settlement/apply.ts';
import { restoreDifference, restoreExamined } from '../settlement/difference.ts';
import { restoreClosed, restoreTicket } from '../settlement/dispute.ts';
import { businessDateAt } from '../settlement/open-batch.ts';
import { batchByNo } from '../settlement/queries.ts';
import {
  restoreChecked,
  restoreEnd,
  restoreFrozen,
  restoreSettlement,
  restoreStop,
  restoreUpload,
} from '../settlement/restore-settlement.ts';
import { restoreDecided } from './decide-difference.ts';

/** What a row of this terminal tells, beside its journals. */
export function restoreRow(tx: Tx, row: UpRow): void {
  switch (row.kind) {
    case 'payment-recorded':
      restoreRecord(tx, row.body, dayOf(tx, row.body.facts.batch, row.body.at));
      break;
    case 'reversal-ended':
      finishWork(tx, 'reversal', row.body.no);
      restoreReversal(tx, row.body, dayOf(tx, row.body.facts.batch, row.body.at));
      break;
    case 'store-sale':
      restoreTold(tx, 'stored-sale', row.body, dayOf(tx, row.body.facts.batch, row.body.at));
      break;
    case 'complete-by-advice':
      restoreTold(tx, 'completion-advice', row.body, dayOf(tx, row.body.facts.batch, row.body.at));
      break;
    case 'refund':
      restoreRefund(tx, row.body);
      break;
    case 'batch-totals':
      restoreFrozen(tx, row.body.by, row.body.facts);
      break;
    case 'batch-record':
      restoreUpload(tx, row.body.facts.batch);
      break;
    case 'batch-end':
      restoreEnd(tx, row.body.facts.batch);
      break;
    case 'settle':
      restoreSettlement(tx, row.body);
      break;
    case 'difference-found':
      restoreDifference(tx, row.body);
      break;
    case 'difference-examined':
      restoreExamined(tx, row.body);
      break;
    case 'stop-settle':
      restoreStop(tx, row.body.facts.settlement, row.body.by);
      break;
    case 'settlement-disputed':
      restoreTicket(tx, row.body);
      break;
    case 'ticket-closed':
      restoreClosed(tx, row.body.facts.ticket);
      break;
    case 'apply':
      restoreApplication(tx, row.body);
      break;
    case 'settlement-checked':
      restoreChecked(tx, row.body.facts.settlement, row.body.by);
      break;
    case 'issue-invoice':
    case 'red-invoice':
      restoreInvoice(tx, row);
      break;
    case 'notify':
      restoreNotify(tx, row.body);
      break;
    // What else a row from above caused is caused again by it.
    case 'posted':
      restoreDecided(tx, row.body);
      break;
    case 'bill-wanted':
    // Nothing of it stands in the book.
    case 'stop-reported':
    case 'telemetry':
    case 'audit-line':
    case 'opening':
      break;
  }
}

/** The business date of a batch; of one that is not here the day. */
export const dayOf = (tx: Tx, batch: string, atMs: number): string =>
  batchByNo(tx.db, batch)?.businessDate ?? businessDateAt(atMs, 24);
