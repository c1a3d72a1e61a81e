import type { Dialect, Reading } from './dialect.ts';
import { disguise as replace, type Secret } from './secrets.ts';

/** A cashier's password is typed on a keypad too, so no digit is ever shown. */

const named: ReadonlyMap<number, string> = new Map([
  [0x08, 'clear'],
  [0x7f, 'clear'],
  [0x0d, 'enter'],
  [0x0a, 'enter'],
  [0x1b, 'cancel'],
  [0x2e, 'dot'],
  [0x66, 'function'],
  [0x7a, 'doubleZero'],
]);
const sequences: ReadonlyMap<number, string> = new Map([
  [0x41, 'up'],
  [0x42, 'down'],
]);

/** A byte a key, as a terminal sends them. */
export const serialKeypadDialect = (): Dialect => ({
  cut(_way, bytes) {
    if (bytes[0] !== 0x1b || (bytes[1] !== 0x5b && bytes[1] !== 0x4f)) return 1;
    return bytes.length < 3 ? undefined : 3;
  },
  read: (_way, piece) => readKey(piece),
  disguise: (_way, piece) => replace(piece, readKey(piece).secrets),
});

function readKey(piece: Uint8Array): Reading {
  const [first = 0] = piece;
  if (piece.length === 3) return { words: sequences.get(piece[2] ?? 0) ?? 'sequence', secrets: [] };
  if (first >= 0x30 && first <= 0x39) return { words: 'digit', secrets: [{ from: 0, to: 1, as: 'typed-text' }] };
  return { words: named.get(first) ?? 'other', secrets: [] };
}

const REPORT = 8;
const USAGE_0 = 0x27;
const isDigit = (usage: number): boolean => (usage >= 0x1e && usage <= USAGE_0) || (usage >= 0x59 && usage <= 0x62);
const usages: ReadonlyMap<number, string> = new Map([
  [0x28, 'enter'],
  [0x58, 'enter'],
  [0x2a, 'clear'],
  [0x29, 'cancel'],
  [0x01, 'roll-over'],
]);

/** Boot reports of eight bytes (devices.md §3): modifiers, 0, up to six keys that are down. */
export const hidKeypadDialect = (): Dialect => ({
  cut: (_way, bytes) => (bytes.length < REPORT ? undefined : REPORT),
  read: (_way, piece) => readReport(piece),
  disguise(_way, piece) {
    for (const { from } of readReport(piece).secrets) piece[from] = USAGE_0;
  },
});

function readReport(piece: Uint8Array): Reading {
  const secrets: Secret[] = [];
  const words: string[] = [];
  piece.forEach((usage, at) => {
    if (at < 2 || usage === 0) return;
    if (isDigit(usage)) secrets.push({ from: at, to: at + 1, as: 'bytes' });
    words.push(isDigit(usage) ? 'digit' : (usages.get(usage) ?? 'other'));
  });
  return { words: words.join(' ') || 'released', secrets };
}
