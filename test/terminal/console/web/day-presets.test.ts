import { expect, test } from 'vitest';
import {
  daysOf,
  presetNames,
  presetOf,
  presetRange,
  shiftDay,
} from '../../../../terminal/console/web/parts/day-presets.ts';

test.each([
  ['today', '2026-11-22', '2026-11-22', '2026-11-22'],
  ['yesterday', '2026-01-01', '2025-12-31', '2025-12-31'],
  ['week', '2026-03-03', '2026-02-25', '2026-03-03'],
  ['thisMonth', '2026-11-01', '2026-11-01', '2026-11-01'],
  ['lastMonth', '2026-01-15', '2025-12-01', '2025-12-31'],
  ['lastMonth', '2024-03-31', '2024-02-01', '2024-02-29'],
] as const)('%s on %s is from %s to %s', (name, today, from, to) => {
  expect(presetRange(name, today)).toEqual({ from, to });
});

test('a range that is a preset shows as one; the first of a month is today before it is this month', () => {
  for (const name of presetNames) expect(presetOf(presetRange(name, '2026-11-22'), '2026-11-22')).toBe(name);
  expect(presetOf({ from: '2026-11-01', to: '2026-11-01' }, '2026-11-01')).toBe('today');
  expect(presetOf({ from: '2026-11-02', to: '2026-11-05' }, '2026-11-22')).toBeUndefined();
  expect(presetOf({}, '2026-11-22')).toBeUndefined();
});

test('days go over the ends of months and years', () => {
  expect(shiftDay('2024-02-28', 1)).toBe('2024-02-29');
  expect(shiftDay('2026-12-31', 1)).toBe('2027-01-01');
});

test('of an address only what is a day counts', () => {
  expect(daysOf({ from: '2026-11-01', to: 'tomorrow', other: '2026-11-02' })).toEqual({ from: '2026-11-01' });
});
