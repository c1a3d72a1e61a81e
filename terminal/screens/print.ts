import type { Key } from '../../drivers/devices.ts';
import type { ReprintTarget } from '../flows/counter.ts';
import { editDigits } from './digits.ts';
import { beep, go, idle, type Moment, menu, type Next, operationMs, refuse, run, wrongKey } from './go.ts';
import { type Look, page } from './look.ts';
import type { AskStan, PrintProblem } from './print-places.ts';
import { pair, type Screen } from './screen.ts';
import type { Place, Refusal } from './state.ts';
import { problemWords, type Say, say, wordsOf } from './texts.ts';

const stanDigits = 6;

export const reprint = (target: ReprintTarget, back: Place, moment: Moment): Next =>
  run({ is: 'waiting', id: moment.id, what: { is: 'reprint', target }, back }, moment.id, { is: 'reprint', target });

export function keyAtStan(at: AskStan, key: Key, moment: Moment): Next {
  if (key === 'cancel') return go(menu(moment, 'print'));
  if (key === 'enter') {
    if (at.digits === '') return go({ ...at, notice: say('notice.stanDigits') }, beep('wrong'));
    const stan = at.digits.padStart(stanDigits, '0');
    return reprint({ kind: 'stan', stan }, { ...at, digits: '', notice: undefined }, moment);
  }
  const edited = editDigits(at.digits, key, stanDigits);
  return typeof edited === 'string' ? wrongKey(at) : go({ ...at, digits: edited.digits, notice: undefined });
}

export const viewStan = (at: AskStan, look: Look): Screen =>
  page(look, {
    title: say('title.reprint'),
    body: [
      '',
      say('reprint.ask'),
      '',
      pair(wordsOf(look.language, 'label.stan'), at.digits.padStart(stanDigits, '_')),
      ...(at.notice ? [at.notice] : []),
    ],
    keys: 'keys.input',
  });

/** The transaction is safe; only paper is missing (faces.md, rule 10). */
export function keyAtPrintProblem(at: PrintProblem, key: Key, moment: Moment): Next {
  if (key === 'cancel') return go(idle(moment));
  return key === 'enter' ? reprint(at.target, at, moment) : wrongKey(at);
}

export function viewPrintProblem(at: PrintProblem, look: Look): Screen {
  const problem = problemWords(look.language, at.problem);
  const what: Say = at.problem === 'PAPER_OUT' ? say('print.out') : say('print.problem', { problem });
  return page(look, {
    title: say('title.printProblem'),
    body: [...(at.safe ? [at.safe] : []), '', what],
    hotline: true,
    keys: 'keys.printLater',
  });
}

const printerCodes: readonly string[] = ['PAPER_OUT', 'DEVICE_ABSENT', 'DEVICE_BUSY', 'DEVICE_FAULT', 'PORT_IN_USE'];

/** A printer that cannot print may be put right and asked again; anything else is read and left. */
export function reprintRefused(target: ReprintTarget, back: Place, refusal: Refusal, moment: Moment): Next {
  if (refusal.code === undefined || !printerCodes.includes(refusal.code)) {
    return refuse(moment, say('title.reprint'), refusal, back);
  }
  const safe = back.is === 'print-problem' ? back.safe : undefined;
  const expiresMs = moment.now + operationMs;
  const problem = String(refusal.details['problem'] ?? refusal.code);
  return go({ is: 'print-problem', target, safe, problem, expiresMs }, beep('error'));
}
