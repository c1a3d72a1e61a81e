import type { JournalOnWire } from '../protocol/common.ts';
import type { TerminalRef } from './business.ts';
import type { ApprovalTable } from './business-tables.ts';
import { receivableOf } from './chart.ts';
import type { Line } from './effects.ts';
import type { RefundTable } from './following-tables.ts';
import { owner } from './host.ts';
import { isPosted } from './mirror.ts';
import type { HostTrx } from './store.ts';

/** J-06 and J-06b: reserved, out of what is not cleared or of the available balance. */
export function reserving(refund: {
  readonly no: string;
  readonly payment: string;
  readonly source: '2001' | '2002';
  readonly amountFen: number;
  readonly feeFen: number;
}): Line[] {
  const { no, payment, source, amountFen, feeFen } = refund;
  const held: Line = [`2302:${no}`, 'C', amountFen];
  if (source === '2001') return [[`2001:${payment}`, 'D', amountFen], held];
  return [['2002', 'D', amountFen - feeFen], ['4001', 'D', feeFen], held];
}

/** J-07 once the host said that the refund succeeded, J-08 once it refused it or said that it failed; nothing before, and nothing twice. */
export async function endingRefund(trx: HostTrx, from: TerminalRef, journal: JournalOnWire): Promise<Line[]> {
  const refund = await trx
    .selectFrom('refunds')
    .selectAll()
    .where((eb) => eb.and({ ...owner(from), no: journal.no }))
    .executeTakeFirst();
  if (refund?.book_state !== 'RESERVED') return [];
  return journal.event === 'J-07' ? done(refund) : givenBack(refund);
}

function done(refund: RefundTable): Line[] {
  if (refund.state !== 'SUCCEEDED') return [];
  const { no, amount_fen: fen, entry, business_date: date } = refund;
  return [
    [`2302:${no}`, 'D', fen],
    [`${receivableOf(entry)}:${date}`, 'C', fen],
  ];
}

function givenBack(refund: RefundTable): Line[] {
  if (refund.state !== 'REFUSED' && refund.state !== 'FAILED') return [];
  const { no, payment, amount_fen: fen, fee_fen: fee } = refund;
  const held: Line = [`2302:${no}`, 'D', fen];
  if (refund.back_to === '2001') return [held, [`2001:${payment}`, 'C', fen]];
  return [held, ['2002', 'C', fen - fee], ['4001', 'C', fee]];
}

/** The terminal's book after J-07 or J-08. */
export async function markRefundBooked(trx: HostTrx, from: TerminalRef, journal: JournalOnWire): Promise<void> {
  await trx
    .updateTable('refunds')
    .set({ book_state: journal.event === 'J-07' ? 'DONE' : 'RELEASED' })
    .where((eb) => eb.and({ ...owner(from), no: journal.no, book_state: 'RESERVED' }))
    .execute();
}

/** J-03 is posted; or there was none, since refunds had left nothing: they still leave nothing, or one of them came back after the clearing. */
export async function isClearedInBook(
  trx: HostTrx,
  from: TerminalRef,
  { payment, amount_fen: grossFen }: Pick<ApprovalTable, 'payment' | 'amount_fen'>,
): Promise<boolean> {
  if (await isPosted(trx, from, 'J-03', payment)) return true;
  if ((await takenBeforeClearing(trx, from, payment)).fen >= grossFen) return true;
  const row = await trx
    .selectFrom('refunds')
    .select('no')
    .where((eb) => eb.and({ ...owner(from), payment, source: '2001', book_state: 'RELEASED', back_to: '2002' }))
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** ΣR and Σf that the terminal's book has taken out of what is not cleared: reserved or done, not given back. */
export async function takenBeforeClearing(
  trx: HostTrx,
  from: TerminalRef,
  payment: string,
): Promise<{ readonly fen: number; readonly feeFen: number }> {
  const row = await trx
    .selectFrom('refunds')
    .select((eb) => [eb.fn.sum('amount_fen').as('fen'), eb.fn.sum('fee_fen').as('fee')])
    .where((eb) => eb.and({ ...owner(from), payment, source: '2001' }))
    .where('book_state', '!=', 'RELEASED')
    .executeTakeFirst();
  return { fen: Number(row?.fen ?? 0), feeFen: Number(row?.fee ?? 0) };
}
