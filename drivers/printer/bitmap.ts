import type { Bitmap } from '../devices.ts';

const MAX_HEIGHT_DOTS = 1_000;
const MAX_DIGITS = 5;

/**
 * The picture in a PBM file, plain (`P1`) or binary (`P4`), for paper of `maxWidthDots`; at most 1000 dots high. Throws RangeError saying what is
 * wrong with the file.
 */
export function bitmapFromPbm(file: Uint8Array, maxWidthDots: number): Bitmap {
  const magic = String.fromCharCode(...file.subarray(0, 2));
  if (magic !== 'P1' && magic !== 'P4') throw new RangeError('not a PBM file: it must begin with P1 or P4');
  const width = readNumber(file, 2, 'width');
  const height = readNumber(file, width.end, 'height');
  const [widthDots, heightDots] = [width.value, height.value];
  if (widthDots < 1 || heightDots < 1) throw new RangeError(`the picture is ${widthDots}x${heightDots} dots: empty`);
  if (widthDots > maxWidthDots)
    throw new RangeError(`the picture is ${widthDots} dots wide, the paper only ${maxWidthDots}`);
  if (heightDots > MAX_HEIGHT_DOTS)
    throw new RangeError(`the picture is ${heightDots} dots high, more than ${MAX_HEIGHT_DOTS}`);
  const rows = (magic === 'P4' ? binaryRows : plainRows)(file, height.end, widthDots, heightDots);
  return { widthDots, heightDots, rows };
}

/** Bytes in a row of dots. */
export const rowBytes = (widthDots: number): number => Math.ceil(widthDots / 8);

const HASH = 0x23;
const LF = 0x0a;
const ZERO = 0x30;
const isSpace = (byte: number | undefined): boolean =>
  byte === 0x20 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d);
const isDigit = (byte: number | undefined): byte is number => byte !== undefined && byte >= ZERO && byte <= ZERO + 9;

/** Where the next thing begins that is neither space nor comment. */
function skipSpace(file: Uint8Array, start: number): number {
  let at = start;
  while (isSpace(file[at]) || file[at] === HASH) {
    if (file[at] === HASH) while (at < file.length && file[at] !== LF) at += 1;
    else at += 1;
  }
  return at;
}

function readNumber(file: Uint8Array, start: number, what: string): { readonly value: number; readonly end: number } {
  const from = skipSpace(file, start);
  let end = from;
  let value = 0;
  for (let byte = file[end]; isDigit(byte) && end - from < MAX_DIGITS; byte = file[end]) {
    value = value * 10 + byte - ZERO;
    end += 1;
  }
  if (end === from || from === start || isDigit(file[end]))
    throw new RangeError(`no ${what} in the head of the PBM file`);
  return { value, end };
}

function binaryRows(file: Uint8Array, headEnd: number, widthDots: number, heightDots: number): Uint8Array {
  const size = rowBytes(widthDots) * heightDots;
  // Exactly one space ends the head: what follows may look like spaces.
  const rows = file.slice(headEnd + 1, headEnd + 1 + size);
  if (!isSpace(file[headEnd]) || rows.length < size) throw cutShort(rows.length, size, 'bytes');
  const unused = rowBytes(widthDots) * 8 - widthDots;
  for (let last = rowBytes(widthDots) - 1; last < size; last += rowBytes(widthDots)) {
    rows[last] = ((rows[last] ?? 0) >> unused) << unused;
  }
  return rows;
}

function plainRows(file: Uint8Array, headEnd: number, widthDots: number, heightDots: number): Uint8Array {
  const rows = new Uint8Array(rowBytes(widthDots) * heightDots);
  let at = headEnd;
  for (let dot = 0; dot < widthDots * heightDots; dot++) {
    at = skipSpace(file, at);
    const value = file[at];
    if (value === undefined) throw cutShort(dot, widthDots * heightDots, 'dots');
    if (value !== ZERO && value !== ZERO + 1) throw new RangeError(`dot ${dot + 1} of the PBM file is neither 0 nor 1`);
    at += 1;
    const x = dot % widthDots;
    const byte = Math.floor(dot / widthDots) * rowBytes(widthDots) + (x >> 3);
    if (value === ZERO + 1) rows[byte] = (rows[byte] ?? 0) | (0x80 >> (x & 7));
  }
  return rows;
}

const cutShort = (has: number, needs: number, unit: string): RangeError =>
  new RangeError(`the PBM file is cut short: ${has} of ${needs} ${unit}`);
