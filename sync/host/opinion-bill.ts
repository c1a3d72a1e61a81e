import type { DifferenceDecided } from '../protocol/bills.ts';
import { findApproval, restoreApproval } from './approvals.ts';
import { findDifference, setDifference, undone } from './bill-differences.ts';
import type { BillDifferenceTable } from './bill-tables.ts';
import type { TerminalRef } from './business.ts';
import { receivableOf } from './chart.ts';
import { findDecision } from './decide-bill-difference.ts';
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

/** `no`: number of the `difference-decided` that the terminal answers. Once; it stands then, whatever was proposed or decided while it was on its way. */
export async function opinionOnDecided(trx: HostTrx, from: TerminalRef, no: string): Promise<BillOpinion> {
  const decided = await findDecision(trx, from, no);
  const difference = decided && (await findDifference(trx, from, decided.difference));
  if (!difference || difference.state === 'GONE' || difference.posted === 1)
    return { journals: [], apply: async () => {} };
  const { decision, reason, by: proposed_by, approvedBy: approved_by } = decided;
  return {
    journals: await journalsOf(trx, difference, decided),
    apply: async () => {
      const stands = { state: 'DECIDED', decision, reason, proposed_by, approved_by, posted: 1 } as const;
      await setDifference(trx, from, difference.no, stands);
      if (decision === 'missing-refund') await markBookedLate(trx, difference);
      if (decision === 'missing-sale') await standAgain(trx, difference);
    },
  };
}

async function journalsOf(
  trx: HostTrx,
  difference: BillDifferenceTable,
  { decision, record }: DifferenceDecided,
): Promise<Line[][]> {
  switch (decision) {
    case 'missing-sale':
      return [undone(difference), ...(record ? await lateSale(trx, difference, record) : [])];
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
  }
}

/** As the terminal was told it: what has cleared since, it posts when it hears of that. */
async function lateSale(
  trx: HostTrx,
  from: TerminalRef,
  { payment, entry, businessDate, amountFen, feeFen, cleared: isCleared }: NonNullable<DifferenceDecided['record']>,
): Promise<Line[][]> {
  const booked = sold(payment, `${receivableOf(entry)}:${businessDate}`, amountFen);
  if (!isCleared) return [booked];
  return [booked, cleared(payment, amountFen, feeFen, await flaggedFen(trx, from, payment, amountFen - feeFen))];
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

/** It was to be given back, and that came too late. */
async function standAgain(trx: HostTrx, { payment, ...of }: BillDifferenceTable): Promise<void> {
  if ((await findApproval(trx, of, payment))?.state === 'REVERSED') await restoreApproval(trx, of, payment);
}

async function markBookedLate(trx: HostTrx, difference: BillDifferenceTable): Promise<void> {
  await trx
    .updateTable('refunds')
    .set({ book_state: 'DONE' })
    .where((eb) => eb.and({ ...owner(difference), no: difference.payment }))
    .execute();
}
