import type { EntryMode } from '../protocol/common.ts';
import type { FeeRate } from '../protocol/payments.ts';

/**
 * The host's own fee function: a second opinion beside the terminal's, on purpose (accounting.md §4.1).
 * F = ⌊(G × ppm + 500 000) / 1 000 000⌋, half up, then at most the cap. Gross and result in fen.
 */
export function feeFen(grossFen: number, rate: Pick<FeeRate, 'ppm' | 'capFen'>): number {
  const numerator = grossFen * rate.ppm + 500_000;
  const fee = Number.isSafeInteger(numerator)
    ? (numerator - (numerator % 1_000_000)) / 1_000_000
    : Number((BigInt(grossFen) * BigInt(rate.ppm) + 500_000n) / 1_000_000n);
  return rate.capFen === null ? fee : Math.min(fee, rate.capFen);
}

export interface RatePolicy {
  readonly normalPpm: number;
  readonly contactlessPpm: number;
  /** Inclusive. */
  readonly contactlessMaxFen: number;
  readonly qrPpm: number;
}

/** A code has its own rate. E-070 to E-072: the discount for contactless up to the limit, inclusive; otherwise the normal rate on the whole amount. */
export function chooseRate(policy: RatePolicy, entry: EntryMode, amountFen: number): FeeRate {
  if (entry.startsWith('QR_')) return { id: `qr-${policy.qrPpm}`, ppm: policy.qrPpm, capFen: null };
  const discounted = entry === 'CONTACTLESS' && amountFen <= policy.contactlessMaxFen;
  const ppm = discounted ? policy.contactlessPpm : policy.normalPpm;
  return { id: `${discounted ? 'contactless' : 'card'}-${ppm}`, ppm, capFen: null };
}
