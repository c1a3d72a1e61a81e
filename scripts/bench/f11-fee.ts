import { Decimal } from 'decimal.js';
import { type Fen, fen } from '../../terminal/base/money.ts';
import { type FeeRate, feeOf } from '../../terminal/ledger/fee.ts';
import { type Figure, goalOf } from './figure.ts';

/** F11: the fee in integers beside decimal.js. Only the fee by now; the allocation of a split comes with splits. */
export const f11: Figure = {
  name: 'F11',
  title: 'fee: integers beside decimal.js',
  async run(say) {
    const cases = makeCases(1_000_000);
    const equal = countEqual(cases);
    say(`${cases.length} cases, ${equal.ties} exact ties; equal to decimal.js: ${equal.all}`);
    const ratios: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const decimalNs = nsPerCall(() => decimalRound(cases));
      const oursNs = nsPerCall(() => oursRound(cases));
      ratios.push(decimalNs / oursNs);
      say(`decimal.js ${decimalNs.toFixed(0)} ns, ours ${oursNs.toFixed(1)} ns a call`);
    }
    return [
      goalOf('fee per call, times as fast as decimal.js', ratios, 30, 'higher'),
      goalOf('fees equal to decimal.js', [equal.all / cases.length], 1, 'higher'),
      goalOf('ties equal to decimal.js', [equal.equalTies / equal.ties], 1, 'higher'),
    ];
  },
};

const rounds = 5;
const callsPerRound = 200_000;

interface Case {
  readonly amount: Fen;
  readonly rate: FeeRate;
  /** As a program with decimal.js would keep it: made once. */
  readonly decimalRate: Decimal;
}

/** Rates of 0.0001 % to 2 %, with and without a cap, amounts up to nine digits; every second amount gives an exact half fen, where there is one. */
function makeCases(count: number): readonly Case[] {
  const next = seeded(11);
  const rates = Array.from({ length: 1_000 }, (_, i) => {
    const ppm = i < 4 ? ([3800, 5000, 6000, 1][i] ?? 1) : 1 + Math.floor(next() * 20_000);
    return {
      rate: { id: `r${i}`, ppm, capFen: i % 4 === 1 ? 2000 : null },
      decimalRate: new Decimal(ppm).div(1_000_000),
    };
  });
  return Array.from({ length: count }, (_, i) => {
    const { rate, decimalRate } = rates[Math.floor(next() * rates.length)] ?? rates[0] ?? fail();
    const any = 1 + Math.floor(next() * 999_999_998);
    return { amount: fen(i % 2 === 0 ? any : (tieNear(any, rate.ppm) ?? any)), rate, decimalRate };
  });
}

/** An amount near `any` whose fee is exactly half a fen over a whole number: 500 000 ÷ gcd, times an odd number. */
function tieNear(any: number, ppm: number): number | undefined {
  const step = 500_000 / gcd(ppm, 1_000_000);
  if (!Number.isInteger(step)) return undefined;
  const odd = Math.floor(any / step) | 1;
  return step * odd <= 999_999_999 ? step * odd : step;
}

function countEqual(cases: readonly Case[]): {
  readonly all: number;
  readonly ties: number;
  readonly equalTies: number;
} {
  let [all, ties, equalTies] = [0, 0, 0];
  for (const one of cases) {
    const equal = feeOf(one.amount, one.rate) === decimalFee(one);
    const tie = (one.amount * one.rate.ppm) % 1_000_000 === 500_000;
    if (equal) all += 1;
    if (tie) ties += 1;
    if (tie && equal) equalTies += 1;
  }
  return { all, ties, equalTies };
}

function decimalFee({ amount, rate, decimalRate }: Case): number {
  const fee = new Decimal(amount).times(decimalRate).toDecimalPlaces(0, Decimal.ROUND_HALF_UP).toNumber();
  return rate.capFen === null ? fee : Math.min(fee, rate.capFen);
}

/** Sums, so that no call can be left out. */
function decimalRound(cases: readonly Case[]): number {
  let sum = 0;
  for (let i = 0; i < callsPerRound; i++) sum += decimalFee(cases[i] ?? fail());
  return sum;
}

function oursRound(cases: readonly Case[]): number {
  let sum = 0;
  for (let i = 0; i < callsPerRound; i++) {
    const one = cases[i] ?? fail();
    sum += feeOf(one.amount, one.rate);
  }
  return sum;
}

function nsPerCall(work: () => number): number {
  const start = process.hrtime.bigint();
  if (!Number.isFinite(work())) fail();
  return Number(process.hrtime.bigint() - start) / callsPerRound;
}

function fail(): never {
  throw new RangeError('no case');
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

/** Mulberry32: the same million cases in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
