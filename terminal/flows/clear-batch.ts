import type { BatchCleared } from '../../sync/protocol/batch.ts';
import { audit } from '../base/audit.ts';
import type { Tx } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { subtractFen, sumFen } from '../base/money.ts';
import { cleared, type Journal } from '../ledger/journal.ts';
import { postAll } from '../ledger/post-all.ts';
import { takeHold } from '../payments/freeze.ts';
import { next, type Payment } from '../payments/payment.ts';
import { unclearedOfBatch } from '../payments/queries.ts';
import { unclearedRefundsOf } from '../payments/refund-store.ts';
import { updateState } from '../payments/store.ts';
import { markCleared } from '../settlement/close-batch.ts';
import { batchByNo } from '../settlement/queries.ts';
import { explainClearing, foundAtClearing } from './clearing-difference.ts';

/**
 * J-03 for every payment of the batch that is not cleared yet and not excepted. If the sums differ from the host's by one fen nothing is posted
 * and a difference is opened (states.md, Clearing 1). What was excepted comes with a later row of the same batch.
 */
export function clearBatch(tx: Tx, now: number, news: BatchCleared): readonly Journal[] {
  const batch = batchByNo(tx.db, news.batch);
  if (!batch) throw new TerminalError('NOT_FOUND', { what: 'batch', no: news.batch });
  const uncleared = unclearedOfBatch(tx.db, batch);
  if (batch.clearedAt !== null && uncleared.length === 0) return [];
  const payments = uncleared.filter(({ no }) => !news.except.includes(no));
  const grossFen = sumFen(payments.map((p) => p.amountFen));
  const feeFen = sumFen(payments.map((p) => p.feeFen));
  const sums = [
    { what: '交易额', hereFen: grossFen, thereFen: news.grossFen },
    { what: '手续费', hereFen: feeFen, thereFen: news.feeFen },
    { what: '净额', hereFen: subtractFen(grossFen, feeFen), thereFen: news.netFen },
  ];
  const different = sums.find((sum) => sum.hereFen !== sum.thereFen);
  if (different) {
    foundAtClearing(tx, now, news, different);
    audit(tx, {
      at: now,
      by: 'SYS',
      action: 'clearing-difference',
      about: news.batch,
      outcome: 'ok',
      details: different,
    });
    return [];
  }
  const journals = payments.flatMap((payment) => clearOne(tx, now, payment));
  markCleared(tx, batch, now);
  explainClearing(tx, now, news.batch);
  audit(tx, {
    at: now,
    by: 'SYS',
    action: 'clear',
    about: news.batch,
    outcome: 'ok',
    details: { payments: payments.length, netFen: news.netFen },
  });
  return journals;
}

/** What its refunds left of it (J-06b), less what a freeze holds; all of it refunded: no journal. */
function clearOne(tx: Tx, now: number, payment: Payment): readonly Journal[] {
  const { no: txn } = payment;
  updateState(tx, { ...payment, state: next(payment, 'clear'), cleared: true });
  const refunded = unclearedRefundsOf(tx.db, txn);
  const grossFen = subtractFen(payment.amountFen, refunded.amountFen);
  const hold = takeHold(tx, txn);
  if (grossFen === 0) return [];
  const feeFen = subtractFen(payment.feeFen, refunded.feeFen);
  return postAll(tx, [cleared({ txn, grossFen, feeFen, ...(hold && { hold }) }, { at: now, by: 'SYS' })]);
}
