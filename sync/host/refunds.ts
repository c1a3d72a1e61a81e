import type { Refund, RefundResult } from '../protocol/refunds.ts';
import { findApproval } from './approvals.ts';
import { isBatchOpen } from './batches.ts';
import { HostReject, type TerminalRef } from './business.ts';
import type { ApprovalTable } from './business-tables.ts';
import { at } from './crash-points.ts';
import { hasOpenDifference } from './differences.ts';
import type { RefundTable } from './following-tables.ts';
import { chargedBackFen, isFrozen } from './freezes.ts';
import { type Host, owner } from './host.ts';
import { findMerchant } from './merchants.ts';
import { mirrorBalances } from './mirror.ts';
import { nextReference, nextRrn } from './numbers.ts';
import { isClearedInBook, reserving } from './opinion-refund.ts';
import { type HostParameters, readParameters } from './parameters.ts';
import { refundFeeFen, refundsOf, sumRefunds } from './refund-sums.ts';
import { because, type Refused } from './refused.ts';
import type { RowPlan } from './row-plan.ts';
import { sendDown } from './send-down.ts';
import { dayMs } from './shanghai.ts';
import type { HostTrx } from './store.ts';

/**
 * 退货: an instruction, accepted or refused once, when its row is applied. What happens after the acceptance is in decide-refund.ts.
 */
export async function planRefund(host: Host, trx: HostTrx, from: TerminalRef, body: Refund): Promise<RowPlan> {
  const known = await findRefund(trx, from, body.no);
  if (known && !isSame(known, body)) throw new HostReject('IDEMPOTENCY_CONFLICT');
  const parameters = await readParameters(trx, from.merchant);
  const origin = await findOrigin(trx, from, body);
  const source = await sourceOf(trx, from, body, origin);
  const feeFen = origin ? await ownFeeFen(trx, origin, { body, source, parameters }) : body.facts.feeFen;
  const { amountFen, origin: named } = body.facts;
  const expected = [reserving({ no: body.no, payment: named.payment, source, amountFen, feeFen })];
  if (known) return { expected, apply: async () => {} };
  return {
    expected,
    apply: async () => {
      const refusal = await findRefusal(host, trx, from, { body, origin, parameters });
      await (refusal ? refuse(host, trx, from, body, refusal) : accept(host, trx, from, body, parameters));
      at('host.refund-before-commit');
    },
  };
}

export async function findRefund(trx: HostTrx, from: TerminalRef, no: string): Promise<RefundTable | undefined> {
  return trx
    .selectFrom('refunds')
    .selectAll()
    .where((eb) => eb.and({ ...owner(from), no }))
    .executeTakeFirst();
}

function isSame(known: RefundTable, { facts }: Refund): boolean {
  return (
    known.payment === facts.origin.payment &&
    known.origin_terminal === facts.origin.terminal &&
    known.amount_fen === facts.amountFen &&
    known.fee_fen === facts.feeFen &&
    known.cum_before === facts.cumBefore
  );
}

const originOf = (from: TerminalRef, { facts }: Refund): TerminalRef => ({
  merchant: from.merchant,
  terminal: facts.origin.terminal,
});

const findOrigin = (trx: HostTrx, from: TerminalRef, body: Refund): Promise<ApprovalTable | undefined> =>
  findApproval(trx, originOf(from, body), body.facts.origin.payment);

/** Where the money must come from: 2001 as long as the payment is this terminal's and not cleared in its book. */
async function sourceOf(
  trx: HostTrx,
  from: TerminalRef,
  { facts, no }: Refund,
  origin: ApprovalTable | undefined,
): Promise<'2001' | '2002'> {
  const known = await findRefund(trx, from, no);
  if (known) return known.source === '2001' ? '2001' : '2002';
  if (facts.origin.terminal !== from.terminal) return '2002';
  // A sale that the host forgot: refused for that, not for the reservation.
  if (!origin) return facts.source === '2001' ? '2001' : '2002';
  return (await isClearedInBook(trx, from, origin)) ? '2002' : '2001';
}

/** f as the host computes it from its own successes. */
async function ownFeeFen(
  trx: HostTrx,
  origin: ApprovalTable,
  given: { readonly body: Refund; readonly source: '2001' | '2002'; readonly parameters: HostParameters },
): Promise<number> {
  const { source, parameters } = given;
  const { facts, no } = given.body;
  const others = (await refundsOf(trx, origin, origin.payment)).filter((r) => r.no !== no);
  const before = sumRefunds(others);
  // On another base than the host's the terminal's own is as good: the refund is refused for it.
  if (before.refundedFen !== facts.cumBefore) return facts.feeFen;
  const keep = parameters['fee.refundPolicy'] === 'KEEP' && source !== '2001';
  return refundFeeFen({
    grossFen: origin.amount_fen,
    feeFen: origin.fee_fen,
    refundFen: facts.amountFen,
    before,
    keep,
  });
}

/**
 * Why it is not accepted, in order of precedence; null: it is. The reservation is in the mirror already, so a mirror that is not below zero proves that the
 * book had the money.
 */
async function findRefusal(
  host: Host,
  trx: HostTrx,
  from: TerminalRef,
  given: { readonly body: Refund; readonly origin: ApprovalTable | undefined; readonly parameters: HostParameters },
): Promise<Refused | null> {
  const { body, origin, parameters } = given;
  const { facts } = body;
  const fault = host.faults.take('refund-refuse');
  if (fault) return because(fault.reason);
  const { 'refund.maxFen': maxFen, 'refund.maxDays': maxDays } = parameters;
  if (facts.amountFen <= 0) return because('INVALID_AMOUNT');
  if (facts.amountFen > maxFen)
    return because('INVALID_AMOUNT', { name: 'refund.maxFen', used: facts.amountFen, limit: maxFen, who: 'merchant' });
  if (!(await isBatchOpen(trx, from, facts.batch))) return because('BATCH_CLOSING');
  if (!origin || !wasPaid(origin)) return because('TXN_NOT_PAID');
  const ageDays = Math.floor((host.clock.now() - origin.at) / dayMs);
  if (ageDays > maxDays)
    return because('REFUND_EXPIRED', { name: 'refund.maxDays', used: ageDays, limit: maxDays, who: 'merchant' });
  if (await isFrozen(trx, origin, origin.payment)) return because('RISK_BLOCKED');
  const others = (await refundsOf(trx, origin, origin.payment)).filter((r) => r.no !== body.no);
  const before = sumRefunds(others);
  if (before.inFlight) return because('REFUND_IN_PROGRESS');
  if (before.refundedFen !== facts.cumBefore) return because('STALE_REFUND_BASE');
  const used = before.refundedFen + (await chargedBackFen(trx, origin, origin.payment));
  if (used + facts.amountFen > origin.amount_fen)
    return because('REFUND_EXCEEDS_PAID', { name: 'paid', used, limit: origin.amount_fen, who: 'payment' });
  return (await isCovered(trx, from, body)) ? hasDifference(trx, from) : because('REFUND_FUNDS_INSUFFICIENT');
}

const wasPaid = (origin: ApprovalTable): boolean =>
  (origin.state === 'APPROVED' || origin.state === 'CLEARED') &&
  origin.txn !== 'preauth' &&
  !origin.txn.includes('void');

async function isCovered(trx: HostTrx, from: TerminalRef, { no, facts }: Refund): Promise<boolean> {
  const held = `2302:${no}`;
  const source = facts.source === '2001' ? `2001:${facts.origin.payment}` : '2002';
  const balances = await mirrorBalances(trx, from, [source, held]);
  return (balances.get(source) ?? 0) >= 0 && balances.get(held) === facts.amountFen;
}

const hasDifference = async (trx: HostTrx, from: TerminalRef): Promise<Refused | null> =>
  (await hasOpenDifference(trx, from)) ? because('MIRROR_DIFFERS') : null;

async function accept(
  host: Host,
  trx: HostTrx,
  from: TerminalRef,
  body: Refund,
  parameters: HostParameters,
): Promise<void> {
  const byHand = parameters['host.refundDecision'] === 'manual';
  const refund = newRefund(from, body, {
    state: 'PROCESSING',
    host_ref: await nextReference(trx, 'R'),
    rrn: await nextRrn(trx, host.clock.now()),
    due_at: byHand ? null : host.clock.now() + parameters['host.refundDelayMs'],
    plan_fail: host.faults.take('refund-fail')?.reason ?? null,
  });
  await trx.insertInto('refunds').values(refund).execute();
  await sendRefundResult(host, trx, refund, 'accepted');
}

async function refuse(host: Host, trx: HostTrx, from: TerminalRef, body: Refund, refusal: Refused): Promise<void> {
  const back_to = await backTo(trx, from, { source: body.facts.source, payment: body.facts.origin.payment });
  const { reason } = refusal;
  const refund = newRefund(from, body, { state: 'REFUSED', reason, back_to, ended_at: host.clock.now() });
  await trx.insertInto('refunds').values(refund).execute();
  await sendRefundResult(host, trx, refund, 'refused', refusal.limit);
}

/** J-08: what was taken before the clearing and is not cleared by now goes back to where it was. */
export async function backTo(
  trx: HostTrx,
  from: TerminalRef,
  refund: Pick<RefundTable, 'source' | 'payment'>,
): Promise<'2001' | '2002'> {
  if (refund.source !== '2001') return '2002';
  const origin = await findApproval(trx, from, refund.payment);
  return origin && origin.cleared_at === null ? '2001' : '2002';
}

const newRefund = (
  from: TerminalRef,
  { no, at: time, facts }: Refund,
  given: Partial<RefundTable> & Pick<RefundTable, 'state'>,
): RefundTable => ({
  ...owner(from),
  no,
  batch: facts.batch,
  business_date: facts.businessDate,
  stan: facts.stan,
  origin_terminal: facts.origin.terminal,
  payment: facts.origin.payment,
  amount_fen: facts.amountFen,
  fee_fen: facts.feeFen,
  cum_before: facts.cumBefore,
  source: facts.source,
  card_group: facts.group,
  entry: facts.entry,
  book_state: 'RESERVED',
  back_to: null,
  reason: null,
  host_ref: null,
  rrn: null,
  due_at: null,
  plan_fail: null,
  decided_by: null,
  funded: 0,
  at: time,
  ended_at: null,
  ...given,
});

/** The row down that says how it stands; each outcome of a number goes out once. */
export async function sendRefundResult(
  host: Host,
  trx: HostTrx,
  refund: RefundTable,
  outcome: RefundResult['outcome'],
  limit: RefundResult['limit'] = null,
): Promise<void> {
  const { no, reason, host_ref: hostRef, rrn } = refund;
  const rev = (await findMerchant(trx, refund.merchant))?.rev ?? 0;
  await sendDown(trx, refund, {
    kind: 'refund-result',
    id: `${no}:${outcome}`,
    body: { no, at: host.clock.now(), outcome, reason, limit, hostRef, rrn, rev },
  });
}
