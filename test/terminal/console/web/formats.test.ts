import { describe, expect, it, test } from 'vitest';
import { age, fenOf, shanghaiDay, shanghaiTime, yuan, yuanWithSign } from '../../../../terminal/console/web/formats.ts';

test.each([
  [0, '0.00', '¥0.00'],
  [5, '0.05', '¥0.05'],
  [99_999, '999.99', '¥999.99'],
  [100_000, '1,000.00', '¥1,000.00'],
  [123_456_789, '1,234,567.89', '¥1,234,567.89'],
  [-123_456, '−1,234.56', '−¥1,234.56'],
])('an amount of %i fen is shown as %s', (fen, plain, signed) => {
  expect(yuan(fen)).toBe(plain);
  expect(yuanWithSign(fen)).toBe(signed);
});

test.each([
  ['0.1', 10],
  ['1234', 123_400],
  ['1,234.5', 123_450],
  ['¥ 8.08', 808],
  ['￥999999999.99', 99_999_999_999],
])('B-005 %s is an amount that a person may write', (text, fen) => {
  expect(fenOf(text)).toBe(fen);
});

test.each(['', 'x', '1.234', '-5', '1e3', '.5', '1.', '0x10', '１２'])('B-005 %s is none', (text) => {
  expect(fenOf(text)).toBeUndefined();
});

describe('times', () => {
  it('are those of Shanghai, wherever the browser is', () => {
    expect(shanghaiTime(Date.UTC(2026, 10, 22, 15, 59, 59))).toBe('2026-11-22 23:59:59');
    expect(shanghaiTime(Date.UTC(2026, 10, 22, 16, 0, 0))).toBe('2026-11-23 00:00:00');
    expect(shanghaiDay(Date.UTC(2026, 11, 31, 16, 0, 0))).toBe('2027-01-01');
  });

  it('tell how long something lasts', () => {
    expect(age((2 * 24 + 3) * 3_600_000 + 59_000)).toEqual({ days: 2, hours: 3, minutes: 0, seconds: 59 });
    expect(age(-5_000)).toEqual({ days: 0, hours: 0, minutes: 0, seconds: 0 });
  });
});
