import iconv from 'iconv-lite';

/**
 * Text as a Chinese receipt printer has it: GBK, one byte and one cell for ASCII, two bytes and two cells for everything else. The four-byte
 * codes of GB18030 do not exist here: printers show them as junk (devices.md §1.1).
 */

const YEN = 0x00a5;
const FULLWIDTH_YEN = 0xffe5;
const REPLACEMENT = 0x3f; // ?
/** 〓, printed by convention in place of a character that the font lacks. */
const WIDE_REPLACEMENT = 0x3013;
/** From here on scripts are written in full-width cells. */
const FIRST_WIDE = 0x2e80;

let table: Uint16Array | undefined;

/** GBK code by UTF-16 unit; 0 when there is none that may be printed. Made at the first print, because it costs 20 ms. */
function gbkCodes(): Uint16Array {
  if (table) return table;
  const codes = new Uint16Array(0x10000);
  for (let ascii = 0x20; ascii < 0x7f; ascii++) codes[ascii] = ascii;
  const pairs = new Uint8Array(126 * 190 * 2);
  let at = 0;
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      if (trail === 0x7f) continue;
      pairs[at++] = lead;
      pairs[at++] = trail;
    }
  }
  const characters = iconv.decode(Buffer.from(pairs.buffer), 'gbk');
  for (let i = 0; i < characters.length; i++) {
    const unit = characters.charCodeAt(i);
    // U+20AC has a one-byte code above 7F in GBK, which printers do not know; a few units have two codes, and the first is the one.
    if (unit !== 0xfffd && unit !== 0x20ac && codes[unit] === 0) {
      codes[unit] = (pairs[2 * i] ?? 0) * 256 + (pairs[2 * i + 1] ?? 0);
    }
  }
  table = codes;
  return codes;
}

const codeOf = (codes: Uint16Array, unit: number): number => codes[unit] ?? 0;

/**
 * The text with everything replaced that the printer has no two-byte code for: ¥ by ￥, control characters by a space (a line feed or an
 * ESC in a name must not become a command), others by `?` or, where they are wide, by `〓`.
 */
export function printable(text: string): string {
  const codes = gbkCodes();
  for (let i = 0; i < text.length; i++) {
    if (codeOf(codes, text.charCodeAt(i)) === 0)
      return Array.from(text, (character) => replaced(codes, character)).join('');
  }
  return text;
}

function replaced(codes: Uint16Array, character: string): string {
  const unit = character.codePointAt(0) ?? 0;
  if (unit === YEN) return String.fromCharCode(FULLWIDTH_YEN);
  if (unit < 0x10000 && codeOf(codes, unit) !== 0) return character;
  if (unit < 0x20 || (unit >= 0x7f && unit < 0xa0)) return ' ';
  return String.fromCharCode(unit >= FIRST_WIDE ? WIDE_REPLACEMENT : REPLACEMENT);
}

/** How many characters `printable` has to replace; ¥ does not count, for nothing is lost. */
export function replacedIn(text: string): number {
  const shown = printable(text);
  if (shown === text) return 0;
  const after = Array.from(shown);
  return Array.from(text).filter((character, i) => character !== after[i] && character.codePointAt(0) !== YEN).length;
}

/** Half-width cells that a printable text takes. */
export function cellsOf(text: string): number {
  let cells = text.length;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7e) cells += 1;
  return cells;
}

/** Writes a printable text as GBK into `target` from `at` on and returns where it ended. Two bytes a character must be free. */
export function writeGbk(text: string, target: Uint8Array, at: number): number {
  const codes = gbkCodes();
  let next = at;
  for (let i = 0; i < text.length; i++) {
    const code = codeOf(codes, text.charCodeAt(i));
    if (code > 0xff) target[next++] = code >> 8;
    target[next++] = code;
  }
  return next;
}

/** A printable text in lines of at most `width` cells, broken between Chinese characters, or at a space inside other words. */
export function wrap(text: string, width: number): string[] {
  if (cellsOf(text) <= width) return [text];
  const lines: string[] = [];
  let start = 0;
  while (start < text.length) {
    const fits = fitsUntil(text, start, width);
    const end = fits < text.length ? wordBreak(text, start, fits) : fits;
    lines.push(text.slice(start, end).trimEnd());
    start = end;
    while (text.charCodeAt(start) === 0x20) start += 1;
  }
  return lines;
}

/** Always takes one character, so that a width below two cells cannot hang. */
function fitsUntil(text: string, start: number, width: number): number {
  let cells = 0;
  let end = start;
  while (end < text.length) {
    cells += text.charCodeAt(end) > 0x7e ? 2 : 1;
    if (cells > width && end > start) break;
    end += 1;
  }
  return end;
}

/** Where to break at or before `end`: not inside a word, unless the word alone is longer than the line. */
function wordBreak(text: string, start: number, end: number): number {
  const isWord = (at: number): boolean => text.charCodeAt(at) > 0x20 && text.charCodeAt(at) <= 0x7e;
  if (!isWord(end)) return end;
  let word = end;
  while (word > start && isWord(word - 1)) word -= 1;
  return word > start ? word : end;
}

export type Align = 'left' | 'center' | 'right';

/** Pads on the left for the alignment. The text must fit. */
export function alignText(text: string, width: number, align: Align): string {
  if (align === 'left') return text;
  const free = width - cellsOf(text);
  return ' '.repeat(Math.max(0, align === 'center' ? free >> 1 : free)) + text;
}

/** Pads on the right to exactly `width` cells. */
export const padText = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - cellsOf(text)));
