import type { JournalOnWire } from '../protocol/common.ts';

/** What journals do to accounts: debit less credit in fen, by account key; an account that ends at 0 is not in it. */
export type Effects = ReadonlyMap<string, number>;

export type Line = JournalOnWire['lines'][number];

/** Of a row that posts nothing. */
export const noEffects: readonly (readonly Line[])[] = [];

/** Lines of no amount are none (accounting.md §1). */
export function effectsOf(lines: readonly Line[]): Effects {
  const sums = new Map<string, number>();
  for (const [account, side, fen] of lines) {
    sums.set(account, (sums.get(account) ?? 0) + (side === 'D' ? fen : -fen));
  }
  return new Map([...sums].filter(([, fen]) => fen !== 0));
}

/** Accounts on which two computations differ, with both. */
export function differ(posted: Effects, expected: Effects): { account: string; posted: number; expected: number }[] {
  return [...new Set([...posted.keys(), ...expected.keys()])]
    .map((account) => ({ account, posted: posted.get(account) ?? 0, expected: expected.get(account) ?? 0 }))
    .filter((d) => d.posted !== d.expected);
}
