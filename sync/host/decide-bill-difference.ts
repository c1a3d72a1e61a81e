import * as v from 'valibot';
import { type BillLine, type DifferenceDecided, differenceDecided } from '../protocol/bills.ts';
import { findApproval, findRate, writeApproval } from './approvals.ts';
import { findBatch } from './batches.ts';
import { findDifference, setDifference } from './bill-differences.ts';
import type { BillDifferenceTable } from './bill-tables.ts';
import { billedLine } from './bills.ts';
import type { TerminalRef } from './business.ts';
import { chooseRate } from './fee.ts';
import { chargedBackFen } from './freezes.ts';
import { undo } from './give-back.ts';
import type { Host } from './host.ts';
import { ratePolicy, readParameters } from './parameters.ts';
import { isRefunded } from './refund-sums.ts';
import { findRefund } from './refunds.ts';
import { sendDown } from './send-down.ts';
import type { HostTrx } from './store.ts';
import { streamOf } from './stream-store.ts';

/**
 * What two persons decide about a difference in a bill (P-28): one proposes, another approves; then it goes down and the terminal posts J-82 to J-84. What it could not book is
 * decided anew.
 */

export type Decision = DifferenceDecided['decision'];
export type Decided = 'done' | 'NOT_FOUND' | 'ILLEGAL_STATE' | 'SELF_APPROVAL_FORBIDDEN';

/** What may be decided, by who has more and what is missing. */
const legal: Readonly<Record<Decision, (d: BillDifferenceTable) => boolean>> = {
  'missing-sale': (d) => d.here === '-' && d.there === 'PAID' && d.txn !== 'refund',
  'missing-refund': (d) => d.here === '-' && d.there === 'PAID' && d.txn === 'refund',
  'write-off': (d) => d.delta_fen < 0,
  'give-back': (d) => d.delta_fen > 0,
  explained: () => true,
};

export const legalDecisions = (difference: BillDifferenceTable): Decision[] => {
  if (difference.kind === 'clearing' || difference.state === 'GONE' || difference.posted === 1) return [];
  return (Object.keys(legal) as Decision[]).filter((decision) => legal[decision](difference));
};

/** Proposed again before the approval, it is what was said last. */
export async function proposeDecision(
  trx: HostTrx,
  of: TerminalRef,
  order: {
    readonly difference: string;
    readonly decision: Decision;
    readonly reason: string;
    readonly by: string;
  },
): Promise<Decided> {
  const difference = await findDifference(trx, of, order.difference);
  if (!difference) return 'NOT_FOUND';
  if (!legalDecisions(difference).includes(order.decision)) return 'ILLEGAL_STATE';
  const { decision, reason, by: proposed_by } = order;
  await setDifference(trx, of, difference.no, { state: 'PROPOSED', decision, reason, proposed_by, approved_by: null });
  return 'done';
}

/** By another person than who proposed it, and of what that person read: ILLEGAL_STATE when something else is proposed by now. */
export async function approveDecision(
  host: Host,
  trx: HostTrx,
  of: TerminalRef,
  order: {
    readonly difference: string;
    readonly decision: Decision;
    readonly proposedBy: string;
    readonly by: string;
  },
): Promise<Decided> {
  const difference = await findDifference(trx, of, order.difference);
  if (!difference) return 'NOT_FOUND';
  const { state, decision, proposed_by: by, no } = difference;
  if (state !== 'PROPOSED' || decision === null || by === null) return 'ILLEGAL_STATE';
  if (by === order.by) return 'SELF_APPROVAL_FORBIDDEN';
  if (decision !== order.decision || by !== order.proposedBy) return 'ILLEGAL_STATE';
  const record = await recordFor(host, trx, difference);
  if (record === undefined) return 'ILLEGAL_STATE';
  if (decision === 'give-back' && !(await giveBack(host, trx, difference))) return 'ILLEGAL_STATE';
  const now = host.clock.now();
  await setDifference(trx, of, no, { state: 'DECIDED', approved_by: order.by, decided_at: now });
  const id = await nextId(trx, of, no);
  const told = { difference: no, decision, by, approvedBy: order.by, reason: difference.reason, record };
  await sendDown(trx, of, { kind: 'difference-decided', id, body: { no: id, at: now, ...told } });
  return 'done';
}

async function nextId(trx: HostTrx, of: TerminalRef, no: string): Promise<string> {
  const idOf = (n: number) => `decided:${no}:${n}`;
  let n = 1;
  while (await findDecision(trx, of, idOf(n))) n += 1;
  return idOf(n);
}

/** What went down under this number. */
export async function findDecision(trx: HostTrx, of: TerminalRef, id: string): Promise<DifferenceDecided | undefined> {
  const stream = await streamOf(trx, of);
  const row = await trx
    .selectFrom('outbox')
    .select('body')
    .where((eb) => eb.and({ stream: stream.id, kind: 'difference-decided', id }))
    .executeTakeFirst();
  return row && v.parse(differenceDecided, JSON.parse(row.body));
}

/**
 * Upstream gives the payer a surplus back: a payment that the book lacks counts no more, so that nobody refunds it, too. False: some of it went back already. Of a part only, the
 * approval stands.
 */
async function giveBack(host: Host, trx: HostTrx, difference: BillDifferenceTable): Promise<boolean> {
  const { payment, here_fen: hereFen } = difference;
  const approval = await findApproval(trx, difference, payment);
  if (hereFen !== 0 || (approval?.state !== 'APPROVED' && approval?.state !== 'CLEARED')) return true;
  if (await isRefunded(trx, difference, payment)) return false;
  if ((await chargedBackFen(trx, difference, payment)) > 0) return false;
  await undo(host, trx, difference, approval);
  return true;
}

type LateRecord = NonNullable<DifferenceDecided['record']>;

/** The facts of what the book lacks, from the host's own records; undefined: it has none any more. */
async function recordFor(
  host: Host,
  trx: HostTrx,
  difference: BillDifferenceTable,
): Promise<LateRecord | null | undefined> {
  if (difference.decision === 'missing-sale') return saleOf(host, trx, difference);
  if (difference.decision === 'missing-refund') return refundOf(trx, difference);
  return null;
}

async function saleOf(host: Host, trx: HostTrx, difference: BillDifferenceTable): Promise<LateRecord | undefined> {
  const { payment, date } = difference;
  if (!(await findApproval(trx, difference, payment))) {
    const line = await billedLine(trx, difference, payment);
    if (!line) return undefined;
    await bookLine(host, trx, difference, line);
  }
  const sale = await findApproval(trx, difference, payment);
  if (!sale || (sale.state !== 'APPROVED' && sale.state !== 'CLEARED')) return undefined;
  const batch = await findBatch(trx, difference, sale.batch);
  return {
    payment,
    original: sale.original,
    batch: sale.batch,
    businessDate: batch?.business_date ?? date,
    entry: sale.entry,
    amountFen: sale.amount_fen,
    feeFen: sale.fee_fen,
    rate: sale.rate_id === null ? null : await findRate(trx, difference.merchant, sale.rate_id),
    cleared: sale.state === 'CLEARED',
    group: sale.card_group,
    stan: sale.stan,
  };
}

/** Two persons say that it was made, so from now on the host has it, too. It is as far as the rest of its batch. */
async function bookLine(host: Host, trx: HostTrx, of: TerminalRef, line: BillLine): Promise<void> {
  const isCode = line.entry.startsWith('QR_');
  const cleared = isCode || (await findBatch(trx, of, line.batch))?.state === 'CLEARED';
  const policy = ratePolicy(await readParameters(trx, of.merchant));
  const rate = await findRate(trx, of.merchant, chooseRate(policy, line.entry, line.amountFen).id);
  const now = host.clock.now();
  await writeApproval(trx, of, {
    payment: line.payment,
    txn: isCode ? 'code-sale' : 'sale',
    original: null,
    batch: line.batch,
    stan: line.stan,
    asked_fen: line.amountFen,
    amount_fen: line.amountFen,
    discount_fen: 0,
    fee_fen: line.feeFen,
    rate_id: rate?.id ?? null,
    card_group: isCode ? 'codes' : 'domestic',
    entry: line.entry,
    card_masked: null,
    code: '00',
    rrn: null,
    auth_code: null,
    state: cleared ? 'CLEARED' : 'APPROVED',
    booked_by: 'upload',
    at: now,
    cleared_at: cleared ? now : null,
    valid_until: null,
  });
}

async function refundOf(trx: HostTrx, difference: BillDifferenceTable): Promise<LateRecord | undefined> {
  const refund = await findRefund(trx, difference, difference.payment);
  if (refund?.state !== 'SUCCEEDED') return undefined;
  return {
    payment: refund.no,
    original: refund.payment,
    batch: refund.batch,
    businessDate: refund.business_date,
    entry: refund.entry,
    amountFen: refund.amount_fen,
    feeFen: refund.fee_fen,
    rate: null,
    cleared: false,
    group: refund.card_group,
    stan: refund.stan,
  };
}
