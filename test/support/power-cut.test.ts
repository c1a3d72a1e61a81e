import { afterEach, expect, it } from 'vitest';
import type { CrashPoint } from '../../terminal/base/crash-points.ts';
import { cutPowerAt, powerGoesAt } from './power-cut.ts';
import { startTestSystem, type TestSystem } from './terminal.ts';

let system: TestSystem;
afterEach(() => system.stop());

const newest = (): string =>
  system.db
    .prepare<[], string>("SELECT state || ' ' || coalesce(reversal_code, '-') FROM payment ORDER BY id DESC")
    .pluck()
    .get() ?? 'no payment';

it.each<[CrashPoint, string, number]>([
  ['sale.in-intent', 'no payment', 0],
  ['sale.after-intent', 'REVERSED 25', 0],
  ['sale.after-send', 'REVERSED 00', 0],
  ['sale.in-result', 'REVERSED 00', 0],
  ['sale.after-result', 'PAID -', 0],
  ['sale.printed', 'PAID -', 2],
])('a sale when the power goes at %s: %s', async (point, state, slips) => {
  system = await startTestSystem();
  await cutPowerAt(system, point, (signal) => system.sell(10_000, { signal }));
  expect(newest()).toBe(state);
  expect(system.slips()).toHaveLength(slips);
  expect(await system.problems()).toEqual([]);
});

it('a ghost says nothing to the host, nor to the printer', async () => {
  system = await startTestSystem();
  expect(await powerGoesAt(system, 'sale.after-intent', (signal) => system.sell(10_000, { signal }))).toBeDefined();
  expect(system.host.count('SELECT count(*) FROM approvals')).toBe(0);
  expect(system.slips()).toEqual([]);
  await system.startTerminal();
  await system.ready();
  expect(newest()).toBe('REVERSED 25');
});

it('a point that is not reached leaves the terminal as it is', async () => {
  system = await startTestSystem();
  expect(await powerGoesAt(system, 'close.in-freeze', (signal) => system.sell(10_000, { signal }))).toBeUndefined();
  expect(newest()).toBe('PAID -');
  await expect(
    cutPowerAt(system, 'close.in-freeze', (signal) => system.sell(10_000, { signal }), { patienceMs: 0 }),
  ).rejects.toThrow('close.in-freeze was not reached');
});

it('the power goes while the start recovers', async () => {
  system = await startTestSystem();
  expect(await powerGoesAt(system, 'sale.card-read', (signal) => system.sell(10_000, { signal }))).toBeDefined();
  await cutPowerAt(system, 'sale.in-doubt', () => system.startTerminal());
  expect(newest()).toBe('REVERSED 25');
  expect(await system.problems()).toEqual([]);
});
