import { SyncError } from '../errors.ts';
import type { FeeRate } from '../protocol/payments.ts';
import type { CardBlock, SaleAnswer, SaleRequest } from '../protocol/requests.ts';
import { openCard } from '../protocol/sealing.ts';
import { type AmountRule, ruleForAmount } from './amount-table.ts';
import { type AnswerKey, keepReply, type Reply, storedReply } from './answers.ts';
import { isBatchOpen } from './batches.ts';
import type { TerminalRef } from './business.ts';
import { groupOf, isCardNumber, isExpired, issuerOf, maskCard } from './cards.ts';
import { chooseRate, feeFen } from './fee.ts';
import { type Host, owner } from './host.ts';
import { authCode, nextRrn } from './numbers.ts';
import { type HostParameters, ratePolicy, readParameters } from './parameters.ts';
import { isRightPin } from './pin.ts';
import type { HostTrx } from './store.ts';

/** What the host found about a sale, before any of it is written. */
interface Decision {
  readonly code: string;
  readonly rule: AmountRule;
  readonly card: CardBlock | null;
}

const declined = (code: string, card: CardBlock | null = null): Decision => ({
  code,
  rule: { does: 'decline', code },
  card,
});

/**
 * 消费: approves or declines a sale and books the decision with its answer, in the caller's transaction. Asked again under the same
 * number it answers the same; with other content, 94. `null`: not booked and not answered (amount …98).
 */
export async function authorise(
  host: Host,
  trx: HostTrx,
  from: TerminalRef,
  id: string,
  request: SaleRequest,
): Promise<Reply | null> {
  const { payment, stan, batch, amountFen, entry } = request;
  const fingerprint = [payment, stan, batch, amountFen, entry].join('|');
  const key: AnswerKey = { kind: 'sale', payment, requestId: id, fingerprint };
  const earlier = await storedReply(trx, from, key);
  if (earlier === 'conflict' || (earlier === null && (await isBooked(trx, from, payment)))) {
    return { answer: declineAnswer(request, '94'), notBefore: 0, silent: false };
  }
  if (earlier) return earlier;

  const parameters = await readParameters(trx, from.merchant);
  const decision = await decide(host, trx, from, request, parameters);
  if (decision.rule.does === 'ignore') return null;
  const answer = await book(host, trx, from, { request, decision, parameters });
  const lateMs = decision.rule.does === 'answer-late' ? parameters['host.lateAnswerMs'] : 0;
  return keepReply(host, trx, from, key, { answer, lateMs, silent: decision.rule.does === 'lose-answer' });
}

/** In order of precedence: the batch, a number that is barred, the limit, the card, its PIN where there is one, and then the amount table. */
async function decide(
  host: Host,
  trx: HostTrx,
  from: TerminalRef,
  request: SaleRequest,
  parameters: HostParameters,
): Promise<Decision> {
  if (!(await isBatchOpen(trx, from, request.batch))) return declined('77');
  if (await isBarred(trx, from, request.payment)) return declined('94');
  if (request.amountFen > parameters['sale.maxFen']) return declined('61');
  const card = open(host, request);
  if (!card || !isCardNumber(card.pan)) return declined('14');
  if (isExpired(card, host.clock.now())) return declined('54', card);
  if (card.pin && !isRightPin(card.pan, card.pin)) return declined('55', card);
  const rule = ruleForAmount(request.amountFen);
  return rule.does === 'decline' ? declined(rule.code, card) : { code: '00', rule, card };
}

/** What was wrong with a block that does not open may hold card data: neither answered nor logged. */
function open(host: Host, request: SaleRequest): CardBlock | null {
  try {
    return openCard(request.card, request.payment, host.opening);
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    host.log('warn', 'host.card-block-does-not-open', { payment: request.payment, code: error.code });
    return null;
  }
}

/** Booked without an answer of ours: from the terminal's record at a batch close. */
async function isBooked(trx: HostTrx, from: TerminalRef, payment: string): Promise<boolean> {
  const row = await trx
    .selectFrom('approvals')
    .select('payment')
    .where((eb) => eb.and({ ...owner(from), payment }))
    .executeTakeFirst();
  return row !== undefined;
}

async function isBarred(trx: HostTrx, from: TerminalRef, payment: string): Promise<boolean> {
  const row = await trx
    .selectFrom('barred')
    .select('payment')
    .where((eb) => eb.and({ ...owner(from), payment }))
    .executeTakeFirst();
  return row !== undefined;
}

interface Booking {
  readonly request: SaleRequest;
  readonly decision: Decision;
  readonly parameters: HostParameters;
}

async function book(host: Host, trx: HostTrx, from: TerminalRef, booking: Booking): Promise<SaleAnswer> {
  const { request, decision, parameters } = booking;
  const { amountFen, entry } = request;
  const now = host.clock.now();
  const rrn = await nextRrn(trx, now);
  if (decision.code !== '00' || !decision.card) {
    const answer = { ...declineAnswer(request, decision.code, decision.card), rrn };
    await writeApproval(trx, from, request, { answer, feeFen: 0, card: decision.card, now });
    return answer;
  }
  const rate = chooseRate(ratePolicy(parameters), entry, amountFen);
  await keepRate(trx, from.merchant, rate);
  const answer: SaleAnswer = {
    kind: 'sale',
    payment: request.payment,
    stan: request.stan,
    code: '00',
    amountFen,
    rrn,
    authCode: authCode(host.random),
    issuer: issuerOf(decision.card.pan),
    acquirer: '账平参考主机',
    group: groupOf(decision.card.pan),
    cleared: false,
    rate,
  };
  if (!host.faults.take('forget-approval')) {
    await writeApproval(trx, from, request, { answer, feeFen: feeFen(amountFen, rate), card: decision.card, now });
  }
  return answer;
}

function declineAnswer(request: SaleRequest, code: string, card: CardBlock | null = null): SaleAnswer {
  const { payment, stan, amountFen } = request;
  const group = card ? groupOf(card.pan) : 'domestic';
  const issuer = card ? issuerOf(card.pan) : null;
  const none = { rrn: null, authCode: null, acquirer: null, rate: null };
  return { kind: 'sale', payment, stan, code, amountFen, group, issuer, cleared: false, ...none };
}

/** A rate that was ever answered can be found by its id for ever: the host recomputes fees with it. */
async function keepRate(trx: HostTrx, merchant: string, rate: FeeRate): Promise<void> {
  await trx
    .insertInto('fee_rates')
    .values({ merchant, id: rate.id, ppm: rate.ppm, cap_fen: rate.capFen })
    .onConflict((oc) => oc.columns(['merchant', 'id']).doNothing())
    .execute();
}

async function writeApproval(
  trx: HostTrx,
  from: TerminalRef,
  request: SaleRequest,
  given: {
    readonly answer: SaleAnswer;
    readonly feeFen: number;
    readonly card: CardBlock | null;
    readonly now: number;
  },
): Promise<void> {
  const { answer } = given;
  await trx
    .insertInto('approvals')
    .values({
      ...owner(from),
      payment: request.payment,
      batch: request.batch,
      stan: request.stan,
      amount_fen: request.amountFen,
      fee_fen: given.feeFen,
      rate_id: answer.rate?.id ?? null,
      card_group: answer.group,
      entry: request.entry,
      card_masked: given.card && maskCard(given.card.pan),
      code: answer.code,
      rrn: answer.rrn,
      auth_code: answer.authCode,
      state: answer.code === '00' ? 'APPROVED' : 'DECLINED',
      booked_by: 'request',
      at: given.now,
    })
    .execute();
}
