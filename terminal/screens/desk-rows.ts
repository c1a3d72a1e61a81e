import { shanghai } from '../base/clock.ts';
import type { Language } from '../base/errors.ts';
import { formatYuan } from '../base/money.ts';
import type { Row } from './desk-places.ts';
import { alignRight, columns, pair, textWidth, wrap } from './screen.ts';
import { keyFor, rowsOf, type Say, wordsOf } from './texts.ts';

/** Rows of the desks' pages, and how they are drawn. */

export function drawRow(row: Row, language: Language): readonly string[] {
  if ('words' in row) return wrap(row.words).flatMap(pieces).slice(0, row.most);
  if ('right' in row) return [alignRight(row.right)];
  if (!('label' in row)) return rowsOf(row, language);
  const { label, value } = row;
  return [pair(wordsOf(language, label), typeof value === 'string' ? value : rowsOf(value, language).join(' '))];
}

/** A number or a word of more than a row. */
const pieces = (row: string): readonly string[] =>
  textWidth(row) <= columns ? [row] : (row.match(new RegExp(`.{1,${columns}}`, 'g')) ?? []);

export const money = (label: Extract<Row, { label: unknown }>['label'], fen: number): Row => ({
  label,
  value: formatYuan(fen),
});

/** `11-20 10:00` in Shanghai. */
export function when(atMs: number): string {
  const { day, time } = shanghai(atMs);
  return `${day.slice(5)} ${time.slice(0, 5)}`;
}

/** Why something failed: by its code, or in the words of whoever said no. */
export function reasonRow(reason: string): Row {
  const text = keyFor('reason', reason);
  return text ? { text, params: {} } : { words: reason, most: 2 };
}

export const empty: Say = { text: 'empty', params: {} };
