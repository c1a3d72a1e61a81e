import type { Bitmap, Slip, SlipLine } from '../devices.ts';
import { rowBytes } from './bitmap.ts';
import { alignText, cellsOf, padText, printable, replacedIn, wrap } from './text.ts';

/** A slip broken into what fits on the paper. The encoder and the screen text are both made from this, so they show the same. */
export type LaidLine =
  /** Printable, padded for its alignment, never wider than the paper; a double line counts half as many cells. */
  | { readonly kind: 'text'; readonly text: string; readonly double: boolean; readonly bold: boolean }
  | { readonly kind: 'feed'; readonly lines: number }
  | { readonly kind: 'qr'; readonly data: string }
  /** A band of a picture, which is as much of it as is printed at once. */
  | { readonly kind: 'image'; readonly image: Bitmap; readonly top: number; readonly heightDots: number }
  | { readonly kind: 'cut' };

/** Of one cell, font A. */
export const CELL_DOTS = 12;
/** As high as a line of text; two bands fit into the 4 kB that a small printer has. */
const BAND_DOTS = 24;

/** Lays a slip out on paper of `columns` cells. Throws RangeError for columns or a picture that are wider than the paper. */
export function layOut(slip: Slip, columns: number): LaidLine[] {
  return slip.flatMap((line) => layOutLine(line, columns));
}

function layOutLine(line: SlipLine, columns: number): LaidLine[] {
  switch (line.kind) {
    case 'text':
      return textLines(line, columns);
    case 'pair':
      return plain(pairLines(printable(line.left), printable(line.right), columns), line.bold);
    case 'columns':
      return plain(columnLines(line.cells, columns));
    case 'rule':
      return plain(['-'.repeat(columns)]);
    case 'image':
      return bands(line.image, columns);
    case 'feed':
      return line.lines >= 1 ? [{ kind: 'feed', lines: Math.floor(line.lines) }] : [];
    case 'qr':
    case 'cut':
      return [line];
  }
}

function bands(image: Bitmap, columns: number): LaidLine[] {
  const { widthDots, heightDots, rows } = image;
  if (widthDots < 1 || heightDots < 1 || rows.length !== rowBytes(widthDots) * heightDots)
    throw new RangeError(`${rows.length} bytes are no picture of ${widthDots}x${heightDots} dots`);
  if (widthDots > columns * CELL_DOTS)
    throw new RangeError(`a picture of ${widthDots} dots does not fit paper of ${columns * CELL_DOTS}`);
  return Array.from({ length: Math.ceil(heightDots / BAND_DOTS) }, (_, band) => {
    const top = band * BAND_DOTS;
    return { kind: 'image', image, top, heightDots: Math.min(BAND_DOTS, heightDots - top) };
  });
}

const plain = (texts: readonly string[], bold = false): LaidLine[] =>
  texts.map((text) => ({ kind: 'text', text: text.trimEnd(), double: false, bold }));

function textLines(line: Extract<SlipLine, { kind: 'text' }>, columns: number): LaidLine[] {
  const double = line.size === 'double';
  const width = double ? columns >> 1 : columns;
  const parts = /[\r\n]/.test(line.text) ? line.text.split(/\r\n|\r|\n/) : [line.text];
  return parts
    .flatMap((part) => wrap(printable(part), width))
    .map((text) => ({
      kind: 'text',
      text: alignText(text.trimEnd(), width, line.align ?? 'left').trimEnd(),
      double,
      bold: line.bold ?? false,
    }));
}

function pairLines(left: string, right: string, columns: number): string[] {
  const gap = columns - cellsOf(left) - cellsOf(right);
  if (gap >= 1) return [left + ' '.repeat(gap) + right];
  return [...wrap(left, columns), ...wrap(right, columns).map((text) => alignText(text, columns, 'right'))];
}

type Cells = Extract<SlipLine, { kind: 'columns' }>['cells'];

/** A cell that is too long goes on below, in its own column. */
function columnLines(cells: Cells, columns: number): string[] {
  const laid = cells.map(({ text, width, align }) => ({
    width: Math.abs(width),
    right: align === 'right' || width < 0,
    lines: wrap(printable(text), Math.abs(width)),
  }));
  const total = laid.reduce((sum, { width }) => sum + width, 0);
  if (total > columns || laid.some(({ width }) => width < 2)) {
    throw new RangeError(
      `columns of ${total} cells do not fit paper of ${columns}, or one is narrower than a character`,
    );
  }
  const height = Math.max(0, ...laid.map(({ lines }) => lines.length));
  return Array.from({ length: height }, (_, row) =>
    laid
      .map(({ width, right, lines }) => padText(alignText(lines[row] ?? '', width, right ? 'right' : 'left'), width))
      .join(''),
  );
}

/** How many characters of a slip the printer does not have; others are printed in their place. */
export function unprintable(slip: Slip): number {
  return slip.flatMap(textsOf).reduce((sum, text) => sum + replacedIn(text), 0);
}

function textsOf(line: SlipLine): string[] {
  if (line.kind === 'text') return [line.text.replaceAll(/[\r\n]/g, '')];
  if (line.kind === 'pair') return [line.left, line.right];
  return line.kind === 'columns' ? line.cells.map(({ text }) => text) : [];
}
