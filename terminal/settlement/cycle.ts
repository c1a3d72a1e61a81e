import type { Cycle } from '../../sync/protocol/merchant-data.ts';
import { addDays, hourMs, shanghai } from '../base/clock.ts';
import { businessDayFrom, type Calendar, longestBreak, weekdayOf } from './calendar.ts';

/** On which days AUTO settles (B-003, B-004): at the cut-off hour of each business day, or of the first business day from that weekday, or day of the month, on. */

/** The last day whose cut is over at `atMs`, whether or not it was one on which anything was settled. */
export const lastCutDay = (atMs: number, cutoffHour: number): string => shanghai(atMs - cutoffHour * hourMs).day;

const isNominal = (cycle: Cycle, day: string): boolean => {
  if (cycle.every === 'WEEKLY') return weekdayOf(day) === cycle.weekday;
  return cycle.every === 'MONTHLY' ? Number(day.slice(8)) === cycle.monthDay : true;
};

/** The longest distance between two days of a cycle, and the longest break behind it. */
const horizon = 31 + longestBreak;

/** The first day after `day` on which this cycle settles. */
export function nextRunDay(cycle: Cycle, calendar: Calendar, day: string): string {
  // A day of the cycle before it may have moved behind it.
  for (
    let nominal = addDays(day, -longestBreak), i = 0;
    i < longestBreak + horizon;
    i++, nominal = addDays(nominal, 1)
  ) {
    if (!isNominal(cycle, nominal)) continue;
    const run = businessDayFrom(calendar, nominal);
    if (run > day) return run;
  }
  return addDays(day, 1);
}

/** The last day up to `day`, itself among them, on which this cycle settles. */
export function lastRunDay(cycle: Cycle, calendar: Calendar, day: string): string | undefined {
  for (let nominal = day, i = 0; i < horizon; i++, nominal = addDays(nominal, -1)) {
    if (!isNominal(cycle, nominal)) continue;
    const run = businessDayFrom(calendar, nominal);
    if (run <= day) return run;
  }
  return undefined;
}
