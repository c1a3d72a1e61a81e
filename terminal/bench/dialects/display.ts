import { type Dialect, hexByte } from './dialect.ts';

/** CD5220 (devices.md §3). It only listens. */

const ESC = 0x1b;
const CLEAR = 0x0c;
const lines: ReadonlyMap<number, string> = new Map([
  [0x41, 'upper'],
  [0x42, 'lower'],
  [0x44, 'scroll'],
]);

export const displayDialect = (): Dialect => ({
  cut(_way, bytes) {
    if (bytes[0] !== ESC) return bytes[0] === CLEAR ? 1 : textEnd(bytes);
    const [, letter, line] = bytes;
    if (letter === undefined) return undefined;
    if (letter === 0x6c) return bytes.length < 4 ? undefined : 4;
    if (letter !== 0x51) return 2;
    if (line === undefined) return undefined;
    const end = bytes.indexOf(0x0d, 3);
    return end < 0 ? undefined : end + 1;
  },
  read: (_way, piece) => ({ words: words(piece), secrets: [] }),
  disguise: () => undefined,
});

function textEnd(bytes: Uint8Array): number {
  const end = bytes.findIndex((byte) => byte === ESC || byte === CLEAR);
  return end < 0 ? bytes.length : end;
}

function words(piece: Uint8Array): string {
  const [first = 0, letter = 0, line = 0] = piece;
  if (first === CLEAR) return 'clear';
  if (first !== ESC) return JSON.stringify(textOf(piece));
  if (letter === 0x40) return 'init';
  if (letter === 0x51)
    return `${lines.get(line) ?? `line ${hexByte(line)}`} ${JSON.stringify(textOf(piece.subarray(3, -1)))}`;
  if (letter === 0x6c) return `cursor ${piece[2]} ${piece[3]}`;
  return `ESC ${hexByte(letter)}`;
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
