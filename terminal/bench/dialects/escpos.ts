import { type EscposToken, nextToken } from '../../../drivers/simulator/escpos-tokens.ts';
import { type Dialect, hexByte, type Reading } from './dialect.ts';

/** ESC/POS (devices.md §1.2, §1.3). A slip carries masked numbers only, so nothing in it is secret. */

const DLE = 0x10;
const realtime: ReadonlyMap<number, { readonly name: string; readonly length: number }> = new Map([
  [0x04, { name: 'DLE EOT', length: 3 }],
  [0x05, { name: 'DLE ENQ', length: 3 }],
  [0x14, { name: 'DLE DC4', length: 5 }],
]);
/** What ends a piece: something happens to the paper, or an answer comes. Sizes and modes belong to the text behind them. */
const ends: ReadonlySet<string> = new Set([
  'ESC d',
  'GS V',
  'GS ( k',
  'GS v',
  'GS r',
  'GS ( H',
  'GS a',
  'ESC p',
  'GS I',
  'ESC *',
]);
const [XON, XOFF, BLOCK] = [0x11, 0x13, 0x37];

export function escposDialect(): Dialect {
  /** Real-time requests whose answers are to come. */
  const asked: number[] = [];
  return {
    cut: (way, bytes) => (way === 'out' ? cutOut(bytes) : cutIn(bytes)),
    read(way, piece) {
      if (way === 'out') {
        if (piece[0] === DLE && piece[1] === 0x04) {
          // Whoever begins to ask anew does not wait for older answers: those are lost.
          if (piece[2] === 1) asked.length = 0;
          asked.push(piece[2] ?? 0);
        }
        return { words: wordsOut(piece), secrets: [] };
      }
      return readIn(piece, () => asked.shift());
    },
    disguise: () => undefined,
  };
}

function cutOut(bytes: Uint8Array): number | undefined {
  let at = 0;
  while (at < bytes.length) {
    if (bytes[at] === DLE) {
      if (at > 0) return at;
      const known = realtime.get(bytes[1] ?? 0);
      if (bytes.length < 2 || (known && bytes.length < known.length)) return undefined;
      return known?.length ?? 1;
    }
    const next = nextToken(bytes, at);
    if (!next) return undefined;
    at += next.length;
    if (endsPiece(next.token)) return at;
  }
  return undefined;
}

const endsPiece = (token: EscposToken): boolean =>
  token.kind === 'line-feed' || (token.kind === 'command' && ends.has(token.name));

function wordsOut(piece: Uint8Array): string {
  if (piece[0] === DLE) {
    const parameters = [...piece.subarray(2)].map(String).join(' ');
    return `${realtime.get(piece[1] ?? 0)?.name ?? 'DLE ?'} ${parameters}`.trimEnd();
  }
  const words: string[] = [];
  let text: number[] = [];
  const endText = (): void => {
    if (text.length > 0) words.push(`"${gbk.decode(Uint8Array.from(text))}"`);
    text = [];
  };
  for (let at = 0; at < piece.length; ) {
    const next = nextToken(piece, at);
    if (!next) {
      endText();
      words.push(`(${piece.length - at} B)`);
      break;
    }
    if (next.token.kind === 'byte') text.push(next.token.byte);
    else {
      endText();
      words.push(tokenWords(next.token));
    }
    at += next.length;
  }
  endText();
  return words.join(' ');
}

const gbk = new TextDecoder('gbk');

function tokenWords(token: Exclude<EscposToken, { kind: 'byte' }>): string {
  if (token.kind === 'line-feed') return 'LF';
  if (token.kind === 'unknown') return `unknown ${token.name}`;
  const { name, parameters } = token;
  if (parameters.length > 8) return `${name} ${parameters.length} B`;
  return [name, ...Array.from(parameters, String)].join(' ');
}

function cutIn(bytes: Uint8Array): number | undefined {
  const [first = 0] = bytes;
  if (first === BLOCK) {
    const end = bytes.indexOf(0);
    return end < 0 ? (bytes.length > 80 ? 1 : undefined) : end + 1;
  }
  if ((first & 0x93) !== 0x10) return 1;
  let plain = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === XON || byte === XOFF) continue;
    if (at > 0 && (byte & 0x90) !== 0) return at;
    plain += 1;
    if (plain === 4) return at + 1;
  }
  return undefined;
}

function readIn(piece: Uint8Array, askedFor: () => number | undefined): Reading {
  const [first = 0] = piece;
  return { words: wordsIn(piece, first, askedFor), secrets: [] };
}

function wordsIn(piece: Uint8Array, first: number, askedFor: () => number | undefined): string {
  if (first === XON) return 'XON';
  if (first === XOFF) return 'XOFF';
  if (first === BLOCK) return `printed ${Buffer.from(piece.subarray(2, -1)).toString('latin1')}`;
  if ((first & 0x93) === 0x10) return `automatic status ${automatic(piece)}`;
  if ((first & 0x93) === 0x12) {
    const n = askedFor();
    return `status ${n ?? '?'} ${realtimeWords(n, first)}`;
  }
  if ((first & 0x90) === 0) return `buffered status ${(first & 0x03) === 0 ? 'ok' : 'paper near end'}`;
  return `junk ${hexByte(first)}`;
}

const bits: Readonly<Record<number, readonly (readonly [number, string])[]>> = {
  1: [[0x08, 'off-line']],
  2: [
    [0x04, 'cover open'],
    [0x08, 'feed button'],
    [0x20, 'paper end'],
    [0x40, 'error'],
  ],
  3: [
    [0x04, 'recoverable error'],
    [0x08, 'cutter'],
    [0x20, 'unrecoverable'],
    [0x40, 'too hot'],
  ],
  4: [
    [0x0c, 'near end'],
    [0x60, 'paper end'],
  ],
};

const realtimeWords = (n: number | undefined, status: number): string => named(bits[n ?? 0] ?? [], status) || 'ok';

function automatic(piece: Uint8Array): string {
  const [one = 0, two = 0, three = 0] = piece.filter((byte) => byte !== XON && byte !== XOFF);
  const words = [
    named(
      [
        [0x08, 'off-line'],
        [0x20, 'cover open'],
      ],
      one,
    ),
    named(bits[3] ?? [], two),
    named(
      [
        [0x03, 'near end'],
        [0x0c, 'paper end'],
      ],
      three,
    ),
  ];
  return words.filter(Boolean).join(', ') || 'ok';
}

const named = (table: readonly (readonly [number, string])[], byte: number): string =>
  table.flatMap(([mask, word]) => ((byte & mask) === mask ? [word] : [])).join(', ');
