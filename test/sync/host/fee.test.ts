import { expect, test } from 'vitest';
import { chooseRate, feeFen } from '../../../sync/host/fee.ts';

const policy = { normalPpm: 6000, contactlessPpm: 3800, contactlessMaxFen: 100_000, qrPpm: 3800 };

// accounting.md §4.1, and the largest amounts that do not fit a double.
test.each([
  { gross: 1, ppm: 3800, cap: null, fee: 0 },
  { gross: 131, ppm: 3800, cap: null, fee: 0 },
  { gross: 132, ppm: 3800, cap: null, fee: 1 },
  { gross: 100_000, ppm: 3800, cap: null, fee: 380 },
  { gross: 100_001, ppm: 6000, cap: null, fee: 600 },
  { gross: 8333, ppm: 6000, cap: null, fee: 50 },
  { gross: 400_000, ppm: 5000, cap: 2000, fee: 2000 },
  { gross: 399_900, ppm: 5000, cap: 2000, fee: 2000 },
  { gross: 9_007_199_254_740_991, ppm: 6000, cap: null, fee: 54_043_195_528_446 },
  { gross: 9_007_199_254_740_991, ppm: 1_000_000, cap: null, fee: 9_007_199_254_740_991 },
])('fee of $gross fen at $ppm ppm, cap $cap, is $fee', ({ gross, ppm, cap, fee }) => {
  expect(feeFen(gross, { ppm, capFen: cap })).toBe(fee);
});

test('a tie is rounded up', () => {
  expect(feeFen(1, { ppm: 500_000, capFen: null })).toBe(1);
  expect(feeFen(1, { ppm: 499_999, capFen: null })).toBe(0);
});

test.each([
  { entry: 'CONTACTLESS', amountFen: 100_000, id: 'contactless-3800' },
  { entry: 'CONTACTLESS', amountFen: 100_001, id: 'card-6000' },
  { entry: 'MAG', amountFen: 1, id: 'card-6000' },
  { entry: 'CHIP', amountFen: 100_000, id: 'card-6000' },
] as const)('E-070…E-072: $entry of $amountFen fen is charged $id', ({ entry, amountFen, id }) => {
  expect(chooseRate(policy, entry, amountFen).id).toBe(id);
});
