import type { Language } from '../base/errors.ts';
import { type Screen, columns as screenColumns, textWidth } from '../screens/screen.ts';

/** What a text terminal shows: the screen in its frame, help for the keyboard under it, the newest slip beside it. */
export interface Picture {
  readonly screen: Screen;
  readonly slip: readonly string[];
  /** A QR code that the customer scans, drawn by qr.ts: in the place of the slip, or below the frame. */
  readonly qr?: readonly string[];
  readonly language: Language;
  /** The lines under the frame; those for the keyboard when not given. */
  readonly help?: readonly string[];
  /** Below all of it, as far as there is room: what whoever started the program wants to find again. */
  readonly notes?: readonly string[];
  /** Size of the terminal. */
  readonly columns: number;
  readonly rows: number;
}

/** A terminal that does not know its size says nothing, or 0. */
export const sizeOf = ({ columns, rows }: { readonly columns?: number; readonly rows?: number }) => ({
  columns: columns || 80,
  rows: rows || 24,
});

const margin = 2;
const innerWidth = screenColumns + 2 * margin;
const frameWidth = innerWidth + 2;
const gap = 3;
const csi = '\u001b[';
/** The alternate screen, without a cursor, and back. */
export const enterScreen = `${csi}?1049h${csi}?25l${csi}2J${csi}H`;
export const leaveScreen = `${csi}0m${csi}?25h${csi}?1049l`;
const reset = `${csi}0m`;
const dim = `${csi}2m`;
const titleStyle = `${csi}1;7m`;
const amountStyle = `${csi}1;93m`;
const helpStyle = `${csi}36m`;
const paperStyle = `${csi}30;107m`;

export const keyboardHelp: Readonly<Record<Language, readonly string[]>> = {
  zh: ['Enter确认 Esc取消 退格清除', 'z=00  f功能  Ctrl-C退出'],
  en: ['Esc=Cancel Bksp=Clear', 'z=00  f=Fn  Ctrl-C=quit'],
};
const tooSmall: Readonly<Record<Language, string>> = { zh: '窗口太小, 至少', en: 'Too small, need' };

const compactRows = 8 + 2 + 2;
/** With a blank line between the rows, which is easier to read from a step away. */
const roomyRows = 2 * 8 - 1 + 2 + 2;

const to = (column: number): string => `${csi}${column}G`;

/** Cut to `width` cells and padded; slips carry names from the host, so nothing that could steer the terminal passes. */
function cell(text: string, width: number): string {
  let out = '';
  let used = 0;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    const shown = code < 0x20 || (code >= 0x7f && code < 0xa0) ? ' ' : char;
    if (used + textWidth(shown) > width) break;
    out += shown;
    used += textWidth(shown);
  }
  return out + ' '.repeat(width - used);
}

/** One string for each line of the terminal. */
export function drawPicture(picture: Picture): readonly string[] {
  const drawn = drawScreen(picture);
  const { notes = [], columns, rows } = picture;
  if (notes.length === 0 || drawn.length + 1 + notes.length > rows) return drawn;
  return [...drawn, '', ...notes.map((note) => `${dim}${cell(note, columns).trimEnd()}${reset}`)];
}

function drawScreen(picture: Picture): readonly string[] {
  const { columns, rows, language } = picture;
  if (columns < frameWidth || rows < compactRows)
    return [`${tooSmall[language]} ${frameWidth}x${compactRows}`.slice(0, columns)];
  const left = drawFrame(picture);
  if (picture.qr) return withQr(left, picture.qr, picture);
  const paperWidth = Math.max(0, ...picture.slip.map(textWidth)) + 2;
  const paper = columns >= frameWidth + gap + paperWidth ? drawSlip(picture, paperWidth) : [];
  return Array.from({ length: Math.max(left.length, paper.length) }, (_, index) => {
    const beside = paper[index];
    const start = left[index] ?? ' '.repeat(frameWidth);
    return beside === undefined ? start : `${start}${' '.repeat(gap)}${to(frameWidth + gap + 1)}${beside}`;
  });
}

const smallQr: Readonly<Record<Language, string>> = { zh: '二维码需要窗口', en: 'The code needs' };

/** A window that has no room for the code beside or below the frame is told how large it must be. */
function withQr(left: readonly string[], qr: readonly string[], picture: Picture): string[] {
  const { columns, rows, language } = picture;
  const width = textWidth(qr[0] ?? '');
  const start = frameWidth + gap;
  const drawn = qr.map((line) => `${paperStyle}${line}${reset}`);
  if (columns >= start + width && rows >= qr.length)
    return Array.from({ length: Math.max(left.length, qr.length) }, (_, index) => {
      const beside = drawn[index];
      return (left[index] ?? '') + (beside === undefined ? '' : `${to(start + 1)}${beside}`);
    });
  const flat = drawFrame({ ...picture, rows: compactRows });
  if (columns >= width && rows >= flat.length + qr.length) return [...flat, ...drawn];
  const size = `${start + width}x${Math.max(qr.length, compactRows)}`;
  return [...left.slice(0, rows - 1), cell(`${smallQr[language]} ${size}`, frameWidth)];
}

function drawFrame({ screen, rows, language, help = keyboardHelp[language] }: Picture): string[] {
  const roomy = rows >= roomyRows;
  const bar = '─'.repeat(innerWidth);
  // The right border is put at its column, so that a font with odd widths cannot push it away.
  const line = (text: string, style: string): string =>
    `${dim}│${reset}${style}${cell(`${' '.repeat(margin)}${text}`, innerWidth)}${reset}${to(frameWidth)}${dim}│${reset}`;
  const body = screen.rows.flatMap((text, index) => {
    const drawn = line(text, rowStyle(screen, index));
    return roomy && index > 0 ? [line('', ''), drawn] : [drawn];
  });
  return [
    `${dim}┌${bar}┐${reset}`,
    ...body,
    `${dim}└${bar}┘${reset}`,
    ...help.map((text) => `${dim}${cell(text, frameWidth)}${reset}`),
  ];
}

function rowStyle(screen: Screen, index: number): string {
  if (index === 0) return titleStyle;
  if (index === screen.rows.length - 1) return helpStyle;
  return screen.big && index === screen.rows.length - 2 ? amountStyle : '';
}

/** Of a slip that is too long for the terminal the end is shown, where the amount is. */
function drawSlip({ slip, language, rows }: Picture, width: number): string[] {
  const lines = [...slip];
  while (lines.at(-1)?.trim() === '') lines.pop();
  const above = lines.length - rows + 1;
  const note = language === 'zh' ? `(上略${above}行)` : `(${above} lines above)`;
  const shown = lines.length > rows ? [note, ...lines.slice(above)] : lines;
  return shown.map((text) => `${paperStyle}${cell(` ${text}`, width)}${reset}`);
}
