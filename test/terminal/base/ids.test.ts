import { expect, test } from 'vitest';
import { newId } from '../../../terminal/base/ids.ts';
import { type Random, systemRandom } from '../../../terminal/base/random.ts';
import { testClock } from '../../support/test-clock.ts';

const random = (byte: number): Random => ({ next: () => 0, bytes: (length) => new Uint8Array(length).fill(byte) });

test('26 signs of Crockford’s base 32: ten of time, sixteen of chance', () => {
  expect(newId(testClock(0), random(0))).toBe('0'.repeat(26));
  expect(newId(testClock(0), random(255))).toBe(`${'0'.repeat(10)}${'Z'.repeat(16)}`);
  expect(newId(testClock(32 * 32 + 5), random(10))).toBe(`0000000105${'A'.repeat(16)}`);
  expect(newId(testClock(), systemRandom)).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
});

test('later ones sort after earlier ones', () => {
  const times = [1, 31, 32, 1_000_000, Date.UTC(2026, 10, 20), Date.UTC(2199, 0, 1)];
  const ids = times.map((time) => newId(testClock(time), systemRandom));
  expect(ids.toSorted()).toEqual(ids);
});

test('ten thousand of one millisecond differ', () => {
  const clock = testClock();
  expect(new Set(Array.from({ length: 10_000 }, () => newId(clock, systemRandom))).size).toBe(10_000);
});
