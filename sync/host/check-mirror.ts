import { sql } from 'kysely';
import type { TerminalRef } from './business.ts';
import type { Line } from './effects.ts';
import { addLines, readLines, type Sum } from './mirror.ts';
import { rowsOf } from './report-rows.ts';
import type { HostStore, HostTrx } from './store.ts';

export interface MirrorCheck {
  readonly journals: number;
  /** Σ debits − Σ credits over everything: 0, or the store is corrupt. */
  readonly sumFen: number;
  /** Accounts whose running sums are not what their journals add up to (P-04). */
  readonly wrong: readonly string[];
}

/** Requests come between slices of so many journals. */
const journalsInSlice = 1_000;

/** Recomputes the mirror of a terminal from its journals, in slices; the last one and the running sums are read together. */
export async function checkMirror(store: HostStore, of: TerminalRef): Promise<MirrorCheck> {
  const sums = new Map<string, Sum>();
  let journals = 0;
  for (let after = 0; ; ) {
    const kept = await store.transaction().execute(async (trx) => {
      const slice = await journalsAfter(trx, of, after);
      for (const { lines } of slice) addLines(sums, lines);
      journals += slice.length;
      after = slice.at(-1)?.n ?? after;
      return slice.length < journalsInSlice ? await rowsOf(trx, of, 'mirror', 'account') : null;
    });
    if (!kept) continue;
    const sumFen = kept.reduce((sum, row) => sum + row.debit_fen - row.credit_fen, 0);
    const wrong = new Set(
      kept.flatMap(({ account, debit_fen, credit_fen }) => {
        const sum = sums.get(account);
        return sum?.debit === debit_fen && sum.credit === credit_fen ? [] : [account];
      }),
    );
    const known = new Set(kept.map(({ account }) => account));
    return { journals, sumFen, wrong: [...wrong, ...[...sums.keys()].filter((account) => !known.has(account))] };
  }
}

/** In the order in which they were written: `+` keeps the planner from sorting all of them for each slice. */
async function journalsAfter(trx: HostTrx, of: TerminalRef, after: number): Promise<{ n: number; lines: Line[] }[]> {
  const { rows } = await sql<{ n: number; lines_json: string }>`
    select rowid as n, lines_json from host_journals
    where rowid > ${after} and +merchant = ${of.merchant} and +terminal = ${of.terminal}
    order by rowid limit ${journalsInSlice}`.execute(trx);
  return rows.map(({ n, lines_json }) => ({ n, lines: readLines(lines_json) }));
}
