import type { Key } from '../../drivers/devices.ts';
import { secretRefused } from './ask-secret.ts';
import { beep, go, idle, logOn, type Moment, menu, message, type Next, refuse, resultMs, wrongKey } from './go.ts';
import { shiftPrinted } from './hand-over.ts';
import { logOnRefused } from './log-on.ts';
import { type Look, page } from './look.ts';
import { arriveAt } from './message.ts';
import { reprintRefused } from './print.ts';
import type { Screen } from './screen.ts';
import { staffForm, staffRefused } from './staff.ts';
import type { Place, Refusal, Waiting } from './state.ts';
import { say } from './texts.ts';

export function keyWhileWaiting(at: Waiting, key: Key, moment: Moment): Next {
  return key === 'cancel' ? go(arriveAt(at.back, moment), { is: 'abort', id: at.id }) : wrongKey(at);
}

export function waitingDone(at: Waiting, moment: Moment): Next {
  switch (at.what.is) {
    case 'log-on':
      return go(idle(moment), beep('ok'));
    case 'sign-in':
      return go(message(moment, say('title.signIn'), [say('signIn.done')], idle(moment), resultMs), beep('ok'));
    case 'reprint': {
      const then = at.back.is === 'print-problem' ? idle(moment) : at.back;
      return go(message(moment, say('title.reprint'), [say('print.done')], then, resultMs), beep('ok'));
    }
    case 'staff':
      return go(message(moment, say('title.staff'), [say('staff.done')], menu(moment, 'staff'), resultMs), beep('ok'));
    case 'print-shift':
      return shiftPrinted(moment);
    case 'hand-over':
    case 'self-check':
      return go(at.back);
  }
}

export function waitingFailed(at: Waiting, refusal: Refusal, moment: Moment): Next {
  switch (at.what.is) {
    case 'log-on':
      return logOnFailed(at, at.what.secret ?? '', refusal, moment);
    case 'sign-in':
      return refuse(moment, say('title.signIn'), refusal, at.back);
    case 'self-check':
      return refuse(moment, say('title.selfCheck'), refusal, at.back);
    case 'reprint':
      return reprintRefused(at.what.target, at.back, refusal, moment);
    case 'staff':
      return staffFailed(at.back, refusal, moment);
    case 'hand-over':
      return refuse(moment, say('title.handOver'), refusal, at.back);
    case 'print-shift':
      return refuse(moment, say('title.shiftTotals'), refusal, at.back);
  }
}

function staffFailed(back: Place, refusal: Refusal, moment: Moment): Next {
  if (back.is === 'staff-form') return staffRefused(back, refusal, moment);
  if (back.is !== 'ask-secret') return go(back);
  return secretRefused(back, refusal, moment) ?? refuse(moment, back.title, refusal, back.back);
}

/** A secret that somebody else chose was right, and is replaced first. */
function logOnFailed(at: Waiting, secret: string, refusal: Refusal, moment: Moment): Next {
  if (at.back.is !== 'log-on') return refuse(moment, say('title.logOn'), refusal, logOn());
  const isFirst = refusal.code === 'ILLEGAL_STATE' && refusal.details['state'] === 'FIRST_SECRET';
  return isFirst
    ? go(staffForm(moment, 'first', at.back.operator, secret), beep('ok'))
    : logOnRefused(at.back, refusal, moment);
}

const pages = {
  'log-on': { title: say('title.logOn'), text: say('logOn.checking') },
  'sign-in': { title: say('title.signIn'), text: say('signIn.running') },
  'self-check': { title: say('title.selfCheck'), text: say('selfCheck.running') },
  reprint: { title: say('title.reprint'), text: say('print.printing') },
  staff: { title: say('title.staff'), text: say('logOn.checking') },
  'hand-over': { title: say('title.handOver'), text: say('close.start') },
  'print-shift': { title: say('title.shiftTotals'), text: say('print.printing') },
};

export function viewWaiting(at: Waiting, look: Look): Screen {
  const { title, text } = pages[at.what.is];
  return page(look, { title, body: ['', '', text], keys: 'keys.cancel' });
}
