import type { Key } from '../../drivers/devices.ts';
import type { CloseOutcome, CloseStep } from '../flows/counter.ts';
import type { Closing, ConfirmClose } from './batch-places.ts';
import {
  beep,
  fail,
  go,
  idle,
  type Moment,
  menu,
  message,
  type Next,
  operationMs,
  refuse,
  run,
  wrongKey,
} from './go.ts';
import { type Look, page } from './look.ts';
import { pair, type Screen } from './screen.ts';
import type { Refusal } from './state.ts';
import { type Say, say, wordsOf } from './texts.ts';

const title = say('title.close');

export function keyAtConfirmClose(at: ConfirmClose, key: Key, moment: Moment): Next {
  if (key === 'cancel') return go(menu(moment, 'manage'));
  if (key !== 'enter') return wrongKey(at);
  return run({ is: 'closing', id: moment.id, step: undefined }, moment.id, { is: 'close' });
}

export function viewConfirmClose(look: Look): Screen {
  const { batch } = look.status;
  const label = (key: 'label.batch' | 'label.records') => wordsOf(look.language, key);
  return page(look, {
    title,
    body: [
      say('close.ask'),
      '',
      pair(label('label.batch'), batch?.no ?? '-'),
      pair(label('label.records'), String(batch?.records ?? 0)),
    ],
    keys: 'keys.okCancel',
  });
}

/** Leaving does not stop a close: it ends by itself. */
export function keyWhileClosing(at: Closing, key: Key, moment: Moment): Next {
  if (key !== 'cancel') return wrongKey(at);
  return go(idle(moment, say('notice.closeContinues')), { is: 'abort', id: at.id });
}

/** A close always ends in a named state with the next step. */
export function closeEnded(outcome: CloseOutcome, moment: Moment): Next {
  const show = (line: Say, tone: 'ok' | 'error') =>
    tone === 'ok'
      ? go(message(moment, title, [line], idle(moment), operationMs), beep(tone))
      : fail(moment, title, [line], idle(moment), operationMs);
  switch (outcome.kind) {
    case 'closed': {
      const { balanced, printProblem } = outcome;
      if (printProblem === undefined)
        return show(say(balanced ? 'close.balanced' : 'close.unbalanced'), balanced ? 'ok' : 'error');
      return go(
        {
          is: 'print-problem',
          target: { kind: 'batch-slip' },
          safe: say(balanced ? 'close.balanced' : 'close.unbalanced'),
          problem: printProblem,
          expiresMs: moment.now + operationMs,
        },
        beep('error'),
      );
    }
    case 'continues':
      return show(say('close.continues', { batch: outcome.batch }), 'error');
    case 'needs-human':
      return show(say('close.human', { batch: outcome.batch }), 'error');
  }
}

export const closeRefused = (refusal: Refusal, moment: Moment): Next => refuse(moment, title, refusal, idle(moment));

const order = [
  'freezing',
  'comparing',
  'uploading',
  'ending',
  'printing',
] as const satisfies readonly CloseStep['at'][];

/** The five steps; the one that runs is marked. Uploading is skipped when the totals agree. */
export function viewClosing(at: Closing, look: Look): Screen {
  const { step } = at;
  if (!step) return page(look, { title, body: ['', '', say('close.start')], keys: 'keys.leave' });
  const rows = order.map((name) => {
    const counts = step.at === 'uploading' ? { done: step.done, of: step.of } : { done: '-', of: '-' };
    const words =
      name === 'uploading'
        ? wordsOf(look.language, 'close.uploading', counts)
        : wordsOf(look.language, `close.${name}`);
    return name === step.at ? pair(words, '<') : words;
  });
  return page(look, { title, body: rows, keys: 'keys.leave' });
}
