import type { Clock } from './clock.ts';
import type { Random } from './random.ts';

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'; // Crockford's base 32

/** A ULID: 48 bits of time, 80 of chance; sorts by time. The number of a payment or a settlement for its whole life. */
export const newId = (clock: Pick<Clock, 'now'>, random: Pick<Random, 'bytes'>): string =>
  idsFrom(clock.now()) + Array.from(random.bytes(16), (byte) => alphabet.charAt(byte % 32)).join('');

/** What sorts before every id made at `ms` or later, and behind all before. */
export function idsFrom(ms: number): string {
  let time = '';
  for (let rest = ms, i = 0; i < 10; i++, rest = Math.floor(rest / 32)) time = alphabet.charAt(rest % 32) + time;
  return time;
}

/** When it was made; undefined for a number that is none of ours. */
export function timeOfId(id: string): number | undefined {
  if (!/^[0-9A-HJKMNP-TV-Z]{26}$/.test(id)) return undefined;
  return [...id.slice(0, 10)].reduce((ms, digit) => ms * 32 + alphabet.indexOf(digit), 0);
}
