import type { Cycle } from '../../sync/protocol/merchant-data.ts';

/** The days of a quarter, by a table of its own: what the programs make of the State Council's notice is held against it. */

/** Weekdays on which nobody works: 中秋节 and 国庆节 of 2026. */
const holidays: ReadonlySet<string> = new Set([
  '2026-09-25',
  '2026-10-01',
  '2026-10-02',
  '2026-10-05',
  '2026-10-06',
  '2026-10-07',
]);
/** Weekend days that are worked for them. */
const workdays: ReadonlySet<string> = new Set(['2026-09-20', '2026-10-10']);

export const nextDay = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);

/** 0 Sunday … 6 Saturday. */
const weekday = (day: string): number => new Date(`${day}T00:00:00Z`).getUTCDay();

const isBusinessDay = (day: string): boolean =>
  workdays.has(day) || (!holidays.has(day) && weekday(day) !== 0 && weekday(day) !== 6);

/** T+1: on which cards that were taken on a day clear (B-025). */
export function clearingDay(day: string): string {
  let next = nextDay(day);
  while (!isBusinessDay(next)) next = nextDay(next);
  return next;
}

/** Both included. */
export function daysFrom(first: string, last: string): readonly string[] {
  const days: string[] = [];
  for (let day = first; day <= last; day = nextDay(day)) days.push(day);
  return days;
}

/** A mode that holds from the cut of a day on. */
export interface Phase {
  readonly from: string;
  readonly mode: 'AUTO' | 'MANUAL' | 'REALTIME';
  readonly cycle?: Cycle;
}

export const phaseOf = (phases: readonly Phase[], day: string): Phase | undefined =>
  phases.findLast(({ from }) => from <= day);

const isOfCycle = (cycle: Cycle, day: string): boolean => {
  if (cycle.every === 'WEEKLY') return weekday(day) === cycle.weekday % 7;
  return cycle.every === 'DAILY' || Number(day.slice(8)) === cycle.monthDay;
};

/** The business days on which AUTO settles: those of the cycle, and those to which such a day was put off because nobody worked on it nor until then. */
export function cutDays(phases: readonly Phase[], first: string, last: string): readonly string[] {
  let [phase, isOwed]: [Phase | undefined, boolean] = [undefined, false];
  return daysFrom(first, last).filter((day) => {
    const now = phaseOf(phases, day);
    if (now !== phase) [phase, isOwed] = [now, false];
    if (now?.mode !== 'AUTO' || !now.cycle) return false;
    isOwed ||= isOfCycle(now.cycle, day);
    const isCut = isOwed && isBusinessDay(day);
    if (isCut) isOwed = false;
    return isCut;
  });
}
