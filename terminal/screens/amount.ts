import type { Key } from '../../drivers/devices.ts';
import { type Fen, fen, formatYuan } from '../base/money.ts';
import { editAmount } from './digits.ts';
import { beep, go, type Moment, menu, type Next, operationMs, run, wrongKey } from './go.ts';
import { type Look, page } from './look.ts';
import { alignRight, type Screen } from './screen.ts';
import type { Amount } from './state.ts';
import { say, wordsOf } from './texts.ts';

export function keyAtAmount(at: Amount, key: Key, moment: Moment): Next {
  if (key === 'cancel') return go(menu(moment, 'main'));
  if (key === 'enter') {
    if (at.digits === '') return go({ ...at, notice: say('notice.zero') }, beep('wrong'));
    const amountFen = fen(Number(at.digits));
    const command = { is: 'sale', amountFen, fallback: at.fallback } as const;
    return run({ is: 'sale', id: moment.id, amountFen, step: undefined }, moment.id, command);
  }
  const edited = editAmount(at.digits, key);
  if (edited === 'other') return wrongKey(at);
  if (edited === 'full') return go({ ...at, notice: say('notice.tooLong') }, beep('wrong'));
  return go({ ...at, digits: edited.digits, notice: undefined });
}

export const viewAmount = (at: Amount, look: Look): Screen =>
  page(look, {
    title: say('title.sale'),
    body: ['', say('amount.ask'), at.notice ?? '', offeredRow(at, look)],
    amount: formatYuan(Number(at.digits)),
    keys: 'keys.input',
  });

function offeredRow({ offered }: Amount, { language }: Look): string {
  if (!offered) return '';
  return alignRight(offered.by === 'swipe' ? offered.card : wordsOf(language, 'amount.inserted'));
}

/** An empty page, or one for a card that was offered, or the amount of a sale of which nothing was sent, to be corrected or taken once more. */
export const askAmount = (
  moment: Moment,
  { typed, ...rest }: { readonly typed?: Fen } & Partial<Pick<Amount, 'offered' | 'fallback'>> = {},
): Amount => ({
  is: 'amount',
  digits: typed === undefined ? '' : String(typed),
  offered: undefined,
  fallback: false,
  ...rest,
  notice: undefined,
  expiresMs: moment.now + operationMs,
});
