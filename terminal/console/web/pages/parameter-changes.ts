import type { ParameterRow } from '../../contract.ts';

/** How a parameter stands to what the program would take by itself, and to the revision before. */
export type ParameterMark = 'changed-now' | 'set' | 'usual' | 'unknown';

/** `changed-now`: the last revision changed it. `set`: upstream chose another value than the usual one. `unknown`: the terminal itself does not use it. */
export function markOf({ value, usual, before }: ParameterRow): ParameterMark {
  if (before !== undefined && before !== value) return 'changed-now';
  if (usual === undefined) return 'unknown';
  return usual === value ? 'usual' : 'set';
}

/** A sign that says the same without colour. */
export const markSigns: Readonly<Record<ParameterMark, string>> = {
  'changed-now': '±',
  set: '≠',
  usual: '=',
  unknown: '?',
};

/** Those whose name or words hold what was typed, the ones that changed first. */
export function shownParameters(
  rows: readonly ParameterRow[],
  { search, onlyChanged, wordsOf }: { search: string; onlyChanged: boolean; wordsOf: (name: string) => string },
): readonly ParameterRow[] {
  const wanted = search.trim().toLowerCase();
  const order: readonly ParameterMark[] = ['changed-now', 'set', 'usual', 'unknown'];
  return rows
    .filter((row) => !onlyChanged || ['changed-now', 'set'].includes(markOf(row)))
    .filter(({ name }) => `${name} ${wordsOf(name)}`.toLowerCase().includes(wanted))
    .toSorted((a, b) => order.indexOf(markOf(a)) - order.indexOf(markOf(b)) || (a.name < b.name ? -1 : 1));
}
