import { expect, test } from 'vitest';
import { shanghai } from '../../../terminal/base/clock.ts';

test.each([
  [Date.UTC(2026, 10, 21, 17, 43, 10), '2026-11-22', '01:43:10'],
  [Date.UTC(2026, 10, 21, 15, 59, 59, 999), '2026-11-21', '23:59:59'],
  [Date.UTC(2026, 10, 21, 16), '2026-11-22', '00:00:00'],
  [Date.UTC(2028, 1, 28, 16), '2028-02-29', '00:00:00'],
  [0, '1970-01-01', '08:00:00'],
])('%d is %s %s in Shanghai', (atMs, day, time) => {
  expect(shanghai(atMs)).toEqual({ day, time });
});
