import chineseDays from 'chinese-days';
import { addDays } from '../base/clock.ts';
import type { Database } from '../base/database.ts';
import { calendarOf } from './mode.ts';

/**
 * Business days (B-025): Monday to Friday without holidays, and the weekend days that are worked for them. Upstream's calendar wins; for the years of which it says nothing, the built-in
 * one (package chinese-days, the State Council's notices) holds. A start should not have to load this file: its tables are large.
 */
export interface Calendar {
  isBusinessDay(day: string): boolean;
}

/** 1 Monday … 7 Sunday. */
export const weekdayOf = (day: string): number => new Date(`${day}T00:00:00Z`).getUTCDay() || 7;

export function businessCalendar(db: Database): Calendar {
  const own = calendarOf(db)?.record;
  if (!own) return { isBusinessDay: (day) => chineseDays.isWorkday(day) };
  const [holidays, workdays] = [new Set(own.holidays), new Set(own.workdays)];
  const years = new Set([...holidays, ...workdays].map(yearOf));
  return {
    isBusinessDay(day) {
      if (holidays.has(day)) return false;
      if (workdays.has(day)) return true;
      return years.has(yearOf(day)) ? weekdayOf(day) <= 5 : chineseDays.isWorkday(day);
    },
  };
}

const yearOf = (day: string): string => day.slice(0, 4);

/** The first business day from `day` on, itself among them. */
export function businessDayFrom(calendar: Calendar, day: string): string {
  let found = day;
  for (let i = 0; i < longestBreak && !calendar.isBusinessDay(found); i++) found = addDays(found, 1);
  return found;
}

/** No calendar closes for longer; a record that says so must not stop the terminal. */
export const longestBreak = 60;

export const nextBusinessDay = (calendar: Calendar, day: string): string => businessDayFrom(calendar, addDays(day, 1));
