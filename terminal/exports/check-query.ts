import { dayMs, isDay, startOfDay } from '../base/clock.ts';
import { TerminalError } from '../base/errors.ts';
import type { ExportKind, Query } from './export.ts';
import { mostXlsxRows } from './xlsx-file.ts';

/** What of a kind is asked for: of one thing, of days, or of either. */
export const exportForms: Readonly<Record<ExportKind, 'days' | 'thing' | 'either'>> = {
  statement: 'either',
  transactions: 'days',
  settlements: 'days',
  'settlement-payments': 'thing',
  report: 'days',
  differences: 'days',
  batch: 'thing',
  audit: 'days',
};

const mostDays = 366;

/** A page that is printed has no more rows than this: some four hundred sheets of paper. */
const mostRows: Readonly<Record<Query['format'], number>> = {
  csv: Number.MAX_SAFE_INTEGER,
  xlsx: mostXlsxRows,
  html: 20_000,
};

/** The query as it is kept: a statement of one day is one of days, so `about` is a settlement or a batch. INVALID_RANGE, EXPORT_RANGE_TOO_LARGE, BAD_REQUEST. */
export function checkQuery(query: Query): Query {
  const form = exportForms[query.kind];
  if (form === 'thing') {
    if (query.about === null || !/^[A-Za-z0-9_.-]{1,80}$/.test(query.about))
      throw new TerminalError('BAD_REQUEST', { what: 'about' });
    return { ...query, from: null, to: null };
  }
  const one = form === 'either' ? query.about : null;
  const [from, to] = [one ?? query.from, one ?? query.to];
  const days = daysOf(from, to);
  if (from === null || to === null || days === undefined || days < 1)
    throw new TerminalError('INVALID_RANGE', { value: `${from ?? ''} – ${to ?? ''}` });
  if (days > mostDays) throw new TerminalError('EXPORT_RANGE_TOO_LARGE', { value: days, limit: mostDays });
  return { ...query, from, to, about: query.kind === 'transactions' ? query.about : null };
}

/** EXPORT_RANGE_TOO_LARGE. */
export function checkRows({ format }: Pick<Query, 'format'>, rows: number): void {
  const limit = mostRows[format];
  if (rows > limit) throw new TerminalError('EXPORT_RANGE_TOO_LARGE', { value: rows, limit });
}

/** Both included; undefined for what is no day. */
function daysOf(from: string | null, to: string | null): number | undefined {
  if (from === null || to === null || !isDay(from) || !isDay(to)) return undefined;
  return (startOfDay(to) - startOfDay(from)) / dayMs + 1;
}
