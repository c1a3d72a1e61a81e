import type { PaymentRecorded } from '../protocol/payments.ts';
import { findApproval, isBarred } from './approvals.ts';
import type { TerminalRef } from './business.ts';
import { receivableOf } from './chart.ts';
import type { Line } from './effects.ts';
import { isPosted } from './mirror.ts';
import { recordedFacts } from './records.ts';
import type { HostTrx } from './store.ts';

/** J-02 and, of what had cleared at once, J-02r, J-02s, J-02f. */

/** The lines of a void's record, by its state and by what the host decided about it. */
export async function opinionOnVoid(
  trx: HostTrx,
  from: TerminalRef,
  body: PaymentRecorded,
  day: string | null,
): Promise<Line[]> {
  const { facts, no } = body;
  if (facts.original === null) return [];
  if (facts.state === 'REQUESTED') return requested(trx, from, no, facts);
  const held = await isPosted(trx, from, 'J-02r', no);
  const good = await wasVoided(trx, from, no);
  const channel: Line = [`${receivableOf(facts.entry)}:${day ?? 'none'}`, 'C', facts.amountFen];
  if (facts.state === 'DONE' && good) {
    return held
      ? [[`2302:${no}`, 'D', facts.amountFen], channel]
      : [[`2001:${facts.original}`, 'D', facts.amountFen], channel];
  }
  return facts.state === 'FAILED' && !good ? givenUp(trx, from, no) : [];
}

async function requested(
  trx: HostTrx,
  from: TerminalRef,
  no: string,
  facts: PaymentRecorded['facts'],
): Promise<Line[]> {
  const original = await findApproval(trx, from, facts.original ?? '');
  const grossFen = original?.amount_fen ?? facts.amountFen;
  const fee = original?.fee_fen ?? facts.feeFen;
  if (original && original.cleared_at === null) return [];
  return [
    ['2002', 'D', grossFen - fee],
    ['4001', 'D', fee],
    [`2302:${no}`, 'C', grossFen],
  ];
}

/** J-02f, when the void was reserved and is not in force at the host. */
export async function givenUp(trx: HostTrx, from: TerminalRef, no: string): Promise<Line[]> {
  if (!(await isPosted(trx, from, 'J-02r', no)) || (await wasApproved(trx, from, no))) return [];
  const original = await findApproval(trx, from, (await recordedFacts(trx, from, no)).original ?? '');
  if (!original) return [];
  return [
    [`2302:${no}`, 'D', original.amount_fen],
    ['2002', 'C', original.amount_fen - original.fee_fen],
    ['4001', 'C', original.fee_fen],
  ];
}

const wasApproved = async (trx: HostTrx, from: TerminalRef, no: string): Promise<boolean> =>
  (await findApproval(trx, from, no))?.state === 'APPROVED';

/** As for a sale: a void that the host does not know may be one it forgot. */
async function wasVoided(trx: HostTrx, from: TerminalRef, no: string): Promise<boolean> {
  const approval = await findApproval(trx, from, no);
  return approval ? approval.state === 'APPROVED' : !(await isBarred(trx, from, no));
}
