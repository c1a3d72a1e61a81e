import type { Query } from '../exports/export.ts';
import type { ExportFilter } from './export-desk.ts';

/** What narrows a file of transactions, as its job keeps it. */

const names = ['type', 'state', 'operator', 'stan', 'minFen', 'maxFen'] as const;

/** Always the same text for the same filter; null for one that narrows nothing. */
export function filterText(filter: ExportFilter = {}): string | null {
  const given = names.flatMap((name) => (filter[name] === undefined ? [] : [[name, filter[name]]]));
  return given.length === 0 ? null : JSON.stringify(Object.fromEntries(given));
}

export const filterOf = ({ kind, about }: Pick<Query, 'kind' | 'about'>): ExportFilter | undefined =>
  kind === 'transactions' && about !== null ? JSON.parse(about) : undefined;
