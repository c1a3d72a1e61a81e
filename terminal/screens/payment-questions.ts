import type { Key } from '../../drivers/devices.ts';
import { formatYuan } from '../base/money.ts';
import { editDigits } from './digits.ts';
import { beep, go, type Next, wrongKey } from './go.ts';
import { type Look, secondsLeft } from './look.ts';
import type { Paying, PaymentStage } from './payment-places.ts';
import { alignRight, pair } from './screen.ts';
import { keyFor, type Say, say, wordsOf } from './texts.ts';

/** What a transaction asks the cashier on its way: the card, less than was asked, the code that was sent to the customer. */

type Stage<At extends PaymentStage['at']> = Extract<PaymentStage, { readonly at: At }>;

export function confirmRows(step: Stage<'confirm'>, look: Look): readonly (string | Say)[] {
  const { warning, entry: name } = step;
  const entry = keyFor('entry', name);
  return [
    ...(warning ? [] : ['']),
    say('sale.confirm', { seconds: secondsLeft(look, step.untilMs) }),
    ...(warning ? [say('sale.tooFrequent', { count: warning.value, limit: warning.limit })] : ['']),
    entry ? { text: entry, params: {} } : name,
    alignRight(step.card),
  ];
}

export const keyAtPart = (at: Paying, key: Key): Next =>
  key === 'enter' ? go({ ...at, step: undefined }, { is: 'reply', id: at.id, reply: true }) : wrongKey(at);

/** The amount below is what the customer pays now; the rest is paid in another way. */
export function partRows({ askedFen, approvedFen, discountFen, untilMs }: Stage<'part'>, look: Look) {
  const row = (label: 'label.asked' | 'label.approved' | 'label.discount' | 'label.rest', amount: number): string =>
    pair(wordsOf(look.language, label), formatYuan(amount));
  return [
    say('part.ask', { seconds: secondsLeft(look, untilMs) }),
    row('label.asked', askedFen),
    row('label.approved', approvedFen),
    row('label.rest', askedFen - approvedFen),
    ...(discountFen > 0 ? [row('label.discount', discountFen)] : []),
  ];
}

const codeDigits = { least: 4, most: 8 };

export function keyAtCode(at: Paying, step: Stage<'code'>, key: Key): Next {
  const { id } = at;
  const reply = (what: string): Next => go({ ...at, step: undefined }, { is: 'reply', id, reply: what });
  if (key === 'function' || key === 'down') return reply('send-again');
  if (key === 'enter') return step.digits.length < codeDigits.least ? go(at, beep('wrong')) : reply(step.digits);
  const edited = editDigits(step.digits, key, codeDigits.most);
  return typeof edited === 'string' ? wrongKey(at) : go({ ...at, step: { ...step, digits: edited.digits } });
}

export function codeRows({ by, to, triesLeft, problem, digits, untilMs }: Stage<'code'>, look: Look) {
  return [
    say('code.ask', { seconds: secondsLeft(look, untilMs) }),
    say(`code.${by}`),
    alignRight(to),
    pair(wordsOf(look.language, 'label.otp'), digits.padEnd(6, '_')),
    problem ? say(`code.${problem}`, { count: triesLeft }) : say('code.tries', { count: triesLeft }),
  ];
}
