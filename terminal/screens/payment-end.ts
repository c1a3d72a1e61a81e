import type { TransactionView } from '../flows/counter.ts';
import { askAmount } from './ask-amount.ts';
import { askOriginal, askTakeBackSecret, takeBackAgain } from './ask-original.ts';
import { secretRefused } from './ask-secret.ts';
import { beep, fail, go, idle, type Moment, type Next, operationMs, readMs, refuse, resultMs } from './go.ts';
import type {
  AmountOrder,
  AmountPurpose,
  Paying,
  PaymentOrder,
  PaymentOutcome,
  TakeBack,
  Unknown,
} from './payment-places.ts';
import type { Place, Refusal } from './state.ts';
import { keyFor, say, unreadable } from './texts.ts';

/** How a transaction ended: its result, why there is none, or why it was refused. */

type Stopped = Extract<PaymentOutcome, { readonly kind: 'stopped' }>;
type WithMoney = Extract<PaymentOutcome, { readonly txn: TransactionView }>;
/** Nothing was sent, nothing came of it, or a balance was asked for. */
type WithoutMoney = Exclude<PaymentOutcome, WithMoney>;

/** Also when the page was left by 取消: an outcome that concerns money is always shown. */
export function paymentEnded(at: Place, id: number, outcome: PaymentOutcome, moment: Moment): Next {
  if ('txn' in outcome) return isRunningOther(at, id) ? go(at) : withMoney(outcome, id, moment);
  if (at.is === 'unknown' && at.id === id) return go(idle(moment, say('notice.cancelled')));
  return at.is === 'paying' && at.id === id ? withoutMoney(at.order, outcome, moment) : go(at);
}

/** Another command runs, or what was stopped is being reported. */
const isRunningOther = (at: Place, id: number): boolean =>
  ('id' in at && at.is !== 'unknown' && at.id !== id) || ('stopped' in at && at.stopped === id);

function withMoney(outcome: WithMoney, id: number, moment: Moment): Next {
  const { now } = moment;
  switch (outcome.kind) {
    case 'approved':
    case 'stored':
      return succeeded(outcome, moment);
    case 'declined':
      return go({ is: 'declined', txn: outcome.txn, code: outcome.code, expiresMs: now + resultMs }, beep('error'));
    case 'unknown': {
      const { txn, why } = outcome;
      const { type, amountFen } = txn;
      const unknown: Unknown = { is: 'unknown', id, why, type, amountFen, txn, expiresMs: now + operationMs };
      return go(unknown, beep('error'));
    }
  }
}

/** What differs from the amount that was keyed takes longer to read. */
function succeeded(outcome: Extract<PaymentOutcome, { readonly kind: 'approved' | 'stored' }>, { now }: Moment): Next {
  const { txn, printProblem, kind } = outcome;
  if (printProblem === undefined) {
    const asAsked = txn.askedFen === txn.amountFen && txn.discountFen === 0;
    return go({ is: 'approved', txn, expiresMs: now + (asAsked ? resultMs : readMs) }, beep('ok'));
  }
  const target = { kind: 'stan', stan: txn.stan } as const;
  const safe = say(kind === 'stored' ? 'print.storedSafe' : 'print.saleSafe');
  return go({ is: 'print-problem', target, safe, problem: printProblem, expiresMs: now + operationMs }, beep('error'));
}

function withoutMoney(order: PaymentOrder, outcome: WithoutMoney, moment: Moment): Next {
  const title = say(`title.${order.is}`);
  switch (outcome.kind) {
    case 'stopped':
      return stopped(order, outcome, moment);
    case 'card-refused':
      return fail(moment, title, [say('sale.cardRefused')], idle(moment));
    case 'no-answer':
      return fail(moment, title, [say('balance.noAnswer')], idle(moment));
    case 'shown': {
      const { balanceFen, card } = outcome;
      return go({ is: 'balance', balanceFen, card, expiresMs: moment.now + readMs }, beep('ok'));
    }
    case 'declined': {
      const { code } = outcome;
      return go({ is: 'declined', txn: undefined, code, expiresMs: moment.now + resultMs }, beep('error'));
    }
  }
}

/** Nothing was sent. An unread card may be tried again with the same amount. */
function stopped(order: PaymentOrder, { why, detail }: Stopped, moment: Moment): Next {
  const title = say(`title.${order.is}`);
  switch (why) {
    case 'cancelled':
      return go(idle(moment, say('notice.cancelled')));
    case 'card-timeout':
      return go(idle(moment, say('notice.cardTimeout')), beep('error'));
    case 'confirm-timeout':
      return go(idle(moment, say('notice.confirmTimeout')), beep('error'));
    case 'card-unreadable':
      return unread(order, detail ?? '', moment);
    case 'pin-cancelled':
      return go(idle(moment, say('notice.pinCancelled')), beep('error'));
    case 'pin-timeout':
      return go(idle(moment, say('notice.pinTimeout')), beep('error'));
    case 'reader':
    case 'pin-pad': {
      const device = why === 'reader' ? 'sale.reader' : 'sale.pinPad';
      const text = keyFor(device, detail ?? '') ?? device;
      return fail(moment, title, [{ text, params: {} }], idle(moment));
    }
  }
}

/** The same once more; a chip that could not be read by its stripe. */
function unread(order: PaymentOrder, reason: string, moment: Moment): Next {
  const byStripe = reason === 'chip' && order.is !== 'stored-sale'; // offline only a chip is proof enough
  const words = unreadable(reason === 'chip' && !byStripe ? 'offline' : reason);
  return fail(moment, say(`title.${order.is}`), [words], onceMore(order, byStripe, moment));
}

function onceMore(order: PaymentOrder, fallback: boolean, moment: Moment): Place {
  if ('original' in order) return takeBackAgain(moment, { ...order, fallback });
  if (order.is === 'balance')
    return { is: 'card-again', order: { ...order, fallback }, expiresMs: moment.now + operationMs };
  return askAmount(moment, { purpose: purposeOf(order), typed: order.amountFen, fallback });
}

const purposeOf = (order: AmountOrder): AmountPurpose =>
  order.is === 'completion' ? { txn: order.is, of: order.of } : { txn: order.is };

/** Nothing was sent. What was typed wrong is asked for again; the rest is read and left. */
export function paymentRefused({ order }: Paying, refusal: Refusal, moment: Moment): Next {
  const title = say(`title.${order.is}`);
  if ('original' in order) {
    const again = secretRefused(askTakeBackSecret(moment, order), refusal, moment);
    return (
      again ?? refuse(moment, title, refusal, isAboutOriginal(refusal) ? askOriginal(moment, order.is) : idle(moment))
    );
  }
  return refuse(moment, title, refusal, afterRefusal(order, refusal, moment));
}

function afterRefusal(order: Exclude<PaymentOrder, TakeBack>, refusal: Refusal, moment: Moment): Place {
  if (order.is === 'balance') return idle(moment);
  if (isAboutAmount(refusal)) return askAmount(moment, { purpose: purposeOf(order) });
  return order.is === 'completion' && isAboutOriginal(refusal)
    ? askOriginal(moment, order.is, order.of.by)
    : idle(moment);
}

const isAboutAmount = ({ code, details }: Refusal): boolean =>
  code === 'INVALID_AMOUNT' || (code === 'OFFLINE_NOT_ALLOWED' && details['what'] === 'offline-amount');

const isAboutOriginal = ({ code }: Refusal): boolean => code === 'NOT_FOUND' || code === 'ILLEGAL_STATE';
