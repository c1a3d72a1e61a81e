import type { BatchTotals, Group } from '../../sync/protocol/common.ts';
import { assert } from '../base/assert.ts';
import type { Database } from '../base/database.ts';
import { parameter } from '../base/parameters.ts';
import { kinds } from '../payments/kinds.ts';
import { countedOfBatch, recordsOfBatch, sumsOfBatch } from '../payments/queries.ts';
import type { Refund } from '../payments/refund.ts';
import { refundsOfBatch } from '../payments/refund-queries.ts';
import type { Batch } from '../settlement/batch.ts';
import type { BatchRecord } from '../settlement/close-batch.ts';
import { netTotals } from '../settlement/net-totals.ts';

/** What counts in the totals of a batch, each with its side: payments, voids that were done, refunds that were accepted; in the merchant's profile. */

type Counted = ReturnType<typeof recordsOfBatch>[number];

const isNet = (db: Database): boolean => parameter(db, 'profile') === 'net';

/** Totals of the net profile; undefined in the gross one, where the running totals are the totals. */
export function netTotalsOf(db: Database, batch: Batch): Pick<Batch, 'totals' | 'records'> | undefined {
  if (!isNet(db)) return undefined;
  return netTotals(
    batch,
    countedOfBatch(db, batch).filter(({ txn }) => kinds[txn].side === 'credit'),
  );
}

/** The totals from the rows: what the running totals of an open batch are, in either profile. */
export function countedTotals(db: Database, batch: Batch): Pick<Batch, 'totals' | 'records'> {
  const zero = () => ({ debitCount: 0, debitFen: 0, creditCount: 0, creditFen: 0 });
  const totals = { domestic: zero(), foreign: zero(), codes: zero() } satisfies BatchTotals;
  let records = 0;
  const add = (group: Group | null, side: 'debit' | 'credit' | undefined, count: number, sumFen: number): void => {
    assert(side && group, 'what counts has a side and a group');
    totals[group][`${side}Count`] += count;
    totals[group][`${side}Fen`] += sumFen;
    records += count;
  };
  for (const { txn, group, count, sumFen } of sumsOfBatch(db, batch)) add(group, kinds[txn].side, count, sumFen);
  for (const { cardGroup, amountFen } of refundsOfBatch(db, batch)) add(cardGroup, 'credit', 1, amountFen);
  return { totals, records };
}

/** In order of STAN. */
export function batchRecords(db: Database, batch: Batch): readonly BatchRecord[] {
  const net = isNet(db);
  const payments = recordsOfBatch(db, batch).filter((payment) => !net || !isTakenBack(payment));
  const refunds = refundsOfBatch(db, batch).map(refundRecord);
  return [...payments.map(paymentRecord), ...refunds].sort((a, b) => (a.stan < b.stan ? -1 : 1));
}

const isTakenBack = ({ txn, state }: Counted): boolean => state === 'VOIDED' || kinds[txn].side === 'credit';

function paymentRecord(payment: Counted): BatchRecord {
  const { no, txn, stan, cardGroup, amountFen, feeFen, rateId, entry, rrn } = payment;
  const { side } = kinds[txn];
  assert(side && cardGroup && entry, 'what counts has a side, a group and an entry');
  return { payment: no, txn, side, stan, group: cardGroup, amountFen, feeFen, rateId, entry, rrn };
}

const refundRecord = ({ no, stan, cardGroup, amountFen, feeFen, entry, rrn }: Refund): BatchRecord => ({
  payment: no,
  txn: 'refund',
  side: 'credit',
  stan,
  group: cardGroup,
  amountFen,
  feeFen,
  rateId: null,
  entry,
  rrn,
});
