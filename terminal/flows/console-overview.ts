import { groups } from '../settlement/batch.ts';
import { currentBatch } from '../settlement/queries.ts';
import { authorise } from '../users/roles.ts';
import type { User } from '../users/user.ts';
import { recordLimit } from './batch-limits.ts';
import { alerts } from './console-alerts.ts';
import type { OtherDesks, Overview } from './console-desk.ts';
import { turnover } from './console-turnover.ts';
import { counterStatus } from './counter-status.ts';
import { undecidedCount } from './decided.ts';
import type { World } from './world.ts';

const shownSettlements = 5;

/** 总览. FORBIDDEN. */
export async function overview(
  world: World,
  by: User,
  desks: OtherDesks,
  signal: AbortSignal | undefined,
): Promise<Overview> {
  authorise(by, 'look');
  const { settlement, reconciliation, notices } = desks;
  const home = settlement.home(by);
  return {
    status: counterStatus(world, undefined),
    balances: home.balances,
    remind: home.remind,
    openBatch: openBatch(world),
    undecided: undecidedCount(world.db),
    alerts: alerts(world, by, home, reconciliation),
    turnover: await turnover(world, signal),
    lastSettlements: settlement.settlements(by, shownSettlements),
    unread: notices.list(by, 1).unread,
  };
}

/** Gross: what was taken less what was given back in it. */
function openBatch(world: World): Overview['openBatch'] {
  const batch = currentBatch(world.db);
  if (batch?.state !== 'OPEN') return undefined;
  const grossFen = groups
    .map((group) => batch.totals[group])
    .reduce((sum, { debitFen, creditFen }) => sum + debitFen - creditFen, 0);
  const { no, openedAt, records } = batch;
  return { no, openedAt, records, maxRecords: recordLimit(world), grossFen };
}
