import type { ReverseAnswer, ReverseRequest } from '../protocol/card-requests.ts';
import { keepReply, type Reply, storedReply } from './answers.ts';
import { bar, findApproval } from './approvals.ts';
import { isBatchOpen } from './batches.ts';
import type { TerminalRef } from './business.ts';
import { mayGiveBack, undo } from './give-back.ts';
import type { Host } from './host.ts';
import { closeOrder, findOrder } from './order-life.ts';
import type { HostTrx } from './store.ts';

/**
 * 冲正 of any transaction: 00 when an approval is given back, 25 when there is none; then the payment number is barred for ever, since the request may still
 * be under way in the broker. 96, not kept, when the approval cannot be given back any more: a human must look.
 */
export async function reverse(
  host: Host,
  trx: HostTrx,
  from: TerminalRef,
  id: string,
  request: ReverseRequest,
): Promise<Reply> {
  const { payment, stan } = request;
  const answer = (code: string): ReverseAnswer => ({ kind: 'reverse', payment, stan, code });
  const atOnce = (code: string): Reply => ({ answer: answer(code), notBefore: 0, silent: false });
  const key = { kind: 'reverse', payment, requestId: id, fingerprint: payment } as const;
  const earlier = await storedReply(trx, from, key);
  if (earlier === 'conflict') return atOnce('96');
  // A resend may carry another STAN; the code is what was decided.
  if (earlier?.answer.kind === 'reverse') return { ...earlier, answer: answer(earlier.answer.code) };

  const fault = host.faults.take('decline', 'reverse');
  if (fault) return atOnce(fault.code);
  const code = await giveBack(host, trx, from, request);
  if (code === '96') return atOnce(code);
  return keepReply(host, trx, from, key, { answer: answer(code), lateMs: 0, silent: false });
}

async function giveBack(
  host: Host,
  trx: HostTrx,
  from: TerminalRef,
  request: ReverseRequest,
): Promise<'00' | '25' | '96'> {
  const { payment } = request;
  if (await findOrder(trx, from, payment)) {
    return (await closeOrder(host, trx, from, payment)) === 'SUCCESS' ? '96' : '00';
  }
  const approval = await findApproval(trx, from, payment);
  if (!approval || approval.state === 'DECLINED') {
    await bar(host, trx, from, payment);
    return '25';
  }
  if (approval.state === 'REVERSED' || approval.state === 'REJECTED') return '00';
  if (approval.txn !== request.of || approval.asked_fen !== request.amountFen) return '96';
  if (!(await mayGiveBack(trx, from, approval))) return '96';
  await undo(host, trx, from, approval);
  return '00';
}

/**
 * A person's decision on a reversal that the host would not end: the approval counts no more, and when the terminal asks again it is told so. NOT_FOUND without an
 * approval; ILLEGAL_STATE when its batch was compared: then the terminal's own list of records decides, or money was given back another way.
 */
export async function decideReversal(
  host: Host,
  trx: HostTrx,
  from: TerminalRef,
  payment: string,
): Promise<'done' | 'NOT_FOUND' | 'ILLEGAL_STATE'> {
  const approval = await findApproval(trx, from, payment);
  if (!approval) return 'NOT_FOUND';
  if (!(await isBatchOpen(trx, from, approval.batch))) return 'ILLEGAL_STATE';
  if (approval.state === 'APPROVED' || approval.state === 'CLEARED') await undo(host, trx, from, approval);
  const answer: ReverseAnswer = { kind: 'reverse', payment, stan: approval.stan, code: '00' };
  const key = { kind: 'reverse', payment, requestId: `decided:${payment}`, fingerprint: payment } as const;
  if (!(await storedReply(trx, from, key))) await keepReply(host, trx, from, key, { answer, lateMs: 0, silent: false });
  return 'done';
}
