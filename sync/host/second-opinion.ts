import type { JournalOnWire } from '../protocol/common.ts';
import type { PaymentRecorded } from '../protocol/payments.ts';
import { findApproval, isBarred } from './approvals.ts';
import { findBatch } from './batches.ts';
import type { TerminalRef } from './business.ts';
import type { ApprovalTable } from './business-tables.ts';
import { receivableOf } from './chart.ts';
import { effectsOf, type Line } from './effects.ts';
import { owner } from './host.ts';
import { isPosted } from './mirror.ts';
import { endingRefund, takenBeforeClearing } from './opinion-refund.ts';
import { flaggedFen } from './opinion-risk.ts';
import { opinionOnVoid } from './opinion-void.ts';
import type { HostTrx } from './store.ts';

/**
 * The host's own computation of the journals of accounting.md §3, from the facts of a row and its own decisions. What a row should not
 * have posted has no effects here, and so becomes a difference.
 */

/**
 * The journals of a payment's record. J-01, unless the host declined or gave back this very payment (P-26 d), and J-03 with it when it cleared at once. A payment that
 * the host does not know may be one it forgot: the batch close is the place for that. The day is the batch's; the first journal of a batch sets it.
 */
export async function opinionOnPayment(
  trx: HostTrx,
  from: TerminalRef,
  body: PaymentRecorded,
  batchDay: string | null,
): Promise<Line[][]> {
  const { facts, no } = body;
  const code = receivableOf(facts.entry);
  const day = batchDay ?? dayOf(body.journals, code);
  if (facts.txn === 'void' || facts.txn === 'completion-void') return [await opinionOnVoid(trx, from, body, day)];
  if (facts.state !== 'PAID') return [];
  const approval = await findApproval(trx, from, no);
  if (approval ? !isPaid(approval) : await isBarred(trx, from, no)) return [];
  const sale = [sold(no, `${code}:${day ?? 'none'}`, facts.amountFen)];
  if (!facts.cleared || (approval && approval.cleared_at === null)) return sale;
  const [fen, feeFen] = [approval?.amount_fen ?? facts.amountFen, approval?.fee_fen ?? facts.feeFen];
  const held = await flaggedFen(trx, from, no, fen - feeFen);
  return [...sale, cleared(no, fen, feeFen, held)];
}

/** The record of a sale may come after its void, which was asked for past the rows that waited. */
const isPaid = ({ state, txn }: ApprovalTable): boolean =>
  txn !== 'preauth' && (state === 'APPROVED' || state === 'CLEARED' || state === 'VOIDED');

export const sold = (payment: string, channel: string, fen: number): Line[] => [
  [channel, 'D', fen],
  [`2001:${payment}`, 'C', fen],
];

/** J-03; a freeze that came before it holds its part. */
export const cleared = (
  payment: string,
  fen: number,
  feeFen: number,
  held: Awaited<ReturnType<typeof flaggedFen>>,
): Line[] => [
  [`2001:${payment}`, 'D', fen],
  ['2002', 'C', fen - feeFen - (held?.fen ?? 0)],
  ...(held ? [[`2004:${held.no}`, 'C', held.fen] satisfies Line] : []),
  ['4001', 'C', feeFen],
];

/** The day on which a row's journals book the receivable. */
export function dayOf(journals: readonly JournalOnWire[], code = '11'): string | null {
  const line = journals.flatMap((journal) => journal.lines).find(([account]) => account.startsWith(code));
  return line?.[0].slice('1101:'.length) ?? null;
}

/** J-20: held for the settlement. */
export function opinionOnSettle(no: string, amountFen: number): Line[] {
  return [
    ['2002', 'D', amountFen],
    [`2005:${no}`, 'C', amountFen],
  ];
}

/** The journals of a `posted` row: each follows from something that the host itself decided. What follows from them is in opinion-risk.ts. */
export async function opinionOnPosted(
  trx: HostTrx,
  from: TerminalRef,
  journals: readonly JournalOnWire[],
): Promise<Line[][]> {
  const lines: Line[][] = [];
  for (const journal of journals) lines.push(await linesOf(trx, from, journal));
  return lines;
}

async function linesOf(trx: HostTrx, from: TerminalRef, journal: JournalOnWire): Promise<Line[]> {
  switch (journal.event) {
    case 'J-01':
      return forwarded(trx, from, journal);
    case 'J-03':
      return clearing(trx, from, journal);
    case 'J-05':
      return funding(trx, from, journal);
    case 'J-07':
    case 'J-08':
      return endingRefund(trx, from, journal);
    case 'J-21':
    case 'J-22':
    case 'J-23':
      return settling(trx, from, journal, journal.event);
    default:
      return [];
  }
}

/** J-01 of a stored sale or an advice that the host accepted, once. */
async function forwarded(trx: HostTrx, from: TerminalRef, journal: JournalOnWire): Promise<Line[]> {
  const approval = await findApproval(trx, from, journal.no);
  const told = approval?.txn === 'stored-sale' || approval?.txn === 'completion-advice';
  if (!approval || !told || !isPaid(approval)) return [];
  if (await isPosted(trx, from, 'J-01', journal.no, journal.key)) return [];
  const code = receivableOf(approval.entry);
  const day = (await findBatch(trx, from, approval.batch))?.business_date ?? dayOf([journal], code);
  return sold(journal.no, `${code}:${day ?? 'none'}`, approval.amount_fen);
}

/** J-03 of what refunds have left of it; a freeze that came before the clearing holds its part. */
async function clearing(trx: HostTrx, from: TerminalRef, journal: JournalOnWire): Promise<Line[]> {
  const payment = journal.lines.find(([account]) => account.startsWith('2001:'))?.[0].slice('2001:'.length);
  const approval = payment === undefined ? undefined : await findApproval(trx, from, payment);
  if (payment === undefined || approval?.state !== 'CLEARED') return [];
  if (await isPosted(trx, from, 'J-03', journal.no, journal.key)) return [];
  const taken = await takenBeforeClearing(trx, from, payment);
  const fee = approval.fee_fen - taken.feeFen;
  const net = approval.amount_fen - taken.fen - fee;
  return cleared(payment, net + fee, fee, await flaggedFen(trx, from, payment, net));
}

/** Money received that no J-05 has taken up yet; the amount decides which, when a day has several. */
export async function findFunds(trx: HostTrx, from: TerminalRef, journal: JournalOnWire) {
  const key = journal.lines.find(([account]) => account.startsWith('110'))?.[0];
  if (key === undefined) return undefined;
  return trx
    .selectFrom('funds')
    .selectAll()
    .where((eb) => eb.and({ ...owner(from), date: key.slice('1101:'.length), posted: 0 }))
    .where('account', '=', fundsAccount(key))
    .where('amount_fen', '=', effectsOf(journal.lines).get('1001') ?? 0)
    .orderBy('n')
    .limit(1)
    .executeTakeFirst();
}

function fundsAccount(key: string): '1101' | '1102' | '1103' | '1104' {
  if (key.startsWith('1102')) return '1102';
  if (key.startsWith('1103')) return '1103';
  return key.startsWith('1104') ? '1104' : '1101';
}

async function funding(trx: HostTrx, from: TerminalRef, journal: JournalOnWire): Promise<Line[]> {
  const funds = await findFunds(trx, from, journal);
  if (!funds) return [];
  const [bank, channel] = funds.amount_fen > 0 ? (['D', 'C'] as const) : (['C', 'D'] as const);
  const fen = Math.abs(funds.amount_fen);
  return [
    ['1001', bank, fen],
    [`${funds.account}:${funds.date}`, channel, fen],
  ];
}

const settledStates = { 'J-21': ['SUCCEEDED', 'RETURNED'], 'J-22': ['REFUSED', 'FAILED'], 'J-23': ['RETURNED'] };

async function settling(
  trx: HostTrx,
  from: TerminalRef,
  journal: JournalOnWire,
  event: keyof typeof settledStates,
): Promise<Line[]> {
  const { no } = journal;
  const settlement = await trx
    .selectFrom('settlements')
    .select(['state', 'amount_fen', 'service_fee_fen'])
    .where((eb) => eb.and({ ...owner(from), no }))
    .executeTakeFirst();
  if (!settlement || !settledStates[event].includes(settlement.state)) return [];
  if (await isPosted(trx, from, event, no, journal.key)) return [];
  const { amount_fen: amount, service_fee_fen: fee } = settlement;
  if (event === 'J-21')
    return [
      [`2005:${no}`, 'D', amount],
      ['1001', 'C', amount - fee],
      ['4002', 'C', fee],
    ];
  if (event === 'J-22')
    return [
      [`2005:${no}`, 'D', amount],
      ['2002', 'C', amount],
    ];
  return [
    ['1001', 'D', amount - fee],
    ['2002', 'C', amount - fee],
  ];
}
