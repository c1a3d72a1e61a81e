import { afterEach, describe, expect, test } from 'vitest';
import { clearingTime, isBusinessDay } from '../../../sync/host/calendar.ts';
import { Upstream } from '../../../sync/host/upstream.ts';
import { order } from './ask-desk.ts';
import { startHost, type TestHost } from './start-host.ts';
import { Till } from './till.ts';

/** When a closed batch clears (states.md 3, clearing 1). The day of the tests is Friday, 2026-11-20, ten in the morning in Shanghai. */

const hourMs = 3_600_000;
const shanghai = (ms: number) => new Date(ms + 8 * hourMs).toISOString().slice(0, 16);

describe('B-025: T+1 is the next business day, at two in the morning', () => {
  const calendar = { holidays: ['2026-11-23', '2026-10-01'], workdays: ['2026-11-28'] };

  test.each([
    ['a Thursday', '2026-11-19', '2026-11-20T02:00'],
    ['a Friday, with a holiday after the weekend', '2026-11-20', '2026-11-24T02:00'],
    ['a Saturday', '2026-11-21', '2026-11-24T02:00'],
    ['the day before a make-up Saturday', '2026-11-27', '2026-11-28T02:00'],
    ['the last day of a year', '2026-12-31', '2027-01-01T02:00'],
  ])('of %s', (_, day, time) => {
    expect(shanghai(clearingTime(day, calendar))).toBe(time);
  });

  test('business days', () => {
    const days = ['2026-11-20', '2026-11-21', '2026-11-23', '2026-11-28'];
    expect(days.map((day) => isBusinessDay(day, calendar))).toEqual([true, false, false, true]);
  });
});

describe('a batch that clears on the next business day', () => {
  let host: TestHost;
  let till: Till;
  afterEach(async () => {
    expect(host.failures).toEqual([]);
    await host.stop();
  });
  const begin = async () => {
    host = await startHost({ parameters: { clearing: 'next-business-day' } });
    till = new Till(host);
    await till.signIn();
    await till.pay({ amountFen: 100_000 });
  };
  const cleared = async () => (await till.down('batch-cleared')).map(({ body }) => body.clearingDate);
  const toMonday = 64 * hourMs;

  test('waits over the weekend, is paid for then, and the link is woken', async () => {
    await begin();
    await till.close();
    await host.clock.advance(toMonday - 1);
    expect(await cleared()).toEqual([]);
    expect(await till.down('funds-received')).toEqual([]);
    host.woken.length = 0;
    await host.clock.advance(1);
    expect(await cleared()).toEqual(['2026-11-23']);
    expect((await till.down('funds-received')).map(({ body }) => body.amountFen)).toEqual([100_000]);
    expect(host.woken).toEqual(['00000001']);
    await till.postClearing();
    expect(await till.down('mirror-differs')).toEqual([]);
  });

  test('that was closed too late for its day clears at once', async () => {
    await begin();
    await host.clock.advance(toMonday + 1);
    await till.close();
    await host.clock.advance(0);
    expect(await cleared()).toEqual(['2026-11-23']);
  });

  test('is cleared after a restart of the host over that time, once', async () => {
    await begin();
    await till.close();
    await host.upstream.stop();
    await host.clock.advance(toMonday + hourMs);
    const restarted = new Upstream(host.host, (error) => host.failures.push(error));
    restarted.start();
    await host.clock.advance(86_400_000);
    expect(await cleared()).toEqual(['2026-11-23']);
    await restarted.stop();
  });

  test('by hand before that day is not cleared twice', async () => {
    await begin();
    await till.close();
    await order(host, till, { command: 'clear-batch', batch: '000001', except: [] });
    await host.clock.advance(toMonday);
    expect(await cleared()).toEqual(['2026-11-20']);
  });

  test.each([
    ['later, for a holiday', { holidays: ['2026-11-23'], workdays: [] }, '2026-11-24'],
    ['sooner, for a make-up day', { holidays: [], workdays: ['2026-11-21'] }, '2026-11-21'],
  ])('B-025: goes by the calendar as it is when it clears: %s', async (_, calendar, on) => {
    await begin();
    await till.close();
    await order(host, till, { command: 'set-calendar', ...calendar });
    await host.clock.advance(toMonday + 24 * hourMs);
    expect(await cleared()).toEqual([on]);
  });

  test('goes by the calendar that upstream set', async () => {
    await begin();
    await order(host, till, { command: 'set-calendar', holidays: ['2026-11-23'], workdays: [] });
    await till.close();
    await host.clock.advance(toMonday);
    expect(await cleared()).toEqual([]);
    await host.clock.advance(24 * hourMs);
    expect(await cleared()).toEqual(['2026-11-24']);
  });
});
