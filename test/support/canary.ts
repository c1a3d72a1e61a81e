import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A card number that stands nowhere else in the world, and every form in which it could have leaked. */
export interface Canary {
  readonly pan: string;
  readonly expiry: string;
}

/** `start` with its check digit (ISO/IEC 7812-1). */
export function canary(start: string, expiry = '3107'): Canary {
  const sum = [...start].reverse().reduce((total, c, at) => {
    const doubled = Number(c) * (at % 2 === 0 ? 2 : 1);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return { pan: `${start}${(10 - (sum % 10)) % 10}`, expiry };
}

/** What to look for: number, its hidden middle and the tracks, as text, packed, in hex and in base64 at each of its three alignments. */
export function traces({ pan, expiry }: Canary): ReadonlyMap<string, Buffer> {
  const texts = new Map([
    ['number', pan],
    ['hidden middle', pan.slice(6, -4)],
    ['track 2', `${pan}=${expiry}`],
    ['track 2 equivalent', `${pan}D${expiry}`],
    ['track 1', `B${pan}^`],
  ]);
  const found = new Map<string, Buffer>();
  for (const [name, text] of texts) {
    const packed = /^[\dD]+$/.test(text) ? Buffer.from(text.length % 2 ? `${text}F` : text, 'hex') : undefined;
    found.set(name, Buffer.from(text, 'latin1'));
    found.set(`${name}, UTF-16`, Buffer.from(text, 'utf16le'));
    if (packed) found.set(`${name}, packed`, packed.subarray(0, text.length >> 1));
    for (const [form, bytes] of [
      ['text', Buffer.from(text, 'latin1')],
      ['packed', packed],
    ] as const) {
      if (!bytes) continue;
      const hex = bytes.subarray(0, form === 'packed' ? text.length >> 1 : bytes.length).toString('hex');
      // Digits packed and then in hex are the digits again.
      if (form === 'text') found.set(`${name}, hex`, Buffer.from(hex));
      if (hex !== hex.toUpperCase()) found.set(`${name}, ${form} in upper-case hex`, Buffer.from(hex.toUpperCase()));
      for (const [shift, skip] of [
        [0, 0],
        [1, 2],
        [2, 3],
      ] as const) {
        const base64 = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
        found.set(`${name}, ${form} in base64 at ${shift}`, Buffer.from(base64.slice(skip, -4)));
      }
    }
  }
  return found;
}

/** PIN blocks as they are, packed and in base64; and the digits of PINs that were typed. */
export function pinTraces(blocks: readonly string[], pins: readonly string[]): ReadonlyMap<string, Buffer> {
  const found = new Map(pins.map((pin) => [`PIN ${pin}`, Buffer.from(pin, 'latin1')]));
  for (const block of blocks) {
    const packed = Buffer.from(block, 'hex');
    found.set(`PIN block ${block}`, Buffer.from(block, 'latin1'));
    found.set(`PIN block ${block}, lower case`, Buffer.from(block.toLowerCase(), 'latin1'));
    found.set(`PIN block ${block}, packed`, packed);
    found.set(`PIN block ${block}, base64`, Buffer.from(packed.toString('base64').slice(0, -1)));
  }
  return found;
}

/** Which traces stand in these bytes. */
export const tracesIn = (bytes: Buffer, wanted: ReadonlyMap<string, Buffer>): string[] =>
  [...wanted].flatMap(([name, trace]) => (trace.length >= 5 && bytes.includes(trace) ? [name] : []));

/** The same for every file below a folder: `path: trace`. */
export function tracesBelow(folder: string, wanted: ReadonlyMap<string, Buffer>): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap((entry) => {
      const path = join(entry.parentPath, entry.name);
      return tracesIn(readFileSync(path), wanted).map((trace) => `${path}: ${trace}`);
    });
}
