import type { CardBlock } from '../protocol/sealed.ts';
import { shanghaiDay } from './shanghai.ts';

/** What the host reads from an opened card block. The number itself goes no further than this file's callers' memory. */

/** ISO/IEC 7812-1: length and check digit. */
export function isCardNumber(pan: string): boolean {
  if (!/^\d{12,19}$/.test(pan)) return false;
  let sum = 0;
  for (let i = 0; i < pan.length; i++) {
    const digit = Number(pan[pan.length - 1 - i]);
    const doubled = i % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** First six, last four. */
export function maskCard(pan: string): string {
  return pan.slice(0, 6) + '*'.repeat(Math.max(0, pan.length - 10)) + pan.slice(-4);
}

/** 内卡 and 外卡: UnionPay's own numbers begin with 62. */
export function groupOf(pan: string): 'domestic' | 'foreign' {
  return pan.startsWith('62') ? 'domestic' : 'foreign';
}

const issuers: readonly (readonly [prefix: RegExp, name: string])[] = [
  [/^62/, '中国银联'],
  [/^4/, 'VISA'],
  [/^(5[1-5]|2[2-7])/, 'MASTERCARD'],
  [/^35/, 'JCB'],
  [/^3[47]/, 'AMEX'],
];

export function issuerOf(pan: string): string | null {
  return issuers.find(([prefix]) => prefix.test(pan))?.[1] ?? null;
}

/** A card is good to the end of its month, in Shanghai. `expiry` is YYMM, else it stands in track 2; unknown is not expired. */
export function isExpired(card: Pick<CardBlock, 'expiry' | 'track2'>, nowMs: number): boolean {
  const expiry = card.expiry ?? /^\d{12,19}[=D](\d{4})/.exec(card.track2 ?? '')?.[1] ?? null;
  if (expiry === null) return false;
  const day = shanghaiDay(nowMs);
  return expiry.slice(0, 4) < day.slice(2, 4) + day.slice(5, 7);
}
