import { describe, expect, test } from 'vitest';
import type { Cycle } from '../../../sync/protocol/merchant-data.ts';
import { inTransaction } from '../../../terminal/base/database.ts';
import { keepMerchantRecord } from '../../../terminal/base/merchant-record.ts';
import { businessCalendar, nextBusinessDay } from '../../../terminal/settlement/calendar.ts';
import { lastCutDay, lastRunDay, nextRunDay } from '../../../terminal/settlement/cycle.ts';
import { cutOf } from '../../../terminal/settlement/open-batch.ts';
import { newTill } from '../till.ts';

const daily: Cycle = { every: 'DAILY' };
const weekly = (weekday: 1 | 3 | 4 | 6): Cycle => ({ every: 'WEEKLY', weekday });
const monthly = (monthDay: number): Cycle => ({ every: 'MONTHLY', monthDay });
const builtIn = () => businessCalendar(newTill().db);

function withRecord(holidays: readonly string[], workdays: readonly string[]) {
  const { db } = newTill();
  inTransaction(db, (tx) => keepMerchantRecord(tx, 'calendar', 1, { holidays, workdays }));
  return businessCalendar(db);
}

describe('B-025: business days', () => {
  test.each([
    ['Friday', '2026-11-20', '2026-11-23'],
    ['before National Day, a week of eight days', '2026-09-30', '2026-10-08'],
    ['before the Saturday that is worked for it', '2026-10-09', '2026-10-10'],
    ['that Saturday', '2026-10-10', '2026-10-12'],
    ['before the Spring Festival, with a Saturday worked', '2026-02-13', '2026-02-14'],
    ['the Spring Festival', '2026-02-14', '2026-02-24'],
    ['a year of which nothing is published', '2031-05-02', '2031-05-05'],
  ])('the next one after %s', (_, day, next) => {
    expect(nextBusinessDay(builtIn(), day)).toBe(next);
  });

  test("upstream's calendar wins over the built-in one, in the years of which it says something", () => {
    const calendar = withRecord(['2026-11-23'], ['2026-11-28']);
    expect(nextBusinessDay(calendar, '2026-11-20')).toBe('2026-11-24');
    expect(nextBusinessDay(calendar, '2026-11-27')).toBe('2026-11-28');
    expect(nextBusinessDay(calendar, '2026-09-30')).toBe('2026-10-01');
    expect(nextBusinessDay(calendar, '2025-09-30')).toBe('2025-10-09');
  });

  test('a calendar that never works does not stop anything', () => {
    const days = Array.from({ length: 200 }, (_, i) => new Date(Date.UTC(2026, 0, 1 + i)).toISOString().slice(0, 10));
    expect(nextRunDay(daily, withRecord(days, []), '2026-01-05') > '2026-01-05').toBe(true);
  });
});

describe('B-003: the days on which AUTO settles', () => {
  test.each<[string, Cycle, string, string]>([
    ['daily, on a business day', daily, '2026-11-23', '2026-11-24'],
    ['daily, over a weekend', daily, '2026-11-20', '2026-11-23'],
    ['daily, over a holiday', daily, '2026-09-30', '2026-10-08'],
    ['daily, a Saturday that is worked', daily, '2026-10-09', '2026-10-10'],
    ['weekly, on that day', weekly(3), '2026-11-23', '2026-11-25'],
    ['weekly, a Saturday moves to Monday', weekly(6), '2026-11-20', '2026-11-23'],
    ['weekly, a holiday moves it', weekly(4), '2026-09-25', '2026-10-08'],
    ['weekly, what had moved is not done again', weekly(4), '2026-10-08', '2026-10-15'],
    ['monthly, the day itself', monthly(25), '2026-11-24', '2026-11-25'],
    ['monthly, moved out of a holiday', monthly(1), '2026-09-30', '2026-10-08'],
    ['monthly, over the end of the year', monthly(28), '2026-12-28', '2027-01-28'],
  ])('%s', (_, cycle, after, next) => {
    const calendar = builtIn();
    expect(nextRunDay(cycle, calendar, after)).toBe(next);
    expect(lastRunDay(cycle, calendar, next)).toBe(next);
    // No day between is one.
    expect(
      (lastRunDay(cycle, calendar, new Date(Date.parse(next) - 86_400_000).toISOString().slice(0, 10)) ?? '') <= after,
    ).toBe(true);
  });

  test('B-004: the cut is at the hour in Shanghai, whatever the machine thinks of zones', () => {
    const cut = cutOf({ businessDate: '2026-11-23' }, 23);
    expect(new Date(cut).toISOString()).toBe('2026-11-23T15:00:00.000Z');
    expect([lastCutDay(cut - 1, 23), lastCutDay(cut, 23)]).toEqual(['2026-11-22', '2026-11-23']);
    expect(lastCutDay(cutOf({ businessDate: '2026-11-23' }, 24), 24)).toBe('2026-11-23');
  });
});
