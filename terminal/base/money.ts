import { AssertionFailed } from './assert.ts';

declare const brand: unique symbol;
/** An amount in fen (分): a safe integer. 1 yuan = 100 fen. No other number may stand where money is meant. */
export type Fen = number & { readonly [brand]: 'fen' };

export function fen(value: number): Fen {
  // Not `assert`: its message would be made on every call of the hottest function there is.
  if (!Number.isSafeInteger(value)) throw new AssertionFailed(`${value} is not a whole number of fen`);
  return value as Fen;
}

export const zeroFen = fen(0);

/** The largest amount that can be keyed: nine digits, 9,999,999.99 yuan (faces.md). */
export const maxKeyedFen = fen(999_999_999);

export const addFen = (a: Fen, b: Fen): Fen => fen(a + b);
export const subtractFen = (a: Fen, b: Fen): Fen => fen(a - b);
export const sumFen = (amounts: readonly Fen[]): Fen => amounts.reduce(addFen, zeroFen);

/**
 * a × numerator ÷ denominator, half up, exact (accounting.md §4.1 and §4.6): doubles while the product stays below 2^53, BigInt above.
 * All three must be whole and not negative, the denominator positive.
 */
export function mulDivHalfUp(a: number, numerator: number, denominator: number): number {
  const half = Math.floor(denominator / 2);
  const product = a * numerator + half;
  if (product < Number.MAX_SAFE_INTEGER) return Math.floor(product / denominator);
  return Number((BigInt(a) * BigInt(numerator) + BigInt(half)) / BigInt(denominator));
}

/** `1234567` → `12,345.67`. For people only; files and messages carry fen. */
export function formatYuan(amount: number): string {
  const sign = amount < 0 ? '-' : '';
  const digits = String(Math.abs(amount)).padStart(3, '0');
  const yuan = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${sign}${yuan}.${digits.slice(-2)}`;
}

/** `12`, `12.3`, `12,345.67` yuan → fen; undefined for anything else. Never through floating point. */
export function parseYuan(text: string): Fen | undefined {
  const match = /^(\d{1,10}|\d{1,3}(?:,\d{3})+)(?:\.(\d{1,2}))?$/.exec(text.trim());
  if (!match?.[1]) return undefined;
  return fen(Number(match[1].replaceAll(',', '')) * 100 + Number((match[2] ?? '').padEnd(2, '0')));
}
