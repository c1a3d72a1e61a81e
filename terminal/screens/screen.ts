/** How a tone sounds is the face's business: key 30 ms, ok 3 × 100 ms, error 700 ms, wrong 60 ms (faces.md, rule 7). */
export type Beep = 'key' | 'ok' | 'error' | 'wrong';

/** What a face draws: plain JSON. The first row is the title (drawn reversed), the last says what the keys do. */
export interface Screen {
  /** Eight rows of exactly twenty cells; a Chinese character takes two cells. */
  readonly rows: readonly string[];
  /** The row above the last holds an amount: draw it large where that is possible. */
  readonly big: boolean;
  /** To be drawn as a QR code beside the rows: the customer scans it. */
  readonly qr?: string;
  /** Sounded once, with the first drawing of this screen. */
  readonly beep?: Beep;
}

export const columns = 20;
export const rowCount = 8;
/** Rows between the title and the key help. */
export const bodyRows = rowCount - 2;

/** Catalogues are ASCII and Chinese, so this simple rule is exact for them; other characters never reach a screen (see `clean`). */
const cells = (code: number): number => (code > 0x2e7f ? 2 : 1);

export function textWidth(text: string): number {
  let width = 0;
  for (const char of text) width += cells(char.codePointAt(0) ?? 0);
  return width;
}

/** Names come from the host: control characters and characters whose width depends on the font become `?`. */
const clean = (text: string): string =>
  [...text].map((char) => (/^[ -~\u2e80-\u{10ffff}]$/u.test(char) ? char : '?')).join('');

/** Stands where something did not fit: a name of the host's. No text of this program is that long (texts.test.ts, every-screen.test.ts). */
const cutMark = '..';

/** Exactly `width` cells: cut, or padded on the right. */
export function padded(text: string, width: number = columns): string {
  const whole = clean(text);
  const used = textWidth(whole);
  return used <= width ? whole + ' '.repeat(width - used) : cut(whole, width);
}

function cut(text: string, width: number): string {
  const room = width - cutMark.length;
  if (room < 0) return ' '.repeat(width);
  let used = 0;
  let out = '';
  for (const char of text) {
    if (used + textWidth(char) > room) break;
    out += char;
    used += textWidth(char);
  }
  return out + cutMark + ' '.repeat(room - used);
}

export const alignRight = (text: string): string => ' '.repeat(Math.max(0, columns - textWidth(text))) + text;

/** `left` and `right` on one row, padded apart; the value on the right is never cut for the sake of the label. */
export function pair(left: string, right: string): string {
  const room = Math.max(0, columns - textWidth(right) - 1);
  return `${padded(left, room)} ${right}`;
}

/** A Chinese character or a word with the blank before it, and the punctuation that must not begin a row. */
const partPattern = /(?:[ -~]+?(?= |$|[\u2e80-\u{10ffff}])|.)[，。、：；！？）]?/gu;

/** Breaks a text into rows: at a comma where the rest of the clause fits a row, else between words or Chinese characters. */
export function wrap(text: string): readonly string[] {
  const rows: string[] = [];
  let row = '';
  const add = (part: string): void => {
    if (textWidth(row + part) > columns) {
      rows.push(row.trimEnd());
      row = '';
    }
    row += row === '' ? part.trimStart() : part;
  };
  for (const clause of clean(text).split(/(?<=[，；;])/u)) {
    const bare = clause.replace(/[，；;]$/u, '');
    if (textWidth(clause.trim()) <= columns) add(clause);
    else if (textWidth(bare.trim()) <= columns) add(bare);
    else for (const part of clause.match(partPattern) ?? []) add(part);
  }
  return [...rows, row.trimEnd()].filter((line) => line !== '');
}

export interface Content {
  readonly title: string;
  /** At the right of the title, e.g. `[模拟]`. */
  readonly mark: string;
  /** At most six rows, five when there is an amount. */
  readonly body: readonly string[];
  readonly amount?: string | undefined;
  readonly keys: string;
}

export function compose({ title, mark, body, amount, keys }: Content): Screen {
  const head = mark === '' ? padded(title) : `${padded(title, columns - textWidth(mark))}${mark}`;
  const room = amount === undefined ? bodyRows : bodyRows - 1;
  const shown = body.length > room ? [...body.slice(0, room - 1), `${body[room - 1]}${cutMark}`] : body;
  const middle = Array.from({ length: room }, (_, index) => padded(shown[index] ?? ''));
  const rows = [head, ...middle, ...(amount === undefined ? [] : [padded(alignRight(amount))]), padded(keys)];
  return { rows, big: amount !== undefined };
}
