import { inTransaction } from '../base/database.ts';
import type { Calendar } from '../settlement/calendar.ts';
import { dropCut, keepLastCut, lastCutOf, nextCutOf, planCut, stopAlarm } from '../settlement/cut-plan.ts';
import { calendarOf, cycleWord, modeOf } from '../settlement/mode.ts';
import { cutOf } from '../settlement/open-batch.ts';
import { maySettle, settleAsSys, settleableFen } from './settle-as-sys.ts';
import type { World } from './world.ts';

/**
 * 自动结算 (B-003, B-004): at the cut of a cycle everything that is available is settled. The day of the next cut stands in the book, and the transaction that settles it moves it on: so,
 * however many cuts a terminal was off over, they are caught up once, and a clock that is set back settles nothing again. It waits for the gate (races.md) and for an account. A mode, cycle
 * or calendar that changed holds from its row on: what was not settled by then is planned anew with it.
 */
export async function settleAtCut(world: World): Promise<void> {
  if (!wantsCalendar(world)) return;
  // The tables of days are large: a start and a sale do without them.
  const [{ businessCalendar }, cycles] = await Promise.all([
    import('../settlement/calendar.ts'),
    import('../settlement/cycle.ts'),
  ]);
  // Much may have happened meanwhile.
  if (world.db.open && wantsCalendar(world)) settleOrPlan(world, businessCalendar(world.db), cycles);
}

type Cycles = typeof import('../settlement/cycle.ts');

const planWord = ({ db }: World): string => `${cycleWord(modeOf(db).cycle)}@${calendarOf(db)?.rev ?? 0}`;

/** Whether there is something to settle or to plan. */
function wantsCalendar(world: World): boolean {
  const { db } = world;
  const next = nextCutOf(db);
  if (modeOf(db).mode !== 'AUTO') {
    if (next) inTransaction(db, dropCut);
    return false;
  }
  if (!next || world.clock.now() < next.atMs) return next?.plan !== planWord(world);
  if (maySettle(world, next.cut)) return true;
  stopAlarm(db);
  return false;
}

function settleOrPlan(world: World, calendar: Calendar, { lastCutDay, lastRunDay, nextRunDay }: Cycles): void {
  const { db, clock } = world;
  const { cutoffHour } = world.config.limits;
  const { cycle } = modeOf(db);
  const overDay = lastCutDay(clock.now(), cutoffHour);
  const lastCut = lastCutOf(db) ?? '';
  const planned = nextCutOf(db);
  const over = lastRunDay(cycle, calendar, overDay);
  const isDue = planned !== undefined && over !== undefined && over >= planned.cut && over > lastCut;
  const day = nextRunDay(cycle, calendar, overDay > lastCut ? overDay : lastCut);
  const following = { cut: day, plan: planWord(world), atMs: cutOf({ businessDate: day }, cutoffHour) };
  if (!isDue) {
    inTransaction(db, (tx) => planCut(tx, following));
    return;
  }
  settleAsSys(world, { mode: 'AUTO', amountFen: settleableFen(world), cut: over }, (tx) => {
    keepLastCut(tx, over);
    planCut(tx, following);
  });
}
