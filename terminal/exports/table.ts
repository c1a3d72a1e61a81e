import { shanghai } from '../base/clock.ts';
import type { Database } from '../base/database.ts';
import type { Language } from '../base/errors.ts';
import type { Dialect } from './dialect.ts';
import { type Column, type Fact, headOf, type Row, type Sheet, sumColumns } from './sheet.ts';
import { rowText, slicesOf } from './slices.ts';
import { fileWords } from './words.ts';

/** What a file is made of, in whatever form: a head, the rows, a totals row, facts. */

export interface Order {
  /** A handle of its own, which sees the book as it was when the file was begun. */
  readonly db: Database;
  readonly sheet: Sheet;
  readonly language: Language;
  /** Called after each slice, with the rows so far: other work has its turn; it may throw to give up. */
  readonly turn: (rows: number) => Promise<void>;
}

export interface Counted {
  rows: number;
  sums: readonly number[];
}

const textColumn = ({ key, head }: Column): Column => ({ key, head, type: 'text' });

export function headText({ db, sheet: { columns }, language }: Order, dialect: Dialect): string {
  const heads = Object.fromEntries(columns.map((column) => [column.key, headOf(column, language)]));
  return rowText(db, columns.map(textColumn), heads, { dialect, language });
}

/** The rows; `counted` is what they came to when the last one is out. */
export async function* bodyTexts(
  { db, sheet, language, turn }: Order,
  dialect: Dialect,
  counted: Counted,
): AsyncGenerator<Uint8Array> {
  for (const { text, rows, sums } of slicesOf(db, sheet, { dialect, language, line: 1 })) {
    counted.rows += rows;
    counted.sums = sums.map((sum, index) => sum + (counted.sums[index] ?? 0));
    yield text;
    await turn(counted.rows);
  }
}

/** 合计. Empty without a column that is summed. */
export function totalText({ db, sheet: { columns }, language }: Order, dialect: Dialect, counted: Counted): string {
  const summed = sumColumns(columns);
  const [first] = columns;
  if (!first || summed.length === 0) return '';
  const row: Record<string, string | number> = Object.fromEntries(
    summed.map(({ key }, index) => [key, counted.sums[index] ?? 0]),
  );
  row[first.key] = fileWords.total[language];
  const shape = { dialect, language, line: counted.rows + 1 };
  return rowText(
    db,
    columns.map((column) => (column.sum ? column : textColumn(column))),
    row,
    shape,
  );
}

/** A line of two cells. */
export function factText({ db, language }: Order, dialect: Dialect, { head, value }: Fact, line = 0): string {
  const isFen = typeof value === 'object' && 'fen' in value;
  const columns: readonly Column[] = [
    { key: 'what', head, type: 'text' },
    { key: 'value', head, type: isFen ? 'yuan' : 'text' },
  ];
  const row: Row = {
    what: headOf({ head, type: isFen ? 'yuan' : 'text' }, language),
    value: factValue(value, language),
  };
  return rowText(db, columns, row, { dialect, language, line });
}

function factValue(value: Fact['value'], language: Language): string | number {
  if (typeof value === 'string') return value;
  if ('fen' in value) return value.fen;
  if ('zh' in value) return value[language];
  const { day, time } = shanghai(value.at);
  return `${day} ${time}`;
}
