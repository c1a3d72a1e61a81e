import { findBatch, setBatch } from './batches.ts';
import type { TerminalRef } from './business.ts';
import { type Host, owner } from './host.ts';
import { sendDown } from './send-down.ts';
import { shanghaiDay } from './shanghai.ts';
import type { HostTrx } from './store.ts';

const cardGroups = ['domestic', 'foreign'] as const;

/**
 * Clears the card sales of a closed batch (J-03 at the terminal) and receives the channel's money for them (J-05), in the caller's
 * transaction. False when the batch is not CLOSED: nothing is cleared twice, and nothing before its close.
 */
export async function clearBatch(host: Host, trx: HostTrx, from: TerminalRef, batch: string): Promise<boolean> {
  const row = await findBatch(trx, from, batch);
  if (row?.state !== 'CLOSED') return false;
  const now = host.clock.now();
  const sums = await trx
    .selectFrom('approvals')
    .select((eb) => [eb.fn.sum('amount_fen').as('gross'), eb.fn.sum('fee_fen').as('fee')])
    .where((eb) => eb.and({ ...owner(from), batch, state: 'APPROVED' }))
    .where('card_group', 'in', cardGroups)
    .executeTakeFirst();
  const grossFen = Number(sums?.gross ?? 0);
  const fee = Number(sums?.fee ?? 0);
  await trx
    .updateTable('approvals')
    .set({ state: 'CLEARED' })
    .where((eb) => eb.and({ ...owner(from), batch, state: 'APPROVED' }))
    .where('card_group', 'in', cardGroups)
    .execute();
  const clearingDate = shanghaiDay(now);
  await setBatch(trx, from, batch, {
    state: 'CLEARED',
    clearing_date: clearingDate,
    gross_fen: grossFen,
    fee_fen: fee,
    cleared_at: now,
  });
  const no = `cleared:${batch}`;
  await sendDown(trx, from, {
    kind: 'batch-cleared',
    id: no,
    body: { no, at: now, batch, clearingDate, except: [], grossFen, feeFen: fee, netFen: grossFen - fee },
  });
  const date = row.business_date ?? clearingDate;
  if (grossFen > 0) await receiveFunds(trx, from, { date, amountFen: grossFen, batch, now });
  return true;
}

/** The channel pays the gross amount of the cards' sales, on the business date of their batch. */
async function receiveFunds(
  trx: HostTrx,
  from: TerminalRef,
  paid: { readonly date: string; readonly amountFen: number; readonly batch: string; readonly now: number },
): Promise<void> {
  const account = '1101';
  const { date, amountFen, batch, now } = paid;
  const last = await trx
    .selectFrom('funds')
    .select((eb) => eb.fn.max('n').as('n'))
    .where((eb) => eb.and({ ...owner(from), account, date }))
    .executeTakeFirst();
  const n = Number(last?.n ?? 0) + 1;
  await trx
    .insertInto('funds')
    .values({ ...owner(from), account, date, n, amount_fen: amountFen, batch, posted: 0 })
    .execute();
  const no = `fund:${account}:${date}:${n}`;
  await sendDown(trx, from, {
    kind: 'funds-received',
    id: no,
    body: { no, at: now, account, date, n, amountFen },
  });
}
