import { Decimal } from 'decimal.js';
import { TerminalError } from '../base/errors.ts';
import { type Fen, fen, maxKeyedFen, mulDivHalfUp, zeroFen } from '../base/money.ts';
import type { EntryMode } from './accounts.ts';

/** A fee rate 费率, chosen once at the sale and stored with it. `id` names it for ever. */
export interface FeeRate {
  readonly id: string;
  /** Parts per million of the gross amount: 0.38 % is 3800. */
  readonly ppm: number;
  /** 封顶: the most that is charged, in fen; null: no cap. */
  readonly capFen: number | null;
}

/** The merchant's rates, from the host's parameters. */
export interface FeeParams {
  readonly normal: FeeRate;
  readonly contactless: FeeRate;
  /** Contactless has its own rate up to this amount, itself included (E-070). */
  readonly contactlessMaxFen: number;
  readonly code: FeeRate;
}

/** 100 %. */
const wholePpm = 1_000_000;

/** accounting.md §4.1: ⌊(G × ppm + 500 000) / 1 000 000⌋, then the cap; no minimum. */
export function feeOf(amount: Fen, rate: FeeRate): Fen {
  const fee = mulDivHalfUp(amount, rate.ppm, wholePpm);
  return fen(rate.capFen !== null && rate.capFen < fee ? rate.capFen : fee);
}

/** What a refund is of: G and F of the payment, and ΣR and Σf of its refunds that succeeded, here and elsewhere. */
export interface RefundBase {
  readonly grossFen: Fen;
  readonly feeFen: Fen;
  readonly refundedFen: Fen;
  readonly refundedFeeFen: Fen;
}

/**
 * accounting.md §4.2: f = min(R, max(0, rnd(F × cumR / G) − Σf)), half up, with this refund in cumR, so that a full refund in any pieces returns
 * exactly F. `keep`: nothing of the fee comes back (policy KEEP).
 */
export function feeOnRefund(base: RefundBase, amount: Fen, keep: boolean): Fen {
  if (keep) return zeroFen;
  const { grossFen, feeFen, refundedFen, refundedFeeFen } = base;
  const shareFen = mulDivHalfUp(feeFen, refundedFen + amount, grossFen);
  return fen(Math.min(amount, Math.max(0, shareFen - refundedFeeFen)));
}

/** E-070 to E-072: contactless up to the limit at its own rate; above it, inserted or swiped: the normal rate on the whole amount. */
export function chooseRate(entry: EntryMode, amount: Fen, params: FeeParams): FeeRate {
  switch (entry) {
    case 'CONTACTLESS':
      return amount <= params.contactlessMaxFen ? params.contactless : params.normal;
    case 'MAG':
    case 'CHIP':
      return params.normal;
    case 'QR_WECHAT':
    case 'QR_ALIPAY':
    case 'QR_UNIONPAY':
      return params.code;
  }
}

/** `0.38%` or `0.0038` → 3800. Throws BAD_REQUEST for what is no rate, is over 100 % or finer than a millionth. */
export function parseRatePpm(text: string): number {
  const match = /^(\d{1,3}(?:\.\d{1,6})?)(%?)$/.exec(text);
  const ppm = match?.[1] ? new Decimal(match[1]).times(match[2] ? 10_000 : 1_000_000) : undefined;
  if (!ppm?.isInteger() || ppm.greaterThan(wholePpm))
    throw new TerminalError('BAD_REQUEST', { what: 'rate', value: text });
  return ppm.toNumber();
}

/** constants.md: what holds until the host says otherwise. */
const usual = {
  'fee.card.normalPpm': parseRatePpm('0.60%'),
  'fee.contactless.discountPpm': parseRatePpm('0.38%'),
  'fee.contactless.maxFen': 100_000,
  'fee.qr.ppm': parseRatePpm('0.38%'),
} as const;

/** Reads the rates from the parameters of the host (names as in constants.md; a rate in ppm, or as text like `0.60%`). Throws BAD_REQUEST. */
export function feeParams(parameters: Readonly<Record<string, string | number | boolean>> = {}): FeeParams {
  const read = (name: keyof typeof usual, most: number): number => {
    const value = parameters[name] ?? usual[name];
    const whole = typeof value === 'string' ? parseRatePpm(value) : value;
    if (typeof whole !== 'number' || !Number.isSafeInteger(whole) || whole < 0 || whole > most) {
      throw new TerminalError('BAD_REQUEST', { what: name, value });
    }
    return whole;
  };
  return {
    normal: rate('normal', read('fee.card.normalPpm', wholePpm)),
    contactless: rate('contactless', read('fee.contactless.discountPpm', wholePpm)),
    contactlessMaxFen: read('fee.contactless.maxFen', maxKeyedFen),
    code: rate('code', read('fee.qr.ppm', wholePpm)),
  };
}

/** The id says what the rate is, so a changed rate has another id. */
const rate = (name: string, ppm: number): FeeRate => ({ id: `${name}:${ppm}`, ppm, capFen: null });
