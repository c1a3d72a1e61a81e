import type { Language } from '../base/errors.ts';
import type { Column } from './sheet.ts';

/**
 * How rows become text, as SQL: SQLite formats a slice of rows in one statement, three times as fast as JavaScript (figures.md, hints and F8). Every cell of a file is made here.
 */
export interface Dialect {
  /** An expression for a whole row, over columns by their keys and `sheet_line`, its place in the sheet from 1. */
  row(columns: readonly Column[], language: Language): string;
  /** Between two rows. */
  readonly between: string;
  /** Whether a row says its `sheet_line`. */
  readonly numbered: boolean;
  /** Rows that are made at once: some two milliseconds, and some hundred kilobytes. */
  readonly slice: number;
}

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Exact, without floating point. */
const yuan = (key: string): string =>
  `iif("${key}" < 0, '-', '') || (abs("${key}") / 100) || '.' || substr('0' || (abs("${key}") % 100), -2)`;

/** The clock of every rule and slip: Shanghai, without summer time. */
const time = (key: string): string => `strftime('%Y-%m-%d %H:%M:%S', "${key}" / 1000 + 28800, 'unixepoch')`;

/** `cell`: what a word becomes in a file; `other`: an expression for a code without words. */
function word({ key, words = {} }: Column, language: Language, cell: (text: string) => string, other: string): string {
  const cases = Object.entries(words).map(([code, of]) => `WHEN ${literal(code)} THEN ${literal(cell(of[language]))}`);
  return cases.length === 0 ? other : `CASE "${key}" ${cases.join(' ')} ELSE ${other} END`;
}

/** Made by SQLite or by ourselves: nothing in it needs care. NULL for nothing. */
function made({ key, type }: Column): string | undefined {
  if (type === 'yuan') return yuan(key);
  if (type === 'time') return time(key);
  return type === 'count' || type === 'digits' || type === 'plain' ? `"${key}"` : undefined;
}

const isNumber = ({ type }: Column): boolean => type === 'yuan' || type === 'count';

const quote = (text: string): string => `'"' || replace(${text}, '"', '""') || '"'`;
/** In a GLOB's brackets: what begins a formula in a spreadsheet. */
const formulaStart = `'[-=+@' || char(9, 13) || ']*'`;
const breaksCell = `'*[",' || char(10, 13) || ']*'`;

const isBroken = /["\n\r,]/;

/** In quotes where the cell would not end where it should. */
const csvSafe = (text: string, safe: string): string =>
  `iif(${text} GLOB ${breaksCell}, ${quote(`(${safe})`)}, ${safe})`;

/** An apostrophe makes a spreadsheet take a cell as text: a formula does not run, a long number keeps its digits (cross-cutting.md, export rules). */
function csvText(key: string): string {
  const text = `"${key}"`;
  const isLong = `length(${text}) >= 12 OR ${text} GLOB '0?*'`;
  const risky = `${text} GLOB ${formulaStart} OR (${isLong}) AND ${text} NOT GLOB '*[^0-9]*'`;
  return csvSafe(text, `iif(${risky}, '''', '') || ${text}`);
}

const csvWord = (text: string): string => (isBroken.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

function csvCell(column: Column, language: Language): string {
  const { key, type } = column;
  if (type === 'digits') return `'''' || "${key}"`;
  if (type === 'reference') return csvSafe(`"${key}"`, `'''' || "${key}"`);
  if (type === 'word') return word(column, language, csvWord, csvText(key));
  return made(column) ?? csvText(key);
}

export const csv: Dialect = {
  row: (columns, language) => columns.map((column) => `coalesce(${csvCell(column, language)}, '')`).join(` || ',' || `),
  between: '\r\n',
  numbered: false,
  slice: 500,
};

const marks = [
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
] as const;
/** XML has no place for control characters, not even escaped. */
const controls = Array.from({ length: 32 }, (_, code) => code)
  .filter((code) => ![0, 9, 10, 13].includes(code))
  .join(', ');

function markupText(key: string): string {
  const text = `"${key}"`;
  const escaped = marks.reduce((inner, [from, to]) => `replace(${inner}, '${from}', '${to}')`, text);
  return `iif(${text} GLOB '*[&<>"' || char(${controls}) || ']*', cleaned(${escaped}), ${text})`;
}

const markupWord = (text: string): string => marks.reduce((inner, [from, to]) => inner.replaceAll(from, to), text);

function markupCell(column: Column, language: Language): string {
  if (column.type === 'word') return word(column, language, markupWord, markupText(column.key));
  return made(column) ?? markupText(column.key);
}

/** `A`, `B`, … `Z`, `AA`. */
const letters = (index: number): string =>
  (index >= 26 ? letters(Math.floor(index / 26) - 1) : '') + String.fromCharCode(65 + (index % 26));

/** What somebody wrote keeps its spaces. */
const space = ({ type }: Column): string => (type === 'text' ? ' xml:space="preserve"' : '');

/** Text cells are of the type text, so nothing in them is a formula or a number. */
export const xlsx: Dialect = {
  row: (columns, language) => {
    const cells = columns.map((column, index) => {
      const place = `'<c r="${letters(index)}' || sheet_line ||`;
      const shape = isNumber(column)
        ? `${place} '"${column.type === 'yuan' ? ' s="1"' : ''}><v>' || ${made(column)} || '</v></c>'`
        : `${place} '" t="inlineStr"><is><t${space(column)}>' || ${markupCell(column, language)} || '</t></is></c>'`;
      return `coalesce(${shape}, '')`;
    });
    return `'<row r="' || sheet_line || '">' || ${cells.join(' || ')} || '</row>'`;
  },
  between: '',
  numbered: true,
  slice: 100,
};

export const html: Dialect = {
  row: (columns, language) => {
    const cells = columns.map(
      (column) =>
        `'<td${isNumber(column) ? ' class="n"' : ''}>' || coalesce(${markupCell(column, language)}, '') || '</td>'`,
    );
    return `'<tr>' || ${cells.join(' || ')} || '</tr>'`;
  },
  between: '\n',
  numbered: false,
  slice: 250,
};
