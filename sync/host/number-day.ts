import { dayMs, dayStart, shanghaiDay } from './shanghai.ts';

/** A payment's number is a ULID: ten characters of the time at which the terminal made it, then chance (protocol/bills.ts). */

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'; // Crockford's base 32

/** The numbers that were made on a day in Shanghai: `from` ≤ number < `before`, as text. */
export function numbersOfDay(day: string): { readonly from: string; readonly before: string } {
  const start = dayStart(day);
  return { from: numbersFrom(start), before: numbersFrom(start + dayMs) };
}

function numbersFrom(ms: number): string {
  let time = '';
  for (let rest = ms, i = 0; i < 10; i++, rest = Math.floor(rest / 32)) time = alphabet.charAt(rest % 32) + time;
  return time;
}

/** The day in Shanghai on which it was made; null for a number that tells no time. */
export function dayOfNumber(no: string): string | null {
  if (!/^[0-7][0-9A-HJKMNP-TV-Z]{25}/.test(no)) return null;
  return shanghaiDay([...no.slice(0, 10)].reduce((ms, digit) => ms * 32 + alphabet.indexOf(digit), 0));
}
