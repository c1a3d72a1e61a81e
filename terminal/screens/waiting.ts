import type { Key } from '../../drivers/devices.ts';
import { beep, go, idle, type Moment, message, type Next, refuse, resultMs, wrongKey } from './go.ts';
import { logOnRefused } from './log-on.ts';
import { type Look, page } from './look.ts';
import { arriveAt } from './message.ts';
import { reprintRefused } from './print.ts';
import type { Screen } from './screen.ts';
import type { Refusal, Waiting } from './state.ts';
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
  }
}

export function waitingFailed(at: Waiting, refusal: Refusal, moment: Moment): Next {
  switch (at.what.is) {
    case 'log-on':
      return at.back.is === 'log-on' ? logOnRefused(at.back, refusal, moment) : go(at.back);
    case 'sign-in':
      return refuse(moment, say('title.signIn'), refusal, at.back);
    case 'reprint':
      return reprintRefused(at.what.target, at.back, refusal, moment);
  }
}

const pages = {
  'log-on': { title: say('title.logOn'), text: say('logOn.checking') },
  'sign-in': { title: say('title.signIn'), text: say('signIn.running') },
  reprint: { title: say('title.reprint'), text: say('print.printing') },
};

export function viewWaiting(at: Waiting, look: Look): Screen {
  const { title, text } = pages[at.what.is];
  return page(look, { title, body: ['', '', text], keys: 'keys.cancel' });
}
