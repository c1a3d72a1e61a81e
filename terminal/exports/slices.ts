import { type Database, perDatabase } from '../base/database.ts';
import type { Language } from '../base/errors.ts';
import type { Select, Value } from '../base/select.ts';
import type { Dialect } from './dialect.ts';
import { type Column, type Pages, type Row, type Sheet, sumColumns } from './sheet.ts';

export interface Slice {
  /** UTF-8: as bytes it goes from SQLite to the file without a detour. */
  readonly text: Uint8Array;
  readonly rows: number;
  /** Of the columns that are summed, in their order. */
  readonly sums: readonly number[];
}

interface Formatted {
  readonly last: Value;
  readonly rows: number;
  readonly text: Buffer | null;
  readonly [sum: string]: Value | Buffer;
}

const ofJson = (columns: readonly Column[]): string =>
  `SELECT key AS seq, ${columns.map(({ key }) => `value ->> '${key}' AS "${key}"`).join(', ')} FROM json_each(@rows)`;

/** One statement that gives the text, the count and the sums of the rows of `inner`. */
function formatter(db: Database, inner: string, { columns }: Sheet, dialect: Dialect, language: Language) {
  const sums = sumColumns(columns).map(({ key }, index) => `, sum("${key}") AS sum${index}`);
  const line = dialect.numbered ? '@line + row_number() OVER (ORDER BY seq)' : '@line';
  const text = `CAST(group_concat(${dialect.row(columns, language)}, @between) AS BLOB)`;
  withCleaned(db);
  return db.prepare<[Record<string, Value>], Formatted>(
    `SELECT max(seq) AS last, count(*) AS rows, ${text} AS text${sums.join('')} FROM (SELECT *, ${line} AS sheet_line FROM (${inner}))`,
  );
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not reach a file of XML
const cleaned = (text: string): string => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, ' ');

const withCleaned = perDatabase((db) =>
  db.function('cleaned', { deterministic: true }, (value: unknown) => cleaned(String(value))),
);

/** The rows of a sheet as text, slice by slice; `line`: how many lines of the file stand before them. */
export function* slicesOf(
  db: Database,
  sheet: Sheet,
  { dialect, language, line: before = 0 }: Shape,
): Generator<Slice> {
  const { rows, columns } = sheet;
  const sums = sumColumns(columns).map((_, index) => `sum${index}`);
  let line = before;
  for (const source of 'page' in rows ? [rows] : rows) {
    const isPages = 'page' in source;
    const statement = formatter(db, isPages ? ofJson(columns) : source.sql, sheet, dialect, language);
    const next = isPages ? paging(source.page, dialect.slice) : selecting(source, dialect.slice);
    for (let last: Value = null; ; ) {
      const values = next(last);
      const made = values && statement.get({ ...values, line, between: dialect.between });
      if (!made || made.rows === 0) break;
      yield { text: made.text ?? new Uint8Array(), rows: made.rows, sums: sums.map((name) => Number(made[name] ?? 0)) };
      ({ last } = made);
      line += made.rows;
    }
  }
}

const selecting =
  ({ values, first }: Select, limit: number) =>
  (last: Value): Record<string, Value> | undefined => ({ ...values, after: last ?? first, limit });

function paging(page: Pages['page'], limit: number) {
  let last: Row | undefined;
  return (): Record<string, Value> | undefined => {
    const rows = page(last, limit);
    last = rows.at(-1);
    return last && { rows: JSON.stringify(rows) };
  };
}

/** One row that is no row of the book, such as the totals. */
export const rowText = (db: Database, columns: readonly Column[], row: Row, shape: Shape): string => {
  const page = (after: Row | undefined) => (after ? [] : [row]);
  const sheet: Sheet = { title: { zh: '', en: '' }, columns, rows: { page }, facts: [] };
  return [...slicesOf(db, sheet, shape)].map(({ text }) => Buffer.from(text).toString()).join('');
};

export type Shape = { readonly dialect: Dialect; readonly language: Language; readonly line?: number };
