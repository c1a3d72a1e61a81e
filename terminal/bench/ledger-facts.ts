import { checkBook } from '../flows/check-book.ts';
import type { CounterStatus } from '../flows/counter.ts';
import type { World } from '../flows/world.ts';
import { newestPayments, reversalsDue } from '../payments/queries.ts';
import { groups } from '../settlement/batch.ts';
import { currentBatch } from '../settlement/queries.ts';
import type { LedgerAnswer } from './contract.ts';

const most = 10_000;

/** What scenario files compare of the book. */
export function ledgerFacts(world: World, { operator, signedIn, waitingRows }: CounterStatus): LedgerAnswer {
  const payments = newestPayments(world.db, most);
  const [newest] = payments;
  const batch = currentBatch(world.db);
  const { ok, ledgerSumFen } = checkBook(world.db);
  return {
    operator: operator?.no ?? null,
    signedIn,
    waitingRows,
    payment: newest
      ? {
          state: newest.state,
          amountFen: newest.amountFen,
          stan: newest.stan,
          prints: newest.prints,
          ...(newest.code !== null && { code: newest.code }),
          ...(newest.entry !== null && { entry: newest.entry }),
        }
      : null,
    payments: payments.length,
    batch: batch ? { no: batch.no, state: batch.state, records: batch.records, amountFen: net(batch.totals) } : null,
    reversalsDue: reversalsDue(world.db).length,
    ok,
    sumFen: ledgerSumFen,
  };
}

const net = (totals: NonNullable<ReturnType<typeof currentBatch>>['totals']): number =>
  groups.reduce((sum, group) => sum + totals[group].debitFen - totals[group].creditFen, 0);
