import type { Slip } from '../devices.ts';
import { type LaidLine, layOut } from './layout.ts';
import { cellsOf, printable, wrap } from './text.ts';

/** The lines of a slip as a screen shows them, with the same breaks and columns as on paper. A cut is not shown. */
export function slipText(slip: Slip, columns: number): string[] {
  return layOut(slip, columns).flatMap((line) => lineText(line, columns));
}

function lineText(line: LaidLine, columns: number): string[] {
  switch (line.kind) {
    case 'text':
      return [line.double ? doubleAsText(line.text) : line.text];
    case 'feed':
      return Array.from({ length: Math.max(0, Math.floor(line.lines)) }, () => '');
    case 'qr':
      return wrap(printable(`[QR] ${line.data}`), columns);
    case 'cut':
      return [];
  }
}

/** A line of double size where characters cannot be enlarged: in the middle of the place that it takes on paper. */
export function doubleAsText(text: string): string {
  const shown = text.trimStart();
  const indent = text.length - shown.length;
  return ' '.repeat(indent === 0 ? 0 : 2 * indent + (cellsOf(shown) >> 1)) + shown;
}
