import type { Slip } from '../devices.ts';
import { rowBytes } from './bitmap.ts';
import { CELL_DOTS, type LaidLine, layOut } from './layout.ts';
import { alignText, cellsOf, padText, printable, wrap } from './text.ts';

/** The lines of a slip as a screen shows them, with the same breaks and columns as on paper. A cut is not shown. */
export function slipText(slip: Slip, columns: number): string[] {
  return layOut(slip, columns).flatMap((line) => lineText(line, columns));
}

function lineText(line: LaidLine, columns: number): string[] {
  switch (line.kind) {
    case 'text':
      return [line.double ? doubleAsText(line.text) : line.text];
    case 'feed':
      return Array.from({ length: line.lines }, () => '');
    case 'qr':
      return wrap(printable(`[QR] ${line.data}`), columns);
    case 'image':
      return line.top === 0 ? imageAsText(line.image, columns) : [];
    case 'cut':
      return [];
  }
}

/** What stands for a picture where there are only characters: a frame in its place. A printer knows whole bytes of dots only. */
export function imageAsText(
  size: { readonly widthDots: number; readonly heightDots: number },
  columns: number,
): string[] {
  const widthDots = 8 * rowBytes(size.widthDots);
  const words = `图片 ${widthDots}x${size.heightDots}`;
  const inside = Math.max(cellsOf(words), Math.floor(widthDots / CELL_DOTS) - 2);
  const edge = `+${'-'.repeat(inside)}+`;
  const middle = `|${padText(alignText(words, inside, 'center'), inside)}|`;
  return [edge, middle, edge].map((text) => alignText(text, columns, 'center'));
}

/** A line of double size where characters cannot be enlarged: in the middle of the place that it takes on paper. */
export function doubleAsText(text: string): string {
  const shown = text.trimStart();
  const indent = text.length - shown.length;
  return ' '.repeat(indent === 0 ? 0 : 2 * indent + (cellsOf(shown) >> 1)) + shown;
}
