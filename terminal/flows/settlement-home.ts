import { shanghai } from '../base/clock.ts';
import { fen } from '../base/money.ts';
import { parameter } from '../base/parameters.ts';
import { balanceOf, balances } from '../ledger/queries.ts';
import { unclearedOfBatch } from '../payments/queries.ts';
import { openApplication } from '../settlement/apply.ts';
import { businessCalendar, type Calendar, nextBusinessDay } from '../settlement/calendar.ts';
import { lastCutOf, nextCutOf } from '../settlement/cut-plan.ts';
import { modeOf, profileOf } from '../settlement/mode.ts';
import { accountVersions, batchesNotCleared } from '../settlement/queries.ts';
import { getAccount } from '../settlement/store.ts';
import { settleObstacles } from './settle-obstacles.ts';
import type { AccountView, SettlementHome } from './settlement-desk.ts';
import type { World } from './world.ts';

/** Step 1 (B-008, B-015): what there is, how and where to it is settled, and what stands in the way. */
export function settlementHome(world: World): SettlementHome {
  const { db, clock } = world;
  const calendar = businessCalendar(db);
  const mode = modeOf(db);
  const today = shanghai(clock.now()).day;
  const own = balances(db);
  const profile = profileOf(db);
  const next = nextCutOf(db);
  const asked = openApplication(db, 'mode')?.facts.record;
  const remindFen = profile?.remindFromFen ?? 0;
  const accounts = accountVersions(db).map(accountView);
  const version = getAccount(db)?.version;
  return {
    balances: { ...own, owedFen: balanceOf(db, '1202'), keepFen: fen(parameter(db, 'settle.keepFen')) },
    mode,
    modeAsked: asked && { mode: asked.mode as typeof mode.mode, cycle: asked.cycle ?? mode.cycle },
    nextCut: next && { day: next.cut, at: next.atMs },
    lastCut: lastCutOf(db),
    account: accounts.find((account) => account.version === version),
    accounts,
    profile,
    obstacles: settleObstacles(world).map(({ code }) => code),
    expectedArrival: mode.mode === 'REALTIME' ? today : nextBusinessDay(calendar, today),
    remind: remindFen > 0 && own.availableFen + own.unclearedFen >= remindFen,
    clearingOverdue: overdue(world, calendar, today),
  };
}

function accountView({
  version,
  state,
  name,
  maskedNumber,
  bank,
  destination,
  reason,
}: ReturnType<typeof accountVersions>[number]): AccountView {
  return { version, state, name, maskedNumber, bank, destination, reason: reason ?? undefined };
}

/** CLEARING_OVERDUE (states.md 3): cards of a batch were to be cleared on the business day after it, and were not by the end of that day. Nothing waits for it but a person. */
function overdue({ db }: World, calendar: Calendar, today: string): SettlementHome['clearingOverdue'] {
  return batchesNotCleared(db)
    .map((batch) => ({ batch, expected: nextBusinessDay(calendar, batch.businessDate) }))
    .filter(
      ({ batch, expected }) => today >= nextBusinessDay(calendar, expected) && unclearedOfBatch(db, batch).length > 0,
    )
    .map(({ batch, expected }) => ({ batch: batch.no, expected }));
}
