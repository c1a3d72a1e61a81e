import type { TransactionView } from '../flows/counter.ts';
import { kinds } from '../payments/kinds.ts';
import type { Look } from './look.ts';
import { pair } from './screen.ts';
import { keyFor, rowsOf, type Say, say, wordsOf } from './texts.ts';

/** Words of a transaction that stand on more than one page. */

type Type = TransactionView['type'];

/** Short enough to stand beside a number. */
export const typeWords = (type: Type, { language }: Look): string => wordsOf(language, `type.${type}`);

/** A state that came later than this program is shown by its name. */
export function stateWords({ state }: TransactionView, { language }: Look): string {
  const key = keyFor('state', state);
  return key ? rowsOf({ text: key, params: {} }, language).join(' ') : state;
}

export const stateRow = (txn: TransactionView, look: Look): string =>
  pair(wordsOf(look.language, 'label.state'), stateWords(txn, look));

/** What its state means for who stands at the counter: a void that failed leaves its original as it was, a hold that failed holds nothing. */
function advice({ type, state }: Pick<TransactionView, 'type' | 'state'>): Say | undefined {
  const key = keyFor('advice', `${familyOf(type)}.${state}`) ?? keyFor('advice', state);
  return key && { text: key, params: {} };
}

/** What its state means for the next swipe. */
export function stateRows(txn: TransactionView, look: Look): readonly (string | Say)[] {
  const what = txn.isFrozen ? say('advice.frozen') : advice(txn);
  return [stateRow(txn, look), ...(what ? [what] : [])];
}

/** What its states mean, and what must not be done again: money taken, money held and charged, something given back. */
export function familyOf(type: Type): 'sale' | 'preauth' | 'completion' | 'void' | 'refund' {
  if (type === 'preauth' || type === 'completion' || type === 'refund') return type;
  return kinds[type].needsSupervisor ? 'void' : 'sale';
}
