import chineseDays from 'chinese-days';
import type { CalendarRecord } from '../protocol/merchant-data.ts';
import { dayMs, dayStart, shanghaiDay } from './shanghai.ts';

/** Business days (B-025): Monday to Friday, but for the holidays and make-up days of a calendar. */

/** A batch clears before the day's work begins. */
const clearingMs = 2 * 3_600_000;

const isWeekend = (day: string): boolean => [0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay());
const dayAfter = (day: string): string => shanghaiDay(dayStart(day) + dayMs);

/** The days that differ in the year before, the year and the year after, as far as they are published. */
export function builtInCalendar(now: number): CalendarRecord {
  const year = Number(shanghaiDay(now).slice(0, 4));
  const record: CalendarRecord = { holidays: [], workdays: [] };
  for (let day = `${year - 1}-01-01`; day < `${year + 2}-01-01`; day = dayAfter(day)) {
    if (chineseDays.isWorkday(day) !== isWeekend(day)) continue;
    (isWeekend(day) ? record.workdays : record.holidays).push(day);
  }
  return record;
}

export function isBusinessDay(day: string, { holidays, workdays }: CalendarRecord): boolean {
  return isWeekend(day) ? workdays.includes(day) : !holidays.includes(day);
}

/** The moment at which what was taken on `day` clears: 02:00 of the next business day. */
export function clearingTime(day: string, calendar: CalendarRecord): number {
  let next = dayAfter(day);
  while (!isBusinessDay(next, calendar)) next = dayAfter(next);
  return dayStart(next) + clearingMs;
}
