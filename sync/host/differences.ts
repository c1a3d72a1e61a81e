import type { UpRow } from '../protocol/rows.ts';
import type { TerminalRef } from './business.ts';
import { accountOf, balanceOf } from './chart.ts';
import { differ, type Effects } from './effects.ts';
import { owner } from './host.ts';
import { mirrorBalances } from './mirror.ts';
import { sendDown } from './send-down.ts';
import type { HostTrx } from './store.ts';

/** One account on which book and mirror disagree; both in fen on the account's normal side. */
interface Difference {
  readonly account: string;
  readonly bookFen: number;
  readonly mirrorFen: number;
}

/** The second opinion (P-26 b): what the row posted against what the host computed, and what must never be below zero (P-03). */
export async function compareWithOpinion(
  trx: HostTrx,
  from: TerminalRef,
  posted: Effects,
  expected: Effects,
): Promise<Difference[]> {
  const found = differ(posted, expected).map((d) => ({
    account: d.account,
    bookFen: balanceOf(d.account, d.posted),
    mirrorFen: balanceOf(d.account, d.expected),
  }));
  const named = new Set(found.map((d) => d.account));
  const limited = [...posted.keys()].filter((key) => !named.has(key) && accountOf(key)?.mayBeNegative === false);
  for (const [account, fen] of await mirrorBalances(trx, from, limited)) {
    if (fen < 0) found.push({ account, bookFen: fen, mirrorFen: 0 });
  }
  return found;
}

/** Keeps a difference and tells the terminal; from now on none of its instructions is accepted until somebody decides. */
export async function recordDifference(
  trx: HostTrx,
  from: TerminalRef,
  row: UpRow,
  difference: Difference,
  now: number,
): Promise<void> {
  const last = await trx
    .selectFrom('mirror_differences')
    .select((eb) => eb.fn.max('n').as('n'))
    .where((eb) => eb.and(owner(from)))
    .executeTakeFirst();
  const n = Number(last?.n ?? 0) + 1;
  const { account, bookFen, mirrorFen } = difference;
  await trx
    .insertInto('mirror_differences')
    .values({
      ...owner(from),
      n,
      seq: row.seq,
      row_kind: row.kind,
      row_id: row.id,
      account,
      book_fen: bookFen,
      mirror_fen: mirrorFen,
      decision: null,
      decided_at: null,
      at: now,
    })
    .execute();
  const no = `differs:${n}`;
  await sendDown(trx, from, {
    kind: 'mirror-differs',
    id: no,
    body: { no, at: now, seq: row.seq, account, bookFen, mirrorFen },
  });
}

export async function hasOpenDifference(trx: HostTrx, from: TerminalRef): Promise<boolean> {
  const row = await trx
    .selectFrom('mirror_differences')
    .select('n')
    .where((eb) => eb.and({ ...owner(from) }))
    .where('decision', 'is', null)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** A person's decision on difference `n`: the book holds, or the mirror's view does. False when there is no such open difference. */
export async function decideDifference(
  trx: HostTrx,
  from: TerminalRef,
  decided: { readonly n: number; readonly decision: 'book' | 'mirror'; readonly by: string; readonly at: number },
): Promise<boolean> {
  const changed = await trx
    .updateTable('mirror_differences')
    .set({ decision: decided.decision, decided_at: decided.at, decided_by: decided.by })
    .where((eb) => eb.and({ ...owner(from), n: decided.n }))
    .where('decision', 'is', null)
    .executeTakeFirst();
  return changed.numUpdatedRows > 0n;
}
