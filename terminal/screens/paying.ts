import type { Key } from '../../drivers/devices.ts';
import { formatYuan } from '../base/money.ts';
import { beep, go, idle, type Moment, type Next, operationMs, wrongKey } from './go.ts';
import { type Look, page, secondsLeft } from './look.ts';
import { amountOf } from './pay.ts';
import type { Paying, PaymentOrder, PaymentStage, Unknown } from './payment-places.ts';
import { codeRows, confirmRows, keyAtCode, keyAtPart, partRows } from './payment-questions.ts';
import { reportStopped } from './report.ts';
import { alignRight, type Screen } from './screen.ts';
import { type Say, say } from './texts.ts';
import type { TextKey } from './texts-zh.ts';

/** A transaction that runs: what it waits for, what it asks, and 取消. */

/** From these on the host may have booked it. A balance inquiry books nothing, and an offline sale is booked only at its end. */
const sentAt: ReadonlySet<PaymentStage['at']> = new Set(['host', 'chip', 'part', 'code']);
const neverSent: ReadonlySet<Paying['order']['is']> = new Set(['balance', 'stored-sale']);

export const payingProgressed = (at: Paying, step: PaymentStage): Paying => ({
  ...at,
  step,
  sent: at.sent || (sentAt.has(step.at) && !neverSent.has(at.order.is)),
});

/**
 * Only 确认 on the page with card and amount lets the request leave. 取消 is obeyed at once, whatever the flow is doing: before 确认 nothing was
 * sent; from then on the payment is `unknown` until the flow says what became of it; while the slip is printed only the slip is given up.
 */
export function keyAtPaying(at: Paying, key: Key, moment: Moment): Next {
  const { step, id } = at;
  if (key === 'function' && step?.at !== 'code') return stopAndReport(at, moment);
  if (step?.at === 'part' && key === 'cancel')
    return go(givenUp(at, 'part-refused', moment), { is: 'reply', id, reply: false }, beep('error'));
  if (step?.at === 'part') return keyAtPart(at, key);
  if (step?.at === 'code' && key === 'cancel')
    return go(givenUp(at, 'not-verified', moment), { is: 'reply', id, reply: false }, beep('error'));
  if (step?.at === 'code') return keyAtCode(at, step, key);
  if (key === 'enter' && step?.at === 'confirm')
    return go({ ...at, step: undefined }, { is: 'reply', id, reply: true });
  if (key !== 'cancel') return wrongKey(at);
  const abort = { is: 'abort', id } as const;
  if (step?.at === 'printing') return go(idle(moment), abort);
  if (!at.sent) return go(idle(moment, say('notice.cancelled')), abort);
  return go(givenUp(at, 'cancelled', moment), abort, beep('error'));
}

/** 功能 (B-046): stopped as by 取消, then reported. */
const stopAndReport = (at: Paying, moment: Moment): Next =>
  go(reportStopped(moment, at.id, at.sent), ...keyAtPaying(at, 'cancel', moment).effects);

function givenUp({ id, order }: Paying, why: Unknown['why'], moment: Moment): Unknown {
  const type = order.is === 'balance' ? 'sale' : order.is; // an inquiry is never left in doubt
  return {
    is: 'unknown',
    why,
    id,
    type,
    amountFen: amountOf(order),
    txn: undefined,
    expiresMs: moment.now + operationMs,
  };
}

function stepRows({ order, step }: Paying, look: Look): readonly (string | Say)[] {
  switch (step?.at) {
    case undefined:
      return ['', say('sale.start')];
    case 'reversal':
      return ['', say('sale.reversal', { seconds: secondsLeft(look, step.untilMs) })];
    case 'card': {
      const seconds = secondsLeft(look, step.untilMs);
      if (step.fallback) return ['', say('sale.fallback', { seconds })];
      return ['', say('sale.card', { seconds }), say(look.status.simulated ? 'sale.insertSimulated' : 'sale.insert')];
    }
    case 'confirm':
      return confirmRows(step, look);
    case 'part':
      return partRows(step, look);
    case 'code':
      return codeRows(step, look);
    case 'pin':
      return [
        '',
        say(step.again ? 'sale.pinAgain' : 'sale.pin', { seconds: secondsLeft(look, step.untilMs) }),
        say('sale.pinWhere'),
        '',
        alignRight(step.card),
      ];
    case 'host':
    case 'chip':
      return [
        '',
        say(step.at === 'host' ? 'sale.host' : 'sale.chip', { seconds: secondsLeft(look, step.untilMs) }),
        say(isWithoutCard(order) ? 'sale.hostOnly' : 'sale.hostWait'),
        '',
        alignRight(step.card),
      ];
    case 'printing':
      return ['', say('sale.printing')];
  }
}

const isWithoutCard = (order: PaymentOrder): boolean =>
  'original' in order || (order.is === 'completion' && order.of.by === 'voucher');

function titleOf({ order, step }: Paying): Say {
  switch (step?.at) {
    case 'confirm':
      return say(order.is === 'balance' ? 'title.balance' : `title.confirm.${order.is}`);
    case 'part':
      return say('title.part');
    case 'code':
      return say('title.code');
    case 'printing':
      return say(order.is === 'stored-sale' ? 'title.stored' : 'title.approved');
    default:
      return say(`title.${order.is}`);
  }
}

function keysOf({ sent, step }: Paying, look: Look): Extract<TextKey, `keys.${string}`> {
  switch (step?.at) {
    case 'card':
      return look.status.simulated ? 'keys.cancelCardSimulated' : 'keys.cancelCard';
    case 'confirm':
      return 'keys.confirmSale';
    case 'part':
      return 'keys.part';
    case 'code':
      return 'keys.code';
    case 'pin':
      return look.status.simulated ? 'keys.cancelPinSimulated' : 'keys.cancelCard';
    case 'printing':
      return 'keys.cancelCard';
    default:
      return sent ? 'keys.cancelReverse' : 'keys.cancelCard';
  }
}

export function viewPaying(at: Paying, look: Look): Screen {
  const { order, step } = at;
  const amountFen = step?.at === 'part' ? step.approvedFen - step.discountFen : amountOf(order);
  return page(look, {
    title: titleOf(at),
    body: stepRows(at, look),
    ...(order.is !== 'balance' && { amount: formatYuan(amountFen) }),
    keys: keysOf(at, look),
  });
}
