import type { EntryMode } from '../protocol/common.ts';
import { findBatch, setBatch } from './batches.ts';
import type { TerminalRef } from './business.ts';
import type { BatchTable } from './business-tables.ts';
import { receivableOf } from './chart.ts';
import { receiveFunds } from './funds.ts';
import { type Host, owner } from './host.ts';
import { sendDown } from './send-down.ts';
import { shanghaiDay } from './shanghai.ts';
import type { HostTrx } from './store.ts';
import { debitTxns } from './txns.ts';

/**
 * Clears what a closed batch has left to clear, without `except` (J-03 at the terminal), and receives the channel's money for it, net of refunds (J-05), in the
 * caller's transaction. What was excepted clears when it is called again. False when the batch is not closed or has nothing left: nothing is cleared
 * twice, and nothing before its close.
 */
export async function clearBatch(
  host: Host,
  trx: HostTrx,
  from: TerminalRef,
  batch: string,
  except: readonly string[] = [],
): Promise<boolean> {
  const row = await findBatch(trx, from, batch);
  if (row?.state !== 'CLOSED' && row?.state !== 'CLEARED') return false;
  const again = row.state === 'CLEARED';
  const cut = await left(trx, from, batch, except);
  const clearing = await sumsOf(trx, from, batch, 'APPROVED', cut);
  if (again && clearing.length === 0) return false;
  const now = host.clock.now();
  // Cleared in the answer: the channel pays for them with the rest of the batch.
  const atOnce = again ? [] : await sumsOf(trx, from, batch, 'CLEARED', []);
  await markCleared(trx, from, batch, cut, now);
  const grossFen = clearing.reduce((sum, { fen }) => sum + fen, 0);
  const feeFen = clearing.reduce((sum, { fee }) => sum + fee, 0);
  const clearingDate = shanghaiDay(now);
  await setBatch(trx, from, batch, {
    state: 'CLEARED',
    clearing_date: clearingDate,
    gross_fen: (row.gross_fen ?? 0) + grossFen,
    fee_fen: (row.fee_fen ?? 0) + feeFen,
    cleared_at: now,
  });
  const no = again ? `cleared:${batch}:${now}` : `cleared:${batch}`;
  await sendDown(trx, from, {
    kind: 'batch-cleared',
    id: no,
    body: { no, at: now, batch, clearingDate, except: cut, grossFen, feeFen, netFen: grossFen - feeFen },
  });
  await fund(trx, from, { row, paid: [...clearing, ...atOnce], clearingDate, now });
  return true;
}

/** Which of `except` are there to clear. */
async function left(trx: HostTrx, from: TerminalRef, batch: string, except: readonly string[]): Promise<string[]> {
  if (except.length === 0) return [];
  const rows = await trx
    .selectFrom('approvals')
    .select('payment')
    .where((eb) => eb.and({ ...owner(from), batch, state: 'APPROVED' }))
    .where('txn', 'in', debitTxns)
    .where('payment', 'in', except)
    .orderBy('payment')
    .execute();
  return rows.map((row) => row.payment);
}

interface Sum {
  readonly entry: EntryMode;
  readonly fen: number;
  readonly fee: number;
}

/** G and F of the payments of a batch in a state, by entry mode. */
async function sumsOf(
  trx: HostTrx,
  from: TerminalRef,
  batch: string,
  state: 'APPROVED' | 'CLEARED',
  except: readonly string[],
): Promise<Sum[]> {
  let query = trx
    .selectFrom('approvals')
    .select((eb) => ['entry', eb.fn.sum('amount_fen').as('fen'), eb.fn.sum('fee_fen').as('fee')])
    .where((eb) => eb.and({ ...owner(from), batch, state }))
    .where('txn', 'in', debitTxns);
  if (except.length > 0) query = query.where('payment', 'not in', except);
  const rows = await query.groupBy('entry').execute();
  return rows.map(({ entry, fen, fee }) => ({ entry, fen: Number(fen), fee: Number(fee) }));
}

async function markCleared(
  trx: HostTrx,
  from: TerminalRef,
  batch: string,
  except: readonly string[],
  now: number,
): Promise<void> {
  let update = trx
    .updateTable('approvals')
    .set({ state: 'CLEARED', cleared_at: now })
    .where((eb) => eb.and({ ...owner(from), batch, state: 'APPROVED' }))
    .where('txn', 'in', debitTxns);
  if (except.length > 0) update = update.where('payment', 'not in', except);
  await update.execute();
}

/** Each channel pays the gross amount of its sales less the refunds of the batch that have succeeded, on the business date of the batch. */
async function fund(
  trx: HostTrx,
  from: TerminalRef,
  given: {
    readonly row: BatchTable;
    readonly paid: readonly Sum[];
    readonly clearingDate: string;
    readonly now: number;
  },
): Promise<void> {
  const { row, paid, clearingDate, now } = given;
  const { batch } = row;
  const date = row.business_date ?? clearingDate;
  const sums = new Map<ReturnType<typeof receivableOf>, number>();
  const add = (entry: EntryMode, fen: number) => {
    const account = receivableOf(entry);
    sums.set(account, (sums.get(account) ?? 0) + fen);
  };
  for (const { entry, fen } of paid) add(entry, fen);
  for (const { entry, amount_fen: fen } of await takeRefunds(trx, from, batch)) add(entry, -fen);
  for (const [account, amountFen] of [...sums].toSorted(([a], [b]) => a.localeCompare(b))) {
    await receiveFunds(trx, from, { account, date, amountFen, batch, now });
  }
}

/** The refunds of the batch that have succeeded and were not netted yet. */
async function takeRefunds(trx: HostTrx, from: TerminalRef, batch: string) {
  return trx
    .updateTable('refunds')
    .set({ funded: 1 })
    .where((eb) => eb.and({ ...owner(from), batch, state: 'SUCCEEDED', funded: 0 }))
    .returning(['entry', 'amount_fen'])
    .execute();
}
