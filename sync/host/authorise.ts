import type {
  CardAnswer,
  CompletionRequest,
  PreauthRequest,
  SaleRequest,
  VoidRequest,
} from '../protocol/card-requests.ts';
import { type AnswerKey, keepReply, type Reply, storedReply } from './answers.ts';
import { findApproval, isBarred, keepRate, setApproval, writeApproval } from './approvals.ts';
import { isBatchOpen } from './batches.ts';
import type { TerminalRef } from './business.ts';
import { ruleCompletion } from './completion.ts';
import { feeFen } from './fee.ts';
import type { Host } from './host.ts';
import { authCode, nextRrn } from './numbers.ts';
import { type HostParameters, isOtherCategory, readParameters } from './parameters.ts';
import { rulePreauth } from './preauth.ts';
import { declined, isApproved, type Ruling } from './ruling.ts';
import { ruleSale } from './sale.ts';
import type { HostTrx } from './store.ts';
import { ruleVoid } from './void.ts';

export type CardRequest = SaleRequest | VoidRequest | PreauthRequest | CompletionRequest;

/**
 * Approves or declines a card transaction and books the decision with its answer, in the caller's transaction. Asked again under the same number it
 * answers the same; with other content, or under the number of another transaction, 94. `null`: not booked and not answered (amount …98).
 * An answer 1A is a question: neither booked nor kept.
 */
export async function authorise(
  host: Host,
  trx: HostTrx,
  from: TerminalRef,
  id: string,
  request: CardRequest,
): Promise<Reply | null> {
  const { kind, payment } = request;
  const key: AnswerKey = { kind, payment, requestId: id, fingerprint: fingerprintOf(request) };
  const earlier = await storedReply(trx, from, key);
  if (earlier === 'conflict' || (earlier === null && (await findApproval(trx, from, payment)))) {
    return { answer: answerTo(request, declined('94'), null, null), notBefore: 0, silent: false };
  }
  if (earlier) return earlier;

  const parameters = await readParameters(trx, from.merchant);
  const ruling = await rule(host, trx, from, request, parameters);
  if (ruling.answer === 'none') return null;
  if (ruling.verification) return { answer: answerTo(request, ruling, null, null), notBefore: 0, silent: false };
  const answer = await book(host, trx, from, request, ruling);
  const lateMs = ruling.answer === 'late' ? parameters['host.lateAnswerMs'] : 0;
  return keepReply(host, trx, from, key, { answer, lateMs, silent: ruling.answer === 'lost' });
}

/** What was asked, without what a resend may change: the sealed block, the code of a verification. */
function fingerprintOf(request: CardRequest): string {
  const { payment, stan, batch, amountFen } = request;
  const entry = 'entry' in request ? request.entry : '';
  const original = 'original' in request ? [request.original] : [];
  return [payment, stan, batch, amountFen, entry, ...original].join('|');
}

/**
 * In order of precedence: a tester's fault, the batch, a number that is barred, another merchant's category, an instrument that is switched off, and then
 * what the transaction itself asks for.
 */
async function rule(
  host: Host,
  trx: HostTrx,
  from: TerminalRef,
  request: CardRequest,
  parameters: HostParameters,
): Promise<Ruling> {
  const fault = host.faults.take('decline', request.kind);
  if (fault) return declined(fault.code);
  if (!(await isBatchOpen(trx, from, request.batch))) return declined('77');
  if (await isBarred(trx, from, request.payment)) return declined('94');
  if ('mcc' in request && isOtherCategory(request, parameters)) return declined('03');
  if (request.kind !== 'completion' && 'entry' in request && !parameters[`instrument.${request.entry}`])
    return declined('58');
  switch (request.kind) {
    case 'sale':
      return ruleSale(host, trx, from, request, parameters);
    case 'preauth':
      return rulePreauth(host, request, parameters);
    case 'completion':
      return ruleCompletion(host, trx, from, { ...request, masked: null }, parameters);
    case 'void':
    case 'preauth-void':
    case 'completion-void':
      return ruleVoid(host, trx, from, request);
  }
}

async function book(
  host: Host,
  trx: HostTrx,
  from: TerminalRef,
  request: CardRequest,
  ruling: Ruling,
): Promise<CardAnswer> {
  const now = host.clock.now();
  const rrn = await nextRrn(trx, now);
  const code = isApproved(ruling) ? authCode(host.random) : null;
  const answer = answerTo(request, ruling, rrn, code);
  if (isApproved(ruling) && host.faults.take('forget-approval')) {
    if (ruling.rate) await keepRate(trx, from.merchant, ruling.rate);
    return answer;
  }
  await bookRuling(trx, from, { ...request, txn: request.kind, bookedBy: 'request', rrn, authCode: code, now }, ruling);
  return answer;
}

export interface Booking {
  readonly payment: string;
  readonly txn: CardRequest['kind'] | 'stored-sale' | 'completion-advice';
  readonly batch: string;
  readonly stan: string;
  readonly amountFen: number;
  readonly bookedBy: 'request' | 'row';
  readonly rrn: string;
  readonly authCode: string | null;
  readonly now: number;
}

/** Writes a decision, and what it does to the transaction that it is about. */
export async function bookRuling(trx: HostTrx, from: TerminalRef, booking: Booking, ruling: Ruling): Promise<void> {
  const { payment, txn, batch, stan, now } = booking;
  const grossFen = ruling.approvedFen - ruling.discountFen;
  const good = isApproved(ruling);
  if (good && ruling.rate) await keepRate(trx, from.merchant, ruling.rate);
  await writeApproval(trx, from, {
    payment,
    txn,
    original: ruling.original,
    batch,
    stan,
    asked_fen: booking.amountFen,
    amount_fen: good ? grossFen : booking.amountFen,
    discount_fen: ruling.discountFen,
    fee_fen: ruling.rate ? feeFen(grossFen, ruling.rate) : 0,
    rate_id: ruling.rate?.id ?? null,
    card_group: ruling.card.group,
    entry: ruling.entry,
    card_masked: ruling.card.masked,
    code: ruling.code,
    rrn: booking.rrn,
    auth_code: booking.authCode,
    state: good ? (ruling.cleared ? 'CLEARED' : 'APPROVED') : 'DECLINED',
    booked_by: booking.bookedBy,
    at: now,
    cleared_at: good && ruling.cleared ? now : null,
    valid_until: ruling.validUntil,
  });
  if (good && ruling.original !== null && ruling.originalBecomes !== null) {
    await setApproval(trx, from, ruling.original, { state: ruling.originalBecomes });
  }
  if (good && txn === 'completion-void' && ruling.original !== null) await holdAgain(trx, from, ruling.original);
}

/** A completion that is voided leaves its pre-authorisation as it was before. */
async function holdAgain(trx: HostTrx, from: TerminalRef, completion: string): Promise<void> {
  const held = (await findApproval(trx, from, completion))?.original;
  if (held) await setApproval(trx, from, held, { state: 'APPROVED' });
}

function answerTo(request: CardRequest, ruling: Ruling, rrn: string | null, code: string | null): CardAnswer {
  const { payment, stan, amountFen } = request;
  const good = isApproved(ruling);
  const common = {
    payment,
    stan,
    code: ruling.code,
    amountFen,
    approvedFen: ruling.approvedFen,
    discountFen: ruling.discountFen,
    rrn,
    authCode: code,
    issuer: ruling.card.issuer,
    acquirer: good ? acquirer : null,
    group: ruling.card.group,
    cleared: good && ruling.cleared,
    rate: good ? ruling.rate : null,
    verification: ruling.verification,
  };
  if (request.kind === 'preauth') return { kind: request.kind, ...common, validUntil: ruling.validUntil };
  return { kind: request.kind, ...common };
}

export const acquirer = '账平参考主机';
