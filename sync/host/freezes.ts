import type { StopReported } from '../protocol/risk.ts';
import { findApproval } from './approvals.ts';
import { findBatch } from './batches.ts';
import type { TerminalRef } from './business.ts';
import { receivableOf } from './chart.ts';
import type { ChargeBackTable, FreezeTable } from './following-tables.ts';
import { receiveFunds } from './funds.ts';
import { type Host, owner } from './host.ts';
import { isPosted } from './mirror.ts';
import { nextReference } from './numbers.ts';
import { readParameters } from './parameters.ts';
import { refundsOf, sumRefunds } from './refund-sums.ts';
import { sendDown } from './send-down.ts';
import { shanghaiDay } from './shanghai.ts';
import type { HostTrx } from './store.ts';
import { debitTxns } from './txns.ts';

/** Risk (J-09 to J-11): what upstream freezes, gives free, and takes back for the cardholder. Each is a fact for the terminal. */

export type RiskResult = 'done' | 'NOT_FOUND' | 'ILLEGAL_STATE';

/** The freeze of a payment that has not ended. */
export async function findFreeze(trx: HostTrx, of: TerminalRef, payment: string): Promise<FreezeTable | undefined> {
  return trx
    .selectFrom('freezes')
    .selectAll()
    .where((eb) => eb.and({ ...owner(of), payment }))
    .where('state', '!=', 'ENDED')
    .executeTakeFirst();
}

/** Void and refund of the payment are refused. A freeze whose end went out holds nothing any more. */
export async function isFrozen(trx: HostTrx, of: TerminalRef, payment: string): Promise<boolean> {
  const found = await findFreeze(trx, of, payment);
  return found !== undefined && found.ending === 0;
}

/** Freezes a payment that took money; all of it when no amount is given. One freeze of a payment at a time. */
export async function freeze(
  host: Host,
  trx: HostTrx,
  to: TerminalRef,
  given: { readonly payment: string; readonly amountFen?: number | undefined; readonly reason: string },
): Promise<RiskResult> {
  const { payment, reason } = given;
  const approval = await findApproval(trx, to, payment);
  if (!approval || !debitTxns.includes(approval.txn)) return 'NOT_FOUND';
  if (approval.state !== 'APPROVED' && approval.state !== 'CLEARED') return 'ILLEGAL_STATE';
  if (await findFreeze(trx, to, payment)) return 'ILLEGAL_STATE';
  const now = host.clock.now();
  const no = await nextReference(trx, 'F');
  const amountFen = given.amountFen ?? approval.amount_fen;
  await trx
    .insertInto('freezes')
    .values({
      ...owner(to),
      no,
      n: Number(no.slice(1)),
      payment,
      amount_fen: amountFen,
      state: 'SENT',
      by_clearing: approval.cleared_at === null ? 1 : 0,
      ending: 0,
      at: now,
    })
    .execute();
  await sendDown(trx, to, { kind: 'freeze', id: no, body: { no, at: now, payment, amountFen, reason } });
  return 'done';
}

/** Gives free what a freeze holds. */
export async function unfreeze(
  host: Host,
  trx: HostTrx,
  to: TerminalRef,
  given: { readonly no: string; readonly reason: string },
): Promise<RiskResult> {
  const { no, reason } = given;
  const found = await trx
    .selectFrom('freezes')
    .selectAll()
    .where((eb) => eb.and({ ...owner(to), no }))
    .executeTakeFirst();
  if (!found) return 'NOT_FOUND';
  if (found.state === 'ENDED' || found.ending === 1) return 'ILLEGAL_STATE';
  await setFreeze(trx, to, no, { ending: 1 });
  const { payment } = found;
  await sendDown(trx, to, { kind: 'unfreeze', id: no, body: { no, at: host.clock.now(), payment, reason } });
  return 'done';
}

/** What is given back needs no holding any more. */
export async function endFreezeOf(host: Host, trx: HostTrx, to: TerminalRef, payment: string): Promise<void> {
  const found = await findFreeze(trx, to, payment);
  if (found?.ending === 0) await unfreeze(host, trx, to, { no: found.no, reason: 'GIVEN_BACK' });
}

/** The cardholder won: the amount goes back, at most what was not refunded and not charged back before. Ends the payment's freeze. Only of what the terminal has booked. */
export async function chargeBack(
  host: Host,
  trx: HostTrx,
  to: TerminalRef,
  given: { readonly payment: string; readonly amountFen?: number | undefined; readonly reason: string },
): Promise<RiskResult> {
  const { payment, reason } = given;
  const approval = await findApproval(trx, to, payment);
  if (!approval || !debitTxns.includes(approval.txn)) return 'NOT_FOUND';
  if (approval.state !== 'APPROVED' && approval.state !== 'CLEARED') return 'ILLEGAL_STATE';
  const sums = sumRefunds(await refundsOf(trx, to, payment));
  const leftFen = approval.amount_fen - sums.refundedFen - (await chargedBackFen(trx, to, payment));
  const amountFen = given.amountFen ?? leftFen;
  if (sums.inFlight || amountFen <= 0 || amountFen > leftFen) return 'ILLEGAL_STATE';
  // Until then it may still be reversed, and the money would go back twice.
  if (!(await isPosted(trx, to, 'J-01', payment))) return 'ILLEGAL_STATE';
  const now = host.clock.now();
  const held = await findFreeze(trx, to, payment);
  const holding = held?.ending === 0 ? held.no : null;
  if (holding !== null) await setFreeze(trx, to, holding, { ending: 1 });
  const account = receivableOf(approval.entry);
  const date = (await findBatch(trx, to, approval.batch))?.business_date ?? shanghaiDay(now);
  const no = await nextReference(trx, 'C');
  await trx
    .insertInto('charge_backs')
    .values({ ...owner(to), no, payment, freeze: holding, amount_fen: amountFen, account, date, posted: 0, at: now })
    .execute();
  const body = { no, at: now, freeze: holding, payment, amountFen, account, date, reason };
  await sendDown(trx, to, { kind: 'charge-back', id: no, body });
  await receiveFunds(trx, to, { account, date, amountFen: -amountFen, batch: approval.batch, now });
  return 'done';
}

/** Σ C of a payment. */
export async function chargedBackFen(trx: HostTrx, of: TerminalRef, payment: string): Promise<number> {
  const row = await trx
    .selectFrom('charge_backs')
    .select((eb) => eb.fn.sum('amount_fen').as('fen'))
    .where((eb) => eb.and({ ...owner(of), payment }))
    .executeTakeFirst();
  return Number(row?.fen ?? 0);
}

/** 立即停止交易 (B-046): what the cashier reported is frozen for review, when it was paid. */
export async function keepReport(host: Host, trx: HostTrx, from: TerminalRef, body: StopReported): Promise<void> {
  const { payment } = body.facts;
  if (payment === null || !(await readParameters(trx, from.merchant))['host.freezeReported']) return;
  await freeze(host, trx, from, { payment, reason: 'STOP_REPORTED' });
}

export async function setFreeze(
  trx: HostTrx,
  of: TerminalRef,
  no: string,
  change: Partial<Pick<FreezeTable, 'state' | 'ending'>>,
): Promise<void> {
  await trx
    .updateTable('freezes')
    .set(change)
    .where((eb) => eb.and({ ...owner(of), no }))
    .execute();
}

export async function findChargeBack(trx: HostTrx, of: TerminalRef, no: string): Promise<ChargeBackTable | undefined> {
  return trx
    .selectFrom('charge_backs')
    .selectAll()
    .where((eb) => eb.and({ ...owner(of), no }))
    .executeTakeFirst();
}
