import type { Language } from '../base/errors.ts';
import type { CounterStatus } from '../flows/counter.ts';
import { viewAmount } from './amount.ts';
import { viewAskOriginal, viewCompletionWay, viewOriginal } from './ask-original.ts';
import { viewSecret } from './ask-secret.ts';
import { viewClosing, viewConfirmClose } from './close.ts';
import { viewDesk } from './desk.ts';
import { viewHandOver } from './hand-over.ts';
import { viewIdle } from './idle.ts';
import { viewLogOn } from './log-on.ts';
import type { Look } from './look.ts';
import { viewMenu } from './menu.ts';
import { viewMessage } from './message.ts';
import { viewOperators } from './operators.ts';
import { viewPaying } from './paying.ts';
import { viewApproved, viewBalance, viewCardAgain, viewDeclined, viewUnknown } from './payment-result.ts';
import { viewPrintProblem, viewStan } from './print.ts';
import type { Screen } from './screen.ts';
import { viewChecks } from './self-check.ts';
import { viewOffer, viewSettleAmount, viewSettleConfirm } from './settle.ts';
import { viewSettlements, viewSettling } from './settling.ts';
import { viewStaffForm } from './staff.ts';
import type { Place, State } from './state.ts';
import { viewLast, viewTransactions } from './transactions.ts';
import { viewWaiting } from './waiting.ts';

/** What is on the screen: the same state gives the same screen on every face. */
export function view({ at }: State, status: CounterStatus, language: Language, now: number): Screen {
  const look: Look = { status, language, now };
  switch (at.is) {
    case 'log-on':
      return viewLogOn(at, look);
    case 'idle':
      return viewIdle(at, look);
    case 'menu':
      return viewMenu(at, look);
    case 'message':
      return viewMessage(at, look);
    case 'waiting':
      return viewWaiting(at, look);
    case 'amount':
      return viewAmount(at, look);
    case 'completion-way':
      return viewCompletionWay(look);
    case 'ask-original':
      return viewAskOriginal(at, look);
    case 'original':
      return viewOriginal(at, look);
    case 'paying':
      return viewPaying(at, look);
    case 'card-again':
      return viewCardAgain(at, look);
    case 'balance':
      return viewBalance(at, look);
    case 'approved':
      return viewApproved(at, look);
    case 'declined':
      return viewDeclined(at, look);
    case 'unknown':
      return viewUnknown(at, look);
    case 'transactions':
      return viewTransactions(at, look);
    case 'last':
      return viewLast(at, look);
    case 'ask-stan':
      return viewStan(at, look);
    case 'print-problem':
      return viewPrintProblem(at, look);
    case 'confirm-close':
      return viewConfirmClose(look);
    case 'closing':
      return viewClosing(at, look);
    case 'settle-offer':
      return viewOffer(at, look);
    case 'settle-amount':
      return viewSettleAmount(at, look);
    case 'settle-confirm':
      return viewSettleConfirm(at, look);
    case 'settling':
      return viewSettling(at, look);
    case 'settlements':
      return viewSettlements(at, look);
    case 'ask-secret':
      return viewSecret(at, look);
    case 'staff-form':
      return viewStaffForm(at, look);
    case 'self-check':
      return viewChecks(at, look);
    case 'operators':
      return viewOperators(at, look);
    case 'hand-over':
      return viewHandOver(at, look);
    default:
      return viewDesk(at, look);
  }
}

const secondMs = 1_000;
const minuteMs = 60_000;

/**
 * When the screen changes next although nothing happens: a countdown by the second, the clock of the idle screen by the minute, the end of a
 * notice. Undefined: not before something happens.
 */
export function nextTickMs({ at }: State, now: number): number | undefined {
  const untilMs = countsDownTo(at);
  if (untilMs !== undefined) {
    const left = untilMs - now;
    return left > 0 ? untilMs - (Math.ceil(left / secondMs) - 1) * secondMs : undefined;
  }
  const expires = 'expiresMs' in at ? at.expiresMs : undefined;
  if (at.is !== 'idle') return expires;
  const nextMinute = (Math.floor(now / minuteMs) + 1) * minuteMs;
  return expires === undefined ? nextMinute : Math.min(nextMinute, expires);
}

/** The wait of the step that a command has got to. */
const countsDownTo = (at: Place): number | undefined =>
  'step' in at && at.step && 'untilMs' in at.step ? at.step.untilMs : undefined;
