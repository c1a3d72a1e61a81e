import type { Key } from '../../drivers/devices.ts';
import { formatYuan } from '../base/money.ts';
import type { SaleOutcome } from '../flows/counter.ts';
import { askAmount } from './amount.ts';
import { beep, go, idle, type Moment, message, type Next, operationMs, refuse, resultMs, wrongKey } from './go.ts';
import { type Look, page, secondsLeft } from './look.ts';
import { alignRight, type Screen } from './screen.ts';
import type { Refusal, Sale, SaleStage, Unknown } from './state.ts';
import { keyFor, type Say, say, unreadable } from './texts.ts';
import type { TextKey } from './texts-zh.ts';

/**
 * Only 确认 on the page with card and amount lets the request leave. 取消 is obeyed at once, whatever the flow is doing: before 确认 nothing was
 * sent; from then on the sale is `unknown` until the flow says what became of it; while the slip is printed only the slip is given up.
 */
export function keyAtSale(at: Sale, key: Key, moment: Moment): Next {
  if (key === 'enter' && at.step?.at === 'confirm') return go({ ...at, step: undefined }, { is: 'confirm', id: at.id });
  if (key !== 'cancel') return wrongKey(at);
  const abort = { is: 'abort', id: at.id } as const;
  if (at.step?.at === 'printing') return go(idle(moment), abort);
  if (at.step?.at !== 'host' && at.step?.at !== 'chip') return go(idle(moment, say('notice.cancelled')), abort);
  const unknown = { is: 'unknown', why: 'cancelled', id: at.id, amountFen: at.amountFen, txn: undefined } as const;
  return go({ ...unknown, expiresMs: moment.now + operationMs }, abort, beep('error'));
}

/** Also when the sale was left by 取消: an outcome that concerns money is always shown. */
export function saleEnded(outcome: SaleOutcome, id: number, moment: Moment): Next {
  const { now } = moment;
  switch (outcome.kind) {
    case 'approved': {
      const { txn, printProblem } = outcome;
      if (printProblem === undefined) return go({ is: 'approved', txn, expiresMs: now + resultMs }, beep('ok'));
      const target = { kind: 'stan', stan: txn.stan } as const;
      const safe = say('print.saleSafe');
      return go(
        { is: 'print-problem', target, safe, problem: printProblem, expiresMs: now + operationMs },
        beep('error'),
      );
    }
    case 'declined':
      return go({ is: 'declined', txn: outcome.txn, code: outcome.code, expiresMs: now + resultMs }, beep('error'));
    case 'unknown': {
      const { txn, why } = outcome;
      const unknown: Unknown = { is: 'unknown', id, why, amountFen: txn.amountFen, txn, expiresMs: now + operationMs };
      return go(unknown, beep('error'));
    }
    case 'stopped':
      return go(idle(moment));
  }
}

/** Nothing was sent. An unread card may be tried again with the same amount. */
export function saleStopped(at: Sale, outcome: SaleOutcome & { kind: 'stopped' }, moment: Moment): Next {
  const title = say('title.sale');
  switch (outcome.why) {
    case 'cancelled':
      return go(idle(moment, say('notice.cancelled')));
    case 'card-timeout':
      return go(idle(moment, say('notice.cardTimeout')), beep('error'));
    case 'confirm-timeout':
      return go(idle(moment, say('notice.confirmTimeout')), beep('error'));
    case 'card-unreadable': {
      const { detail: reason = '' } = outcome;
      const again = askAmount(moment, { typed: at.amountFen, fallback: reason === 'chip' });
      return go(message(moment, title, [unreadable(reason)], again), beep('error'));
    }
    case 'pin-cancelled':
      return go(idle(moment, say('notice.pinCancelled')), beep('error'));
    case 'pin-timeout':
      return go(idle(moment, say('notice.pinTimeout')), beep('error'));
    case 'reader':
    case 'pin-pad': {
      const device = outcome.why === 'reader' ? 'sale.reader' : 'sale.pinPad';
      const text = keyFor(device, outcome.detail ?? '') ?? device;
      return go(message(moment, title, [{ text, params: {} }], idle(moment)), beep('error'));
    }
  }
}

export const saleRefused = (refusal: Refusal, moment: Moment): Next =>
  refuse(moment, say('title.sale'), refusal, refusal.code === 'INVALID_AMOUNT' ? askAmount(moment) : idle(moment));

function stepRows(step: SaleStage | undefined, look: Look): readonly (string | Say)[] {
  switch (step?.at) {
    case undefined:
      return [say('sale.start')];
    case 'reversal':
      return [say('sale.reversal', { seconds: secondsLeft(look, step.untilMs) })];
    case 'card': {
      const seconds = secondsLeft(look, step.untilMs);
      if (step.fallback) return [say('sale.fallback', { seconds })];
      return [say('sale.card', { seconds }), say(look.status.simulated ? 'sale.insertSimulated' : 'sale.insert')];
    }
    case 'confirm': {
      const entry = keyFor('entry', step.entry);
      return [
        say('sale.confirm', { seconds: secondsLeft(look, step.untilMs) }),
        '',
        entry ? { text: entry, params: {} } : step.entry,
        alignRight(step.card),
      ];
    }
    case 'pin':
      return [
        say(step.again ? 'sale.pinAgain' : 'sale.pin', { seconds: secondsLeft(look, step.untilMs) }),
        say('sale.pinWhere'),
        '',
        alignRight(step.card),
      ];
    case 'host':
    case 'chip':
      return [
        say(step.at === 'host' ? 'sale.host' : 'sale.chip', { seconds: secondsLeft(look, step.untilMs) }),
        say('sale.hostWait'),
        '',
        alignRight(step.card),
      ];
    case 'printing':
      return [say('sale.printing')];
  }
}

const titles = {
  reversal: 'title.sale',
  card: 'title.sale',
  confirm: 'title.confirmSale',
  pin: 'title.sale',
  host: 'title.sale',
  chip: 'title.sale',
  printing: 'title.approved',
} as const;

function keysOf(step: SaleStage | undefined, look: Look): Extract<TextKey, `keys.${string}`> {
  switch (step?.at) {
    case 'card':
      return look.status.simulated ? 'keys.cancelCardSimulated' : 'keys.cancelCard';
    case 'confirm':
      return 'keys.confirmSale';
    case 'pin':
      return look.status.simulated ? 'keys.cancelPinSimulated' : 'keys.cancelCard';
    case 'host':
    case 'chip':
      return 'keys.cancelReverse';
    default:
      return 'keys.cancelCard';
  }
}

export const viewSale = (at: Sale, look: Look): Screen =>
  page(look, {
    title: say(at.step ? titles[at.step.at] : 'title.sale'),
    body: ['', ...stepRows(at.step, look)],
    amount: formatYuan(at.amountFen),
    keys: keysOf(at.step, look),
  });
