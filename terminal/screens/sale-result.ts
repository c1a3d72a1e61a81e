import { formatYuan } from '../base/money.ts';
import type { TransactionView } from '../flows/counter.ts';
import { type Look, page } from './look.ts';
import { responseRows } from './response-codes.ts';
import { alignRight, pair, type Screen } from './screen.ts';
import type { Approved, Declined, Unknown } from './state.ts';
import { keyFor, rowsOf, type Say, say, wordsOf } from './texts.ts';

const stanRow = (txn: TransactionView, look: Look): string => pair(wordsOf(look.language, 'label.stan'), txn.stan);

/** What a transaction's state means for the next swipe. States that came later than this program are shown by their name. */
export function stateRows(txn: TransactionView, look: Look): readonly (string | Say)[] {
  const state = keyFor('state', txn.state);
  const advice = keyFor('advice', txn.state);
  const words = state ? wordsOfKey(state, look) : txn.state;
  return [pair(wordsOf(look.language, 'label.state'), words), ...(advice ? [{ text: advice, params: {} }] : [])];
}

const wordsOfKey = (text: NonNullable<ReturnType<typeof keyFor>>, look: Look): string =>
  rowsOf({ text, params: {} }, look.language).join(' ');

export const viewApproved = ({ txn }: Approved, look: Look): Screen =>
  page(look, {
    title: say('title.approved'),
    body: [
      '',
      say('sale.approved'),
      ...(txn.entry === 'CHIP' ? [say('sale.takeCard')] : []),
      stanRow(txn, look),
      ...(txn.card ? [alignRight(txn.card)] : []),
    ],
    amount: formatYuan(txn.amountFen),
    keys: 'keys.any',
  });

export const viewDeclined = ({ txn, code }: Declined, look: Look): Screen =>
  page(look, {
    title: say('title.declined'),
    body: ['', ...responseRows(code, look.language), '', stanRow(txn, look)],
    amount: formatYuan(txn.amountFen),
    keys: 'keys.any',
  });

/** Follows the transaction: once it is decided, the state and the advice say so in place. */
export const viewUnknown = ({ why, txn, amountFen }: Unknown, look: Look): Screen =>
  page(look, {
    title: say('title.unknown'),
    body: [
      { text: `sale.unknown.${why}`, params: {} },
      '',
      ...(txn ? stateRows(txn, look) : [{ text: 'state.REVERSING', params: {} } as const]),
    ],
    amount: formatYuan(amountFen),
    keys: 'keys.unknown',
  });
