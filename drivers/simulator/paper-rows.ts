import type { Bitmap } from '../devices.ts';
import { doubleAsText, imageAsText } from '../printer/slip-text.ts';
import { type Align, alignText, printable, wrap } from '../printer/text.ts';

/** Text of one size. */
export interface TextSpan {
  readonly text: string;
  readonly wide: boolean;
  readonly tall: boolean;
  readonly bold: boolean;
}

/** What a person sees on paper, from top to bottom, with enough to draw it. A Chinese character is two cells wide, four when `wide`. */
export type PaperRow =
  | { readonly kind: 'text'; readonly align: Align; readonly spans: readonly TextSpan[] }
  | { readonly kind: 'qr'; readonly align: Align; readonly data: string }
  | { readonly kind: 'image'; readonly align: Align; readonly image: Bitmap }
  | { readonly kind: 'cut' };

/** The lines of text that stand for a row on paper of `columns` cells. */
export function rowLines(row: PaperRow, columns: number): string[] {
  switch (row.kind) {
    case 'text':
      return [textLine(row, columns)];
    case 'qr':
      return wrap(printable(`[QR] ${row.data}`), columns);
    case 'image':
      return imageAsText(row.image, columns);
    case 'cut':
      return [];
  }
}

function textLine({ align, spans }: Extract<PaperRow, { kind: 'text' }>, columns: number): string {
  const text = spans.map((span) => span.text).join('');
  const shown = spans.some(({ wide }) => wide) ? doubleAsText(text) : text;
  return alignText(shown, columns, align).trimEnd();
}

/** Two bands of a picture, one below the other. */
export const joined = (above: Bitmap, below: Bitmap): Bitmap => ({
  widthDots: above.widthDots,
  heightDots: above.heightDots + below.heightDots,
  rows: Uint8Array.from([...above.rows, ...below.rows]),
});
