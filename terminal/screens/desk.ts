import type { Key } from '../../drivers/devices.ts';
import type { StoredOutcome } from '../flows/stored-sale-desk.ts';
import { codeProgressed, codeSaleEnded, codeSaleRefused, keyAtCodeSale, viewCodeSale } from './code-sale.ts';
import { backTo, result } from './desk-go.ts';
import type { DeskAnswer, DeskPlace, DeskProgress, DeskResult, DeskWait } from './desk-places.ts';
import { empty } from './desk-rows.ts';
import { askDrawerSecret, deskWaitRefused, keyAtDeskWait, viewDeskWait } from './desk-wait.ts';
import { keyAtForm, viewForm } from './form.ts';
import { beep, go, idle, type Moment, type Next, operationMs, resultMs } from './go.ts';
import { invoiceEnded, invoiceOffered, invoicePrinted, titleScanned } from './invoice.ts';
import { found, showStored, showSummary } from './lists.ts';
import type { Look } from './look.ts';
import { refundEnded, refundOffer } from './refund.ts';
import { foundToReport, reported } from './report.ts';
import type { Screen } from './screen.ts';
import { keyAtChoice, keyAtSheet, viewChoice, viewSheet } from './sheet.ts';
import type { Place, Refusal } from './state.ts';
import { say } from './texts.ts';
import { downloaded, echoed, showTroubles, stateTold } from './upkeep.ts';

/** What happens at the places of the desks; step.ts and view.ts hand it on. */

export function keyAtDesk(at: DeskPlace, key: Key, moment: Moment): Next {
  switch (at.is) {
    case 'sheet':
      return keyAtSheet(at, key, moment);
    case 'choose':
      return keyAtChoice(at, key, moment);
    case 'form':
      return keyAtForm(at, key, moment);
    case 'desk-wait':
      return keyAtDeskWait(at, key, moment);
    case 'code-sale':
      return keyAtCodeSale(at, key, moment);
  }
}

export function viewDesk(at: DeskPlace, look: Look): Screen {
  switch (at.is) {
    case 'sheet':
      return viewSheet(at, look);
    case 'choose':
      return viewChoice(at, look);
    case 'form':
      return viewForm(at, look);
    case 'desk-wait':
      return viewDeskWait(at, look);
    case 'code-sale':
      return viewCodeSale(at, look);
  }
}

export function deskAnswered(_at: Place, answer: DeskAnswer, moment: Moment): Next {
  switch (answer.is) {
    case 'summary':
      return showSummary(answer.summary, moment);
    case 'stored':
      return showStored(answer.rows, moment);
    case 'troubles':
      return showTroubles(answer.rows, moment);
  }
}

export function deskProgressed(at: Place, id: number, progress: DeskProgress): Place {
  if (at.is === 'code-sale' && at.id === id && progress.of === 'code-sale') return codeProgressed(at, progress.step);
  if (at.is === 'desk-wait' && at.id === id && progress.of !== 'code-sale') return { ...at, step: progress.step };
  return at;
}

export function deskFinished(at: Place, id: number, done: DeskResult, moment: Moment): Next {
  if (done.of === 'code-sale') return codeSaleEnded(at, id, done.outcome, moment);
  return at.is === 'desk-wait' && at.id === id ? waitEnded(at, done, moment) : go(at);
}

function waitEnded(at: DeskWait, done: Exclude<DeskResult, { of: 'code-sale' }>, moment: Moment): Next {
  const { command, back } = at;
  switch (done.of) {
    case 'refund-find':
      return go(refundOffer(done.offer, moment));
    case 'refund':
      return refundEnded(done.outcome, moment);
    case 'find':
      return command.is === 'find' && command.why === 'report'
        ? foundToReport(done.txn, back, moment)
        : found(done.txn, moment);
    case 'advise':
      return advised(done.outcome, moment);
    case 'invoice-offer':
      return invoiceOffered(done.offer, moment);
    case 'invoice-title':
      return command.is === 'invoice-title' ? titleScanned(command.offer, done.scanned, moment) : go(at);
    case 'invoice':
      return invoiceEnded(done.outcome, moment);
    case 'echo':
      return echoed(done.echo, moment);
    case 'download':
      return downloaded(done.downloaded, moment);
    case 'drawer-needs-secret':
      return go(askDrawerSecret(back, moment));
    case 'desk-done':
      return simplyDone(at, moment);
  }
}

function simplyDone({ command, back }: DeskWait, moment: Moment): Next {
  switch (command.is) {
    case 'report':
      return reported(moment);
    case 'invoice-print':
      return invoicePrinted(moment);
    case 'tell-state':
      return stateTold(moment);
    case 'sign-off':
      return result(moment, { title: say('title.signOff'), rows: [empty, say('signOff.done')] }, 'ok', {
        ms: resultMs,
      });
    case 'drawer':
      return go(idle(moment, say('notice.drawer')), beep('ok'));
    default:
      return go(backTo(back, moment));
  }
}

/** Kept; its slip is that of what was kept. */
function advised(outcome: StoredOutcome, moment: Moment): Next {
  if (outcome.kind !== 'stored') return go(idle(moment, say('notice.cancelled')));
  const { txn, printProblem: problem } = outcome;
  if (problem === undefined) return go({ is: 'approved', txn, expiresMs: moment.now + resultMs }, beep('ok'));
  const target = { kind: 'stan', stan: txn.stan } as const;
  const safe = say('print.storedSafe');
  return go({ is: 'print-problem', target, safe, problem, expiresMs: moment.now + operationMs }, beep('error'));
}

/** Nobody may wait for it any more. */
export function deskFailed(at: Place, id: number, refusal: Refusal, moment: Moment): Next {
  if (at.is === 'code-sale' && at.id === id) return codeSaleRefused(at, refusal, moment);
  return at.is === 'desk-wait' && at.id === id ? deskWaitRefused(at, refusal, moment) : go(at);
}
