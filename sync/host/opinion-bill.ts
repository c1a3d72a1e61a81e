import { findApproval } from './approvals.ts';
import { findBatch } from './batches.ts';
import { findDifference, setDifference, undone } from './bill-differences.ts';
import type { BillDifferenceTable } from './bill-tables.ts';
import type { TerminalRef } from './business.ts';
import { receivableOf } from './chart.ts';
import type { Line } from './effects.ts';
import type { RefundTable } from './following-tables.ts';
import { owner } from './host.ts';
import { isClearedInBook, reserving } from './opinion-refund.ts';
import { flaggedFen } from './opinion-risk.ts';
import { findRefund } from './refunds.ts';
import { cleared, sold } from './second-opinion.ts';
import type { HostTrx } from './store.ts';

/** J-82 to J-84 and what follows them: what the terminal posts when two persons decided about a difference in a bill. */

export interface BillOpinion {
  readonly journals: Line[][];
  readonly apply: () => Promise<void>;
}

/** `decided`: number of the `difference-decided` that the terminal answers. Once. */
export async function opinionOnDecided(trx: HostTrx, from: TerminalRef, decided: string): Promise<BillOpinion> {
  const difference = await findDifference(trx, from, decided.slice('decided:'.length));
  if (difference?.state !== 'DECIDED' || difference.posted === 1) return { journals: [], apply: async () => {} };
  return {
    journals: await journalsOf(trx, difference),
    apply: async () => {
      await setDifference(trx, from, difference.no, { posted: 1 });
      if (difference.decision === 'missing-refund') await markBookedLate(trx, difference);
    },
  };
}

async function journalsOf(trx: HostTrx, difference: BillDifferenceTable): Promise<Line[][]> {
  switch (difference.decision) {
    case 'missing-sale':
      return [undone(difference), ...(await lateSale(trx, difference))];
    case 'missing-refund':
      return [undone(difference), ...(await lateRefund(trx, difference))];
    case 'write-off':
      return [
        [
          ['5002', 'D', -difference.delta_fen],
          [`1290:${difference.no}`, 'C', -difference.delta_fen],
        ],
      ];
    case 'give-back':
    case 'explained':
      return [undone(difference)];
    case null:
      return [];
  }
}

async function lateSale(trx: HostTrx, difference: BillDifferenceTable): Promise<Line[][]> {
  const { payment, date } = difference;
  const sale = await findApproval(trx, difference, payment);
  if (!sale) return [];
  const day = (await findBatch(trx, difference, sale.batch))?.business_date ?? date;
  const booked = sold(payment, `${receivableOf(sale.entry)}:${day}`, sale.amount_fen);
  if (sale.state !== 'CLEARED') return [booked];
  const held = await flaggedFen(trx, difference, payment, sale.amount_fen - sale.fee_fen);
  return [booked, cleared(payment, sale.amount_fen, sale.fee_fen, held)];
}

async function lateRefund(trx: HostTrx, difference: BillDifferenceTable): Promise<Line[][]> {
  const refund = await findRefund(trx, difference, difference.payment);
  if (!refund) return [];
  const { no, payment, amount_fen: amountFen, fee_fen: feeFen, entry, business_date: date } = refund;
  return [
    reserving({ no, payment, source: await lateSource(trx, refund), amountFen, feeFen }),
    [
      [`2302:${no}`, 'D', amountFen],
      [`${receivableOf(entry)}:${date}`, 'C', amountFen],
    ],
  ];
}

/** Out of what has not cleared, where that is of this terminal; else of what is available. */
async function lateSource(trx: HostTrx, refund: RefundTable): Promise<'2001' | '2002'> {
  if (refund.origin_terminal !== refund.terminal) return '2002';
  const origin = await findApproval(trx, refund, refund.payment);
  return origin && !(await isClearedInBook(trx, refund, origin)) ? '2001' : '2002';
}

async function markBookedLate(trx: HostTrx, difference: BillDifferenceTable): Promise<void> {
  await trx
    .updateTable('refunds')
    .set({ book_state: 'DONE' })
    .where((eb) => eb.and({ ...owner(difference), no: difference.payment }))
    .execute();
}
