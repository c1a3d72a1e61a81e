import type { BatchTotals, GroupTotals } from '../protocol/common.ts';
import type { TerminalRef } from './business.ts';
import type { BatchTable } from './business-tables.ts';
import { owner } from './host.ts';
import { findTerminal } from './merchants.ts';
import type { HostTrx } from './store.ts';

/** A terminal's batches as the host keeps them: OPEN → COMPARED → CLOSED → CLEARED (states.md 3 has the terminal's side). */

/** After 999999 comes 000001. */
export function nextBatchNumber(batch: string): string {
  return String((Number(batch) % 999_999) + 1).padStart(6, '0');
}

export async function findBatch(trx: HostTrx, from: TerminalRef, batch: string): Promise<BatchTable | undefined> {
  return trx
    .selectFrom('batches')
    .selectAll()
    .where((eb) => eb.and({ ...owner(from), batch }))
    .executeTakeFirst();
}

/** The batch that is not closed yet, if any. */
export async function currentBatch(trx: HostTrx, from: TerminalRef): Promise<string | null> {
  const row = await trx
    .selectFrom('batches')
    .select('batch')
    .where((eb) => eb.and(owner(from)))
    .where('state', 'in', ['OPEN', 'COMPARED'])
    .executeTakeFirst();
  return row?.batch ?? null;
}

export async function isBatchOpen(trx: HostTrx, from: TerminalRef, batch: string): Promise<boolean> {
  return (await findBatch(trx, from, batch))?.state === 'OPEN';
}

/** Opens the terminal's next batch and returns its number. */
export async function openBatch(trx: HostTrx, from: TerminalRef, now: number): Promise<string> {
  const terminal = await findTerminal(trx, from);
  if (!terminal) throw new Error('openBatch: unknown terminal');
  const batch = terminal.next_batch;
  await trx
    .insertInto('batches')
    .values({ ...owner(from), batch, state: 'OPEN', opened_at: now })
    .execute();
  return batch;
}

export async function setBatch(
  trx: HostTrx,
  from: TerminalRef,
  batch: string,
  change: Partial<Omit<BatchTable, 'merchant' | 'terminal' | 'batch'>>,
): Promise<void> {
  await trx
    .updateTable('batches')
    .set(change)
    .where((eb) => eb.and({ ...owner(from), batch }))
    .execute();
}

const zero: GroupTotals = { debitCount: 0, debitFen: 0, creditCount: 0, creditFen: 0 };
export const zeroTotals: BatchTotals = { domestic: zero, foreign: zero, codes: zero };

/** What the host itself approved in a batch less what it reversed, by its own records of the requests; gross profile. */
export async function hostTotals(trx: HostTrx, from: TerminalRef, batch: string): Promise<BatchTotals> {
  const rows = await trx
    .selectFrom('approvals')
    .select((eb) => ['card_group', eb.fn.countAll().as('count'), eb.fn.sum('amount_fen').as('fen')])
    .where((eb) => eb.and({ ...owner(from), batch, state: 'APPROVED' }))
    .groupBy('card_group')
    .execute();
  const totals = { ...zeroTotals };
  for (const row of rows) {
    totals[row.card_group] = { ...zero, debitCount: Number(row.count), debitFen: Number(row.fen) };
  }
  return totals;
}
