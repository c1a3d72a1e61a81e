export type Value = string | number | null;

/**
 * Many rows as a query that somebody else pages through: a SELECT that names its columns, one of them `seq`, by which its rows are in order and which no two share. It takes `@after` and
 * `@limit` beside `values`; the first rows come after `first`. A list may have millions of rows, so it is never read in one piece (figures.md, F8).
 */
export interface Select {
  readonly sql: string;
  readonly values: Readonly<Record<string, Value>>;
  readonly first: string | number;
}
