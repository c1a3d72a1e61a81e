import type { Database } from '../base/database.ts';
import { kinds } from '../payments/kinds.ts';
import type { Payment } from '../payments/payment.ts';
import { countedOfBatch, faultyOfBatch } from '../payments/queries.ts';
import { reasonWords } from '../payments/reason-words.ts';
import type { Refund } from '../payments/refund.ts';
import { failedRefundsOfBatch, refundsOfBatch } from '../payments/refund-queries.ts';
import { type Batch, groups } from '../settlement/batch.ts';
import type { BatchSlipFacts, FailedItem } from '../settlement/batch-slip.ts';

/** What the slip of a batch says of its payments and refunds beside the totals. */
export const batchSlipFacts = (db: Database, batch: Batch): BatchSlipFacts => ({
  failed: [...faultyOfBatch(db, batch).map(failedPayment), ...failedRefundsOfBatch(db, batch).map(failedRefund)].sort(
    (a, b) => (a.stan < b.stan ? -1 : 1),
  ),
  leftOut: voidsLeftOut(db, batch),
});

/** By its frozen totals: the parameter may be another one when the slip comes out again. */
function voidsLeftOut(db: Database, batch: Batch): number {
  const voids = countedOfBatch(db, batch).filter(({ txn }) => kinds[txn].side === 'credit').length;
  const credits = groups.reduce((sum, group) => sum + batch.totals[group].creditCount, 0);
  return voids > 0 && credits === refundsOfBatch(db, batch).length ? voids : 0;
}

const failedPayment = ({ txn, state, stan, askedFen, why, code }: Payment): FailedItem => {
  const refused = txn === 'stored-sale' ? '离线被拒 REFUSED' : '通知被拒 REFUSED';
  return {
    stan,
    what: state === 'NEEDS_HUMAN' ? '冲正待人工 NEEDS HUMAN' : refused,
    amountFen: askedFen,
    why: why === null && code === null ? '' : reasonWords(why ?? code ?? ''),
  };
};

const failedRefund = ({ stan, amountFen, counted, reason }: Refund): FailedItem => ({
  stan,
  what: counted ? '退货未付 NOT PAID OUT' : '退货被拒 REFUSED',
  amountFen,
  why: reason === null ? '' : reasonWords(reason),
});
