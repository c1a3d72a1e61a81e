import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addFen, fen, formatYuan, mulDivHalfUp, parseYuan, subtractFen, sumFen } from '../../../terminal/base/money.ts';

test.each([0, 1, -1, 999_999_999, Number.MAX_SAFE_INTEGER])('%d is an amount', (value) => {
  expect(fen(value)).toBe(value);
});

test.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('%d is none', (value) => {
  expect(() => fen(value)).toThrow('whole number of fen');
});

test('adding and subtracting stay exact or fail', () => {
  expect([addFen(fen(1), fen(2)), subtractFen(fen(1), fen(2)), sumFen([]), sumFen([fen(1), fen(2), fen(3)])]).toEqual([
    3, -1, 0, 6,
  ]);
  expect(() => addFen(fen(Number.MAX_SAFE_INTEGER), fen(1))).toThrow('whole number of fen');
});

test('a × n ÷ d, half up, is exact at any size', () => {
  const whole = fc.oneof(fc.integer({ min: 0, max: 10_000 }), fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }));
  const divisor = fc.oneof(
    fc.integer({ min: 1, max: 20 }),
    fc.constant(1_000_000),
    fc.integer({ min: 1, max: 999_999_999 }),
  );
  fc.assert(
    fc.property(whole, fc.integer({ min: 0, max: 1_000_000 }), divisor, (a, n, d) => {
      const exact = (2n * BigInt(a) * BigInt(n) + BigInt(d)) / (2n * BigInt(d));
      fc.pre(exact <= BigInt(Number.MAX_SAFE_INTEGER));
      expect(BigInt(mulDivHalfUp(a, n, d))).toBe(exact);
    }),
    { numRuns: 5_000 },
  );
});

describe('yuan for people', () => {
  test.each([
    [0, '0.00'],
    [1, '0.01'],
    [10, '0.10'],
    [100, '1.00'],
    [99_999, '999.99'],
    [100_000, '1,000.00'],
    [999_999_999, '9,999,999.99'],
    [-1, '-0.01'],
    [-123_456_789, '-1,234,567.89'],
  ])('%d fen is %s', (amount, text) => {
    expect(formatYuan(amount)).toBe(text);
  });

  test.each([
    ['12', 1_200],
    ['12.3', 1_230],
    ['12.34', 1_234],
    ['0.29', 29],
    ['1.15', 115],
    [' 7 ', 700],
    ['12,345.67', 1_234_567],
    ['1,234,567', 123_456_700],
  ])('%s yuan is %d fen', (text, amount) => {
    expect(parseYuan(text)).toBe(amount);
  });

  test.each([
    '',
    '.',
    '.5',
    '5.',
    '1.234',
    '-1',
    '+1',
    '1e3',
    '12,34',
    '1,2345',
    ',123',
    '0x10',
    '１２',
    'abc',
    '12345678901',
  ])('%j is no amount', (text) => {
    expect(parseYuan(text)).toBeUndefined();
  });

  test('what is written is read again', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999_999_999 }), (n) => {
        expect(parseYuan(formatYuan(n))).toBe(n);
      }),
    );
  });
});
