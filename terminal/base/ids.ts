import type { Clock } from './clock.ts';
import type { Random } from './random.ts';

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'; // Crockford's base 32

/** A ULID: 48 bits of time, 80 of chance; sorts by time. The number of a payment or a settlement for its whole life. */
export function newId(clock: Clock, random: Random): string {
  let time = '';
  for (let ms = clock.now(), i = 0; i < 10; i++, ms = Math.floor(ms / 32)) time = alphabet.charAt(ms % 32) + time;
  return time + Array.from(random.bytes(16), (byte) => alphabet.charAt(byte % 32)).join('');
}
