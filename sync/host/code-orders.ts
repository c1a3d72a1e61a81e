import type { CodeAnswer, CodeCloseRequest, CodeOpenRequest, CodeQueryRequest } from '../protocol/code-requests.ts';
import { type WalletRule, walletRuleFor } from './amount-table.ts';
import type { Reply } from './answers.ts';
import { bar, findApproval, findRate, isBarred } from './approvals.ts';
import { acquirer } from './authorise.ts';
import { isBatchOpen } from './batches.ts';
import type { TerminalRef } from './business.ts';
import { open } from './check-card.ts';
import { discountOf } from './discounts.ts';
import { chooseRate } from './fee.ts';
import type { CodeOrderTable } from './following-tables.ts';
import { type Host, owner } from './host.ts';
import { closeOrder, findOrder, look } from './order-life.ts';
import { type HostParameters, isOtherCategory, ratePolicy, readParameters } from './parameters.ts';
import type { HostTrx } from './store.ts';
import { codeUrlOf, instrumentOf, walletNames } from './wallets.ts';

/** Code sales (扫码支付) as a terminal asks for them; order-life.ts has what becomes of an order. */

/** `code-open`. `null`: no order, no answer (amount …98). */
export async function openOrder(
  host: Host,
  trx: HostTrx,
  from: TerminalRef,
  request: CodeOpenRequest,
): Promise<Reply | null> {
  const { payment, stan, batch, amountFen, way, instrument } = request;
  const fingerprint = [stan, batch, amountFen, way, instrument].join('|');
  const known = await findOrder(trx, from, payment);
  if (known && known.fingerprint !== fingerprint) return now(closed(request, '94'));
  if (known) {
    const lost = walletRuleFor(amountFen).does === 'lose-answer';
    return { ...now(await tell(host, trx, from, request, known)), silent: lost };
  }
  const refused = await findRefusal(host, trx, from, request);
  if (refused !== null) return now(closed(request, refused));
  const rule = walletRuleFor(amountFen);
  if (rule.does === 'ignore') return null;
  const parameters = await readParameters(trx, from.merchant);
  const order = newOrder(host, from, { request, rule, fingerprint, parameters });
  if (!order) return now(closed(request, '14'));
  if (!parameters[`instrument.${order.instrument}`]) return now(closed(request, '58'));
  await trx.insertInto('code_orders').values(order).execute();
  const answer = await tell(host, trx, from, request, order);
  const lateMs = rule.does === 'answer-late' ? parameters['host.lateAnswerMs'] : 0;
  const delayMs = host.faults.take('delay-answer', 'code-open')?.ms ?? lateMs;
  return { answer, notBefore: host.clock.now() + delayMs, silent: rule.does === 'lose-answer' };
}

/** `code-query`: how it stands now. */
export async function queryOrder(
  host: Host,
  trx: HostTrx,
  from: TerminalRef,
  request: CodeQueryRequest,
): Promise<Reply> {
  const order = await findOrder(trx, from, request.payment);
  if (order) return now(await tell(host, trx, from, request, order));
  const barred = await isBarred(trx, from, request.payment);
  return now({ ...none(request), state: barred ? 'CLOSED' : 'NOT_FOUND' });
}

/** `code-close`: closed for ever, or given back when it was paid; SUCCESS when that cannot be any more. */
export async function endOrder(host: Host, trx: HostTrx, from: TerminalRef, request: CodeCloseRequest): Promise<Reply> {
  const { payment } = request;
  if (!(await findOrder(trx, from, payment))) {
    await bar(host, trx, from, payment);
    return now({ ...none(request), state: 'CLOSED' });
  }
  await closeOrder(host, trx, from, payment);
  const order = await findOrder(trx, from, payment);
  if (!order) throw new Error('a closed order is there');
  return now(await tell(host, trx, from, request, order));
}

const now = (answer: CodeAnswer): Reply => ({ answer, notBefore: 0, silent: false });

/** Why no order is made: the batch, a number that is barred or of another transaction, the limit, a tester's fault. */
async function findRefusal(
  host: Host,
  trx: HostTrx,
  from: TerminalRef,
  request: CodeOpenRequest,
): Promise<string | null> {
  const fault = host.faults.take('decline', 'code-open');
  if (fault) return fault.code;
  if (!(await isBatchOpen(trx, from, request.batch))) return '77';
  if (await isBarred(trx, from, request.payment)) return '94';
  if (await findApproval(trx, from, request.payment)) return '94';
  const parameters = await readParameters(trx, from.merchant);
  if (isOtherCategory(request, parameters)) return '03';
  return request.amountFen > parameters['sale.maxFen'] ? '61' : null;
}

/** Undefined: the text is no payment code. */
function newOrder(
  host: Host,
  from: TerminalRef,
  given: {
    readonly request: CodeOpenRequest;
    readonly rule: WalletRule;
    readonly fingerprint: string;
    readonly parameters: HostParameters;
  },
): CodeOrderTable | undefined {
  const { request, rule, fingerprint, parameters } = given;
  const { payment, batch, stan, amountFen, way } = request;
  const scanned = way === 'customer-shows' && request.code ? open(host, payment, request.code)?.pan : undefined;
  const instrument = way === 'merchant-shows' ? request.instrument : scanned ? instrumentOf(scanned) : null;
  if (!instrument) return undefined;
  const at = host.clock.now();
  const never = host.faults.take('wallet-silent') !== null || rule.does === 'never-pay';
  const waitMs =
    (way === 'merchant-shows' ? parameters['host.walletScanMs'] : 0) +
    (rule.does === 'ask-pin' ? parameters['host.walletPinMs'] : 0);
  const refused = rule.does === 'decline';
  return {
    ...owner(from),
    payment,
    batch,
    stan,
    fingerprint,
    amount_fen: amountFen,
    instrument,
    state: refused ? 'CLOSED' : 'WAITING',
    code: refused ? rule.code : '00',
    code_url: way === 'merchant-shows' ? codeUrlOf(instrument, payment) : null,
    needs_pin: rule.does === 'ask-pin' ? 1 : 0,
    pays_at: never || refused ? null : at + waitMs,
    expires_at: at + parameters['host.codeValidMs'],
    discount_fen: discountOf(amountFen, rule, parameters),
  };
}

type Asked = Pick<CodeOpenRequest | CodeQueryRequest | CodeCloseRequest, 'kind' | 'payment' | 'stan'>;

const none = ({ kind, payment, stan }: Asked): CodeAnswer => ({
  kind,
  payment,
  stan,
  state: 'NOT_FOUND',
  code: '00',
  instrument: null,
  codeUrl: null,
  needsPin: false,
  expiresAt: null,
  amountFen: 0,
  discountFen: 0,
  rrn: null,
  cleared: false,
  rate: null,
});

const closed = (request: CodeOpenRequest, code: string): CodeAnswer => ({
  ...none(request),
  state: 'CLOSED',
  code,
  instrument: request.instrument,
  amountFen: request.amountFen,
});

async function tell(
  host: Host,
  trx: HostTrx,
  from: TerminalRef,
  asked: Asked,
  found: CodeOrderTable,
): Promise<CodeAnswer> {
  const order = await look(host, trx, found);
  const { state, code, instrument, amount_fen: amountFen } = order;
  const waiting = state === 'WAITING';
  const approval = state === 'SUCCESS' ? await findApproval(trx, from, order.payment) : undefined;
  const rate =
    state !== 'SUCCESS'
      ? null
      : approval?.rate_id
        ? await findRate(trx, from.merchant, approval.rate_id)
        : chooseRate(ratePolicy(await readParameters(trx, from.merchant)), instrument, amountFen);
  return {
    ...none(asked),
    state,
    code,
    instrument,
    codeUrl: waiting ? order.code_url : null,
    needsPin: waiting && order.needs_pin === 1,
    expiresAt: waiting ? order.expires_at : null,
    amountFen,
    discountFen: state === 'SUCCESS' ? order.discount_fen : 0,
    rrn: approval?.rrn ?? null,
    voucher: approval?.auth_code ?? null,
    issuer: state === 'SUCCESS' ? walletNames[instrument] : null,
    acquirer: state === 'SUCCESS' ? acquirer : null,
    cleared: state === 'SUCCESS',
    rate,
  };
}
