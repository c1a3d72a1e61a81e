import type { BatchTotals, Group } from '../../sync/protocol/common.ts';
import type { Batch } from './batch.ts';

/** A void that was done; its original counts as much in the debit of the same group. */
interface Voided {
  readonly cardGroup: Group | null;
  readonly amountFen: number;
}

/** The net profile: what was voided, and its void, are left out on both sides (payments.md, Batch close 2). */
export function netTotals(
  { totals, records }: Pick<Batch, 'totals' | 'records'>,
  voids: readonly Voided[],
): Pick<Batch, 'totals' | 'records'> {
  const without = (group: Group): BatchTotals[Group] => {
    const { debitCount, debitFen, creditCount, creditFen } = totals[group];
    const left = voids.filter(({ cardGroup }) => cardGroup === group);
    const leftFen = left.reduce((sum, { amountFen }) => sum + amountFen, 0);
    return {
      debitCount: debitCount - left.length,
      debitFen: debitFen - leftFen,
      creditCount: creditCount - left.length,
      creditFen: creditFen - leftFen,
    };
  };
  return {
    totals: { domestic: without('domestic'), foreign: without('foreign'), codes: without('codes') },
    records: records - 2 * voids.length,
  };
}
