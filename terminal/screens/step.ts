import type { Key } from '../../drivers/devices.ts';
import type { User } from '../users/user.ts';
import { keyAtAmount } from './amount.ts';
import { keyAtAskOriginal, keyAtCompletionWay, keyAtOriginal, originalFound } from './ask-original.ts';
import { keyAtSecret } from './ask-secret.ts';
import { closeEnded, closeRefused, keyAtConfirmClose, keyWhileClosing } from './close.ts';
import { deskAnswered, deskFailed, deskFinished, deskProgressed, keyAtDesk } from './desk.ts';
import { backTo } from './desk-go.ts';
import { beep, go, idle, logOn, type Moment, menu, message, type Next, operationMs, refuse, wrongKey } from './go.ts';
import { handedOver, keyAtHandOver } from './hand-over.ts';
import { cardAtIdle, keyAtIdle } from './idle.ts';
import { emptyLogOn, keyAtLogOn } from './log-on.ts';
import { keyInMenu } from './menu.ts';
import { arriveAt, leaveMessage, renew } from './message.ts';
import { keyInOperators } from './operators.ts';
import { keyAtPaying, payingProgressed } from './paying.ts';
import { paymentEnded, paymentRefused } from './payment-end.ts';
import { keyAtCardAgain, keyAtUnknown } from './payment-result.ts';
import { keyAtPrintProblem, keyAtStan } from './print.ts';
import { keyInChecks, showChecks } from './self-check.ts';
import { keyAtOffer, keyAtSettleAmount, keyAtSettleConfirm, settleOffer } from './settle.ts';
import { keyInSettlements, keyWhileSettling, settleEnded, settleRefused } from './settling.ts';
import { keyAtStaffForm } from './staff.ts';
import type { Answer, Effect, Event, Place, Progress, Refusal, Result, State } from './state.ts';
import { say } from './texts.ts';
import { keyAtLast, keyInTransactions } from './transactions.ts';
import { keyWhileWaiting, waitingDone, waitingFailed } from './waiting.ts';

/** After power-on somebody must log on. */
export const firstState: State = { at: logOn(), operator: undefined, nextId: 1 };

/** The whole behaviour of the keypad screen: what happened → where we are now, and what is to be done. No I/O, no clock. */
export function step(state: State, event: Event, now: number): { state: State; effects: readonly Effect[] } {
  const operator = event.is === 'status' ? event.operator : state.operator;
  const moment: Moment = { now, operator, id: state.nextId };
  const { at, effects } = stepAt(state.at, event, moment);
  const started = effects.some((effect) => effect.is === 'run');
  const forget: readonly Effect[] = leavesCard(state.at, event, at) ? [{ is: 'forget-card' }] : [];
  return { state: { at, operator, nextId: state.nextId + (started ? 1 : 0) }, effects: [...effects, ...forget] };
}

/** A card that was offered is for the amount page and the sale that follows it, and for nothing else. */
function leavesCard(from: Place, event: Event, to: Place): boolean {
  const held = event.is === 'card' || (from.is === 'amount' && from.offered !== undefined);
  return held && to.is !== 'paying' && !(to.is === 'amount' && to.offered !== undefined);
}

function stepAt(at: Place, event: Event, moment: Moment): Next {
  switch (event.is) {
    case 'key': {
      const next = pressKey(at, event.key, moment);
      return { ...next, at: renew(next.at, moment) };
    }
    case 'tick':
      return 'expiresMs' in at && at.expiresMs !== undefined && moment.now >= at.expiresMs
        ? expire(at, moment)
        : go(at);
    case 'status':
      return statusChanged(at, moment.operator);
    case 'answer':
      return answered(at, event.answer, moment);
    case 'refused':
      return refuse(moment, say('title.notice'), event.refusal, at);
    case 'card':
      return at.is === 'idle' ? cardAtIdle(at, event.offered, moment) : go(at);
    case 'progress':
      return go(progressed(at, event.id, event.progress));
    case 'done':
      return finished(at, event.id, event.result, moment);
    case 'failed':
      return failed(at, event.id, event.refusal, moment);
  }
}

/** 功能 leads to 查询末笔 from every place where nothing is half done (faces.md, rule 8). */
const hasShortcuts: ReadonlySet<Place['is']> = new Set([
  'idle',
  'menu',
  'message',
  'approved',
  'declined',
  'balance',
  'unknown',
  'last',
]);

function pressKey(at: Place, key: Key, moment: Moment): Next {
  if (key === 'function' && at.is !== 'paying' && at.is !== 'code-sale')
    return hasShortcuts.has(at.is) && moment.operator ? go(menu(moment, 'function')) : wrongKey(at);
  switch (at.is) {
    case 'log-on':
      return keyAtLogOn(at, key, moment);
    case 'idle':
      return keyAtIdle(at, key, moment);
    case 'menu':
      return keyInMenu(at, key, moment);
    case 'message':
      return leaveMessage(at, moment);
    case 'waiting':
      return keyWhileWaiting(at, key, moment);
    case 'amount':
      return keyAtAmount(at, key, moment);
    case 'completion-way':
      return keyAtCompletionWay(at, key, moment);
    case 'ask-original':
      return keyAtAskOriginal(at, key, moment);
    case 'original':
      return keyAtOriginal(at, key, moment);
    case 'paying':
      return keyAtPaying(at, key, moment);
    case 'card-again':
      return keyAtCardAgain(at, key, moment);
    case 'approved':
    case 'declined':
    case 'balance':
      return go(idle(moment));
    case 'unknown':
      return keyAtUnknown(at, key, moment);
    case 'transactions':
      return keyInTransactions(at, key, moment);
    case 'last':
      return keyAtLast(at, key, moment);
    case 'ask-stan':
      return keyAtStan(at, key, moment);
    case 'print-problem':
      return keyAtPrintProblem(at, key, moment);
    case 'confirm-close':
      return keyAtConfirmClose(at, key, moment);
    case 'closing':
      return keyWhileClosing(at, key, moment);
    case 'settle-offer':
      return keyAtOffer(at, key, moment);
    case 'settle-amount':
      return keyAtSettleAmount(at, key, moment);
    case 'settle-confirm':
      return keyAtSettleConfirm(at, key, moment);
    case 'settling':
      return keyWhileSettling(at, key, moment);
    case 'settlements':
      return keyInSettlements(at, key, moment);
    case 'ask-secret':
      return keyAtSecret(at, key, moment);
    case 'staff-form':
      return keyAtStaffForm(at, key, moment);
    case 'self-check':
      return keyInChecks(at, key, moment);
    case 'operators':
      return keyInOperators(at, key, moment);
    case 'hand-over':
      return keyAtHandOver(at, key, moment);
    default:
      return keyAtDesk(at, key, moment);
  }
}

/** A result was read, a notice was seen, or an operation was left alone. */
function expire(at: Place, moment: Moment): Next {
  switch (at.is) {
    case 'log-on':
      return go(emptyLogOn(at));
    case 'message':
      return go(arriveAt(at.next, moment));
    case 'idle':
    case 'approved':
    case 'declined':
    case 'balance':
    case 'unknown':
    case 'last':
      return go(idle(moment));
    default:
      if (at.is === 'sheet' && at.leave === 'any') return go(backTo(at.back, moment));
      return go(moment.operator ? idle(moment, say('notice.timeout')) : logOn(), beep('wrong'));
  }
}

/** Nobody is logged on any more: back to log-on, but not out of a command that runs. What is shown of a transaction is read again. */
function statusChanged(at: Place, operator: User | undefined): Next {
  const running = 'id' in at && at.is !== 'unknown';
  const atLogOn = at.is === 'log-on' || (at.is === 'staff-form' && at.form === 'first');
  const leaving = at.is === 'message' && at.next.is === 'log-on';
  if (!operator && !atLogOn && !leaving && !running) return go(logOn());
  if (at.is === 'unknown' && at.txn) return go(at, { is: 'look-up', stan: at.txn.stan });
  if (at.is === 'last') return go(at, { is: 'read', query: 'last' });
  if (at.is === 'settlements') return go(at, { is: 'read', query: 'settlements' });
  return go(at);
}

function answered(at: Place, answer: Answer, moment: Moment): Next {
  const expiresMs = moment.now + operationMs;
  switch (answer.is) {
    case 'offer':
      return go(settleOffer(answer.offer, moment, at.is === 'settle-offer' ? at.notice : undefined));
    case 'transactions': {
      const { rows } = answer;
      if (rows.length > 0) return go({ is: 'transactions', rows, index: 0, expiresMs });
      return go(message(moment, say('title.transactions'), [say('notice.noTransactions')], at), beep('wrong'));
    }
    case 'last':
      return go({ is: 'last', txn: answer.txn, expiresMs: at.is === 'last' ? at.expiresMs : expiresMs });
    case 'looked-up': {
      const { txn } = answer;
      if (at.is === 'ask-original') return originalFound(at, answer, moment);
      return go(at.is === 'unknown' && txn?.payment === at.txn?.payment ? { ...at, txn } : at);
    }
    case 'settlements': {
      const { rows } = answer;
      if (at.is === 'settlements') return go({ ...at, rows: rows.some(({ no }) => no === at.no) ? rows : at.rows });
      return go({ is: 'settlements', rows, no: rows[0]?.no ?? '', fresh: false, expiresMs });
    }
    case 'operators':
      return go({ is: 'operators', rows: answer.rows, page: 0, expiresMs });
    case 'shift':
      if (answer.shift) return go({ is: 'hand-over', shift: answer.shift, page: 0, expiresMs });
      return go(message(moment, say('title.handOver'), [say('handOver.none')], at), beep('wrong'));
    case 'version':
      return go(
        message(
          moment,
          say('title.version'),
          [say('version.is', { version: answer.version }), say('version.schema', { schema: String(answer.schema) })],
          at,
        ),
      );
    default:
      return deskAnswered(at, answer, moment);
  }
}

function progressed(at: Place, id: number, progress: Progress): Place {
  switch (progress.of) {
    case 'payment':
      return at.is === 'paying' && at.id === id ? payingProgressed(at, progress.step) : at;
    case 'close':
      return at.is === 'closing' && at.id === id ? { ...at, step: progress.step } : at;
    case 'settle':
      return at.is === 'settling' && at.id === id ? { ...at, step: progress.step } : at;
    default:
      return deskProgressed(at, id, progress);
  }
}

function finished(at: Place, id: number, result: Result, moment: Moment): Next {
  switch (result.of) {
    case 'payment':
      return paymentEnded(at, id, result.outcome, moment);
    case 'close':
      return at.is === 'closing' && at.id === id ? closeEnded(result.outcome, moment) : go(at);
    case 'settle':
      return at.is === 'settling' && at.id === id ? settleEnded(result.settlement, moment) : go(at);
    case 'hand-over':
      return at.is === 'waiting' && at.id === id ? handedOver(result.printProblem, moment) : go(at);
    case 'self-check':
      return at.is === 'waiting' && at.id === id ? showChecks(result.checks, moment) : go(at);
    case 'log-on':
    case 'sign-in':
    case 'reprint':
    case 'staff':
    case 'print-shift':
      return at.is === 'waiting' && at.id === id ? waitingDone(at, moment) : go(at);
    default:
      return deskFinished(at, id, result, moment);
  }
}

function failed(at: Place, id: number, refusal: Refusal, moment: Moment): Next {
  if (at.is === 'paying' && at.id === id) return paymentRefused(at, refusal, moment);
  if (at.is === 'closing' && at.id === id) return closeRefused(refusal, moment);
  if (at.is === 'settling' && at.id === id) return settleRefused(at, refusal, moment);
  if (at.is === 'waiting' && at.id === id) return waitingFailed(at, refusal, moment);
  return deskFailed(at, id, refusal, moment);
}
