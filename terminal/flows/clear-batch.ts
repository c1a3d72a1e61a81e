import type { BatchCleared } from '../../sync/protocol/batch.ts';
import { send } from '../../sync/stream/send.ts';
import { assert } from '../base/assert.ts';
import { audit } from '../base/audit.ts';
import type { Tx } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { subtractFen, sumFen } from '../base/money.ts';
import { cleared, type Journal } from '../ledger/journal.ts';
import { post } from '../ledger/post.ts';
import { next } from '../payments/payment.ts';
import { approvedOfBatch } from '../payments/queries.ts';
import { setCleared } from '../payments/store.ts';
import { markCleared } from '../settlement/close-batch.ts';
import { batchByNo } from '../settlement/queries.ts';

/**
 * J-03 for every payment of the batch that is not cleared yet and not excepted. If the sums differ from the host's by one fen nothing is posted
 * and a difference is opened (states.md, Clearing 1). A batch that is cleared stays as it is.
 */
export function clearBatch(tx: Tx, now: number, news: BatchCleared): readonly Journal[] {
  const batch = batchByNo(tx.db, news.batch);
  if (!batch) throw new TerminalError('NOT_FOUND', { what: 'batch', no: news.batch });
  if (batch.clearedAt !== null) return [];
  const payments = approvedOfBatch(tx.db, batch).filter((p) => p.state === 'PAID' && !news.except.includes(p.no));
  const grossFen = sumFen(payments.map((p) => p.amountFen));
  const feeFen = sumFen(payments.map((p) => p.feeFen));
  const sums = [
    { what: '交易额', hereFen: grossFen, thereFen: news.grossFen },
    { what: '手续费', hereFen: feeFen, thereFen: news.feeFen },
    { what: '净额', hereFen: subtractFen(grossFen, feeFen), thereFen: news.netFen },
  ];
  const different = sums.find((sum) => sum.hereFen !== sum.thereFen);
  if (different) {
    send(tx.db, {
      kind: 'difference-found',
      id: news.no,
      body: { no: news.no, at: now, by: 'SYS', facts: { batch: news.batch, ...different }, journals: [] },
    });
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
  const journals = payments.map((p) =>
    cleared({ txn: p.no, grossFen: p.amountFen, feeFen: p.feeFen }, { at: now, by: 'SYS' }),
  );
  for (const [index, payment] of payments.entries()) {
    const journal = journals[index];
    assert(journal && next(payment.state, 'clear') === 'CLEARED', 'a journal for each payment');
    post(tx, journal);
    setCleared(tx, payment.no);
  }
  markCleared(tx, batch, now);
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
