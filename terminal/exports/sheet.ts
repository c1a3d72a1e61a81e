import type { Language } from '../base/errors.ts';
import type { Select, Value } from '../base/select.ts';

/** What a file says, before it has a form: columns, rows, and the facts about them. */

export type Words = Readonly<Record<Language, string>>;

/**
 * `plain`: our own numbers and codes, nothing in them needs care. `text`: what a person or a host wrote. `digits`: our own numbers that keep their zeros. `reference`: a
 * number as somebody else calls it, so it may be anything. `yuan`: an amount in fen, shown in
 * yuan. `time`: milliseconds, shown in Shanghai. `word`: a code with `words`; another one stands as it is.
 */
export interface Column {
  readonly key: string;
  readonly head: Words;
  readonly type: 'plain' | 'text' | 'digits' | 'reference' | 'count' | 'yuan' | 'time' | 'word';
  readonly words?: Readonly<Record<string, Words>>;
  /** Stands in the totals row. Of `count` and `yuan`. */
  readonly sum?: boolean;
}

/** Rows that a query makes: at most `limit` behind `after`, the row before; none: the end. */
export interface Pages {
  readonly page: (after: Row | undefined, limit: number) => readonly Row[];
}
export type Row = Readonly<Record<string, Value>>;

export interface Sheet {
  readonly title: Words;
  readonly columns: readonly Column[];
  /** Selects: one after the other. */
  readonly rows: readonly Select[] | Pages;
  /** What is known without its rows: opening and closing balance, the account. */
  readonly facts: readonly Fact[];
}

export interface Fact {
  readonly head: Words;
  readonly value: string | { readonly fen: number } | { readonly at: number } | Words;
}

/** The unit stands in the head: WeChat's bills are in yuan, its API in fen. */
export const headOf = ({ head, type }: Pick<Column, 'head' | 'type'>, language: Language): string =>
  type === 'yuan' ? `${head[language]}${language === 'zh' ? '(元)' : ' (yuan)'}` : head[language];

export const sumColumns = (columns: readonly Column[]): readonly Column[] => columns.filter(({ sum }) => sum);
