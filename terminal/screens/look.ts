import type { Language } from '../base/errors.ts';
import type { CounterStatus } from '../flows/counter.ts';
import { bodyRows, compose, type Screen } from './screen.ts';
import { rowsOf, type Say, wordsOf } from './texts.ts';
import type { TextKey } from './texts-zh.ts';

/** What a view may know besides its place. */
export interface Look {
  readonly status: CounterStatus;
  readonly language: Language;
  readonly now: number;
}

interface Page {
  readonly title: Say;
  /** Rows ready to draw, or texts. */
  readonly body: readonly (string | Say)[];
  readonly amount?: string;
  readonly keys: Extract<TextKey, `keys.${string}`>;
  /** Something went wrong: who helps stands below it (B-042). */
  readonly hotline?: boolean | undefined;
}

export function page(look: Look, { title, body, amount, keys, hotline = false }: Page): Screen {
  const rows = body.flatMap((part) => (typeof part === 'string' ? [part] : rowsOf(part, look.language)));
  const room = amount === undefined ? bodyRows : bodyRows - 1;
  return compose({
    title: rowsOf(title, look.language).join(' '),
    mark: look.status.simulated ? wordsOf(look.language, 'mark') : '',
    body: hotline ? withHotline(rows, room, look) : rows,
    amount,
    keys: wordsOf(look.language, keys),
  });
}

/** In the last row; a blank one above the words makes room. Not where the words need every row. */
function withHotline(rows: readonly string[], room: number, { status, language }: Look): readonly string[] {
  const words = rows.length >= room && rows[0] === '' ? rows.slice(1) : rows;
  if (words.length >= room) return rows;
  const blank = Array.from({ length: room - 1 - words.length }, () => '');
  return [...words, ...blank, wordsOf(language, 'help.hotline', { hotline: status.hotline })];
}

/** Whole seconds until `untilMs`, never negative. */
export const secondsLeft = (look: Look, untilMs: number): number => Math.max(0, Math.ceil((untilMs - look.now) / 1000));
