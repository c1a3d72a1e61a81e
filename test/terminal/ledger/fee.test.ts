import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fen } from '../../../terminal/base/money.ts';
import type { EntryMode } from '../../../terminal/ledger/accounts.ts';
import { chooseRate, feeOf, feeOnRefund, feeParams, parseRatePpm } from '../../../terminal/ledger/fee.ts';

const usual = feeParams();

describe('vectors of accounting.md §4.1', () => {
  test.each([
    [1, 3800, null, 0],
    [131, 3800, null, 0],
    [132, 3800, null, 1],
    [8333, 6000, null, 50],
    [400_000, 5000, 2000, 2000],
    [399_900, 5000, null, 2000],
    [399_900, 5000, 2000, 2000],
  ])('%d fen at %d ppm, cap %s → %d fen', (amount, ppm, capFen, fee) => {
    expect(feeOf(fen(amount), { id: 'r', ppm, capFen })).toBe(fee);
  });

  test.each([
    ['CONTACTLESS', 100_000, 380],
    ['CONTACTLESS', 100_001, 600],
    ['CHIP', 100_000, 600],
    ['MAG', 100_000, 600],
    ['MAG', 1, 0],
    ['QR_WECHAT', 1_000_000, 3800],
    ['QR_ALIPAY', 1_000_000, 3800],
    ['QR_UNIONPAY', 1_000_000, 3800],
  ] as const)('%s %d fen → %d fen', (entry, amount, fee) => {
    expect(feeOf(fen(amount), chooseRate(entry, fen(amount), usual))).toBe(fee);
  });
});

test('P-32: 0.38 % by card if and only if contactless and at most 1000.00', () => {
  const card = fc.constantFrom<EntryMode>('MAG', 'CHIP', 'CONTACTLESS');
  const amount = fc.oneof(fc.integer({ min: 1, max: 999_999_999 }), fc.integer({ min: 99_990, max: 100_010 }));
  fc.assert(
    fc.property(card, amount, (entry, gross) => {
      const discounted = chooseRate(entry, fen(gross), usual).ppm === 3800;
      expect(discounted).toBe(entry === 'CONTACTLESS' && gross <= 100_000);
    }),
  );
});

test('equals decimal.js, rounding half up, also beyond what doubles hold exactly', () => {
  const amount = fc.oneof(
    fc.integer({ min: 0, max: 999_999_999 }),
    fc.integer({ min: 0, max: 9_999_999 }).map((n) => n * 100),
    fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
  );
  const Wide = Decimal.clone({ precision: 60 });
  fc.assert(
    fc.property(amount, fc.integer({ min: 0, max: 1_000_000 }), (gross, ppm) => {
      const exact = new Wide(gross).times(ppm).div(1_000_000).toDecimalPlaces(0, Decimal.ROUND_HALF_UP);
      const fee = feeOf(fen(gross), { id: 'r', ppm, capFen: null });
      expect(fee).toBe(exact.toNumber());
      expect(fee).toBeLessThanOrEqual(gross);
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ['0.38%', 3800],
  ['0.60%', 6000],
  ['0.5%', 5000],
  ['100%', 1_000_000],
  ['0%', 0],
  ['0.0038', 3800],
  ['1', 1_000_000],
  ['0.0001%', 1],
])('a rate of %s is %d ppm', (text, ppm) => {
  expect(parseRatePpm(text)).toBe(ppm);
});

test.each(['', '%', 'x', '-1%', '0.38 %', '.5%', '1e-3', '100.0001%', '2', '0.00001%', '0,38%', '０.38%', '1%%'])(
  'a rate of %j is refused',
  (text) => {
    expect(() => parseRatePpm(text)).toThrow(expect.objectContaining({ code: 'BAD_REQUEST' }));
  },
);

test('the host’s parameters say the rates; what they leave out is as in constants.md', () => {
  const params = feeParams({ 'fee.card.normalPpm': 5500, 'fee.qr.ppm': '0.20%', 'fee.contactless.maxFen': 50_000 });
  expect(params.normal).toEqual({ id: 'normal:5500', ppm: 5500, capFen: null });
  expect(params.code.ppm).toBe(2000);
  expect(params.contactless).toEqual({ id: 'contactless:3800', ppm: 3800, capFen: null });
  expect(chooseRate('CONTACTLESS', fen(50_001), params)).toBe(params.normal);
});

test.each([
  ['fee.card.normalPpm', -1],
  ['fee.card.normalPpm', 1_000_001],
  ['fee.card.normalPpm', 0.5],
  ['fee.qr.ppm', true],
  ['fee.qr.ppm', 'much'],
  ['fee.contactless.maxFen', Number.NaN],
])('a parameter %s of %j is refused', (name, value) => {
  expect(() => feeParams({ [name]: value })).toThrow(expect.objectContaining({ code: 'BAD_REQUEST' }));
});

describe('fee on refund (accounting.md §4.2)', () => {
  interface Case {
    readonly of: readonly [grossFen: number, feeFen: number];
    /** R of each; `fails`: it failed later, so it counts for nothing. */
    readonly refunds: readonly (readonly [amountFen: number, feeFen: number, fails?: 'fails'])[];
  }
  const cases: readonly Case[] = [
    {
      of: [10_000, 60],
      refunds: [
        [3_333, 20],
        [3_333, 20],
        [3_334, 20],
      ],
    },
    {
      of: [131, 1],
      refunds: [
        [50, 0],
        [50, 1],
        [31, 0],
      ],
    },
    {
      of: [131, 1],
      refunds: [
        [50, 0],
        [50, 1, 'fails'],
        [81, 1],
      ],
    },
    { of: [10_000, 60], refunds: [[10_000, 60]] },
    { of: [1, 1], refunds: [[1, 1]] },
    {
      of: [999_999_999, 6_000_000],
      refunds: [
        [999_999_998, 6_000_000],
        [1, 0],
      ],
    },
  ];
  test.each(cases)('$of: $refunds', ({ of: [gross, fee], refunds }) => {
    let [refundedFen, refundedFeeFen] = [fen(0), fen(0)];
    for (const [amount, expected, fails] of refunds) {
      const base = { grossFen: fen(gross), feeFen: fen(fee), refundedFen, refundedFeeFen };
      const part = feeOnRefund(base, fen(amount), false);
      expect(part).toBe(expected);
      expect(feeOnRefund(base, fen(amount), true)).toBe(0);
      if (fails) continue;
      refundedFen = fen(refundedFen + amount);
      refundedFeeFen = fen(refundedFeeFen + part);
    }
  });

  test('in any pieces, with failures between them: 0 ≤ f ≤ R, Σf ≤ F, and a full refund returns exactly F (P-14)', () => {
    const share = fc.record({ weight: fc.integer({ min: 1, max: 1_000 }), fails: fc.boolean() });
    const payment = fc.record({
      gross: fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 999_999_999 })),
      ppm: fc.oneof(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 0, max: 1_000_000 })),
    });
    fc.assert(
      fc.property(payment, fc.array(share, { maxLength: 8 }), ({ gross, ppm }, shares) => {
        const grossFen = fen(gross);
        const feeFen = feeOf(grossFen, { id: 'r', ppm, capFen: null });
        let [refundedFen, refundedFeeFen] = [fen(0), fen(0)];
        const refund = (amount: number, fails: boolean) => {
          const f = feeOnRefund({ grossFen, feeFen, refundedFen, refundedFeeFen }, fen(amount), false);
          expect(f).toBeGreaterThanOrEqual(0);
          expect(f).toBeLessThanOrEqual(amount);
          if (fails) return;
          refundedFen = fen(refundedFen + amount);
          refundedFeeFen = fen(refundedFeeFen + f);
          expect(refundedFeeFen).toBeLessThanOrEqual(feeFen);
          // What clearing leaves is never less than its fee (J-06b).
          expect(grossFen - refundedFen).toBeGreaterThanOrEqual(feeFen - refundedFeeFen);
        };
        for (const { weight, fails } of shares) {
          const amount = Math.floor(((grossFen - refundedFen) * weight) / 1_001);
          if (amount > 0) refund(amount, fails);
        }
        if (refundedFen < grossFen) refund(grossFen - refundedFen, false);
        expect(refundedFeeFen).toBe(feeFen);
      }),
      { numRuns: 3_000 },
    );
  });
});
