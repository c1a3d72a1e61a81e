import { dayMs, startOfDay } from '../base/clock.ts';
import { TerminalError } from '../base/errors.ts';
import { idsFrom } from '../base/ids.ts';
import { finishSlowly, type Steps } from '../base/steps.ts';
import { type Narrowing, paymentsNarrowed } from '../payments/queries.ts';
import { refundsNarrowed } from '../payments/refund-queries.ts';
import { authorise } from '../users/roles.ts';
import type { User } from '../users/user.ts';
import type { TransactionFilter } from './console-desk.ts';
import type { TransactionView } from './counter.ts';
import { refundRow, transactionView } from './views.ts';
import type { World } from './world.ts';

/** Behind every number that there will be. */
const highest = '~';

/** 交易: payments and refunds that fit, the newest first. Numbers are made in the order of time, so days are ranges of them. */
export async function findTransactions(
  world: World,
  by: User,
  filter: TransactionFilter,
  signal: AbortSignal | undefined,
): Promise<readonly TransactionView[]> {
  authorise(by, 'look');
  return finishSlowly(narrowed(world, filter), world.clock, signal);
}

function* narrowed({ db }: World, filter: TransactionFilter): Steps<readonly TransactionView[]> {
  const { from, to, before, limit, type } = filter;
  const behind = to === undefined ? highest : idsFrom(timeOf(to) + dayMs);
  const range = {
    from: from === undefined ? '' : idsFrom(timeOf(from)),
    before: before !== undefined && before < behind ? before : behind,
  };
  const narrowing: Narrowing = { ...filter, txn: type };
  const payments = type === 'refund' ? [] : yield* paymentsNarrowed(db, range, narrowing, limit);
  const refunds = type === undefined || type === 'refund' ? refundsNarrowed(db, range, narrowing, limit) : [];
  return [...payments.map((payment) => transactionView(db, payment)), ...refunds.map(refundRow)]
    .toSorted((a, b) => (a.payment < b.payment ? 1 : -1))
    .slice(0, limit);
}

function timeOf(day: string): number {
  const ms = startOfDay(day);
  if (Number.isNaN(ms)) throw new TerminalError('INVALID_RANGE', { value: day });
  return ms;
}
