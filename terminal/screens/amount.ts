import type { Key } from '../../drivers/devices.ts';
import { type Fen, fen, formatYuan } from '../base/money.ts';
import { editAmount } from './digits.ts';
import { beep, go, type Moment, menu, type Next, operationMs, run, wrongKey } from './go.ts';
import { type Look, page } from './look.ts';
import type { Screen } from './screen.ts';
import type { Amount } from './state.ts';
import { say } from './texts.ts';

export function keyAtAmount(at: Amount, key: Key, moment: Moment): Next {
  if (key === 'cancel') return go(menu(moment, 'main'));
  if (key === 'enter') {
    if (at.digits === '') return go({ ...at, notice: say('notice.zero') }, beep('wrong'));
    const amountFen = fen(Number(at.digits));
    return run({ is: 'sale', id: moment.id, amountFen, step: undefined }, moment.id, { is: 'sale', amountFen });
  }
  const edited = editAmount(at.digits, key);
  if (edited === 'other') return wrongKey(at);
  if (edited === 'full') return go({ ...at, notice: say('notice.tooLong') }, beep('wrong'));
  return go({ ...at, digits: edited.digits, notice: undefined });
}

export const viewAmount = (at: Amount, look: Look): Screen =>
  page(look, {
    title: say('title.sale'),
    body: ['', say('amount.ask'), ...(at.notice ? ['', at.notice] : [])],
    amount: formatYuan(Number(at.digits)),
    keys: 'keys.input',
  });

/** Nothing was sent: the amount can be typed again, or what was typed can be corrected or taken once more. */
export const amountAgain = (moment: Moment, typed?: Fen): Amount => ({
  is: 'amount',
  digits: typed === undefined ? '' : String(typed),
  notice: undefined,
  expiresMs: moment.now + operationMs,
});
