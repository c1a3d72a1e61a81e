import type { ReverseAnswer, ReverseRequest } from '../protocol/requests.ts';
import { keepReply, type Reply, storedReply } from './answers.ts';
import { isBatchOpen } from './batches.ts';
import type { TerminalRef } from './business.ts';
import type { ApprovalTable } from './business-tables.ts';
import { type Host, owner } from './host.ts';
import type { HostTrx } from './store.ts';

/**
 * 冲正: 00 when an approval is given back, 25 when there is none; then the payment number is barred for ever, since the sale may still
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
  const approval = await trx
    .selectFrom('approvals')
    .selectAll()
    .where((eb) => eb.and({ ...owner(from), payment: request.payment }))
    .executeTakeFirst();
  if (!approval || approval.state === 'DECLINED') {
    await bar(host, trx, from, request.payment);
    return '25';
  }
  if (approval.state === 'REVERSED' || approval.state === 'REJECTED') return '00';
  if (!(await mayReverse(trx, from, request, approval))) return '96';
  await trx
    .updateTable('approvals')
    .set({ state: 'REVERSED' })
    .where((eb) => eb.and({ ...owner(from), payment: request.payment }))
    .execute();
  return '00';
}

/** Only while nothing was compared yet, and only the whole amount. */
async function mayReverse(
  trx: HostTrx,
  from: TerminalRef,
  request: ReverseRequest,
  approval: ApprovalTable,
): Promise<boolean> {
  if (approval.state !== 'APPROVED' || approval.amount_fen !== request.amountFen) return false;
  return isBatchOpen(trx, from, approval.batch);
}

async function bar(host: Host, trx: HostTrx, from: TerminalRef, payment: string): Promise<void> {
  await trx
    .insertInto('barred')
    .values({ ...owner(from), payment, at: host.clock.now() })
    .onConflict((oc) => oc.columns(['merchant', 'terminal', 'payment']).doNothing())
    .execute();
}
