import type { Key } from '../../drivers/devices.ts';
import { formatYuan } from '../base/money.ts';
import type { TransactionView } from '../flows/counter.ts';
import { go, idle, type Moment, type Next, wrongKey } from './go.ts';
import { type Look, page } from './look.ts';
import { pay } from './pay.ts';
import type { Approved, BalanceShown, CardAgain, Declined, Unknown } from './payment-places.ts';
import { responseRows } from './response-codes.ts';
import { alignRight, pair, type Screen } from './screen.ts';
import { type Say, say, wordsOf } from './texts.ts';
import { familyOf, stateRows, typeWords } from './transaction-words.ts';

const typeRow = ({ type, stan }: TransactionView, look: Look): string => pair(typeWords(type, look), stan);

/** What was keyed and what was saved, where the customer pays something else (B-022). */
function figures({ askedFen, amountFen, discountFen }: TransactionView, { language }: Look): readonly string[] {
  if (askedFen === amountFen && discountFen === 0) return [];
  return [
    pair(wordsOf(language, 'label.asked'), formatYuan(askedFen)),
    ...(discountFen > 0 ? [pair(wordsOf(language, 'label.discount'), formatYuan(discountFen))] : []),
  ];
}

/** What was told instead of asked is no success before the host has accepted it. */
function resultOf({ type }: TransactionView) {
  switch (type) {
    case 'stored-sale':
      return { title: 'title.stored', text: 'sale.stored' } as const;
    case 'completion-advice':
      return { title: 'title.told', text: 'sale.told' } as const;
    default:
      return { title: 'title.approved', text: 'sale.approved' } as const;
  }
}

export const viewApproved = ({ txn }: Approved, look: Look): Screen =>
  page(look, {
    title: say(resultOf(txn).title),
    body: [
      typeRow(txn, look),
      say(resultOf(txn).text),
      ...(cardIsIn(txn) ? [say('sale.takeCard')] : []),
      ...figures(txn, look),
      ...(txn.card ? [alignRight(txn.card)] : []),
    ].slice(0, 5),
    amount: formatYuan(txn.amountFen),
    keys: 'keys.any',
  });

/** What is about another transaction has the entry mode of that one, and its card is elsewhere. */
const cardIsIn = ({ entry, original }: TransactionView): boolean => entry === 'CHIP' && original === undefined;

export const viewDeclined = ({ txn, code }: Declined, look: Look): Screen =>
  page(look, {
    title: say('title.declined'),
    body: [
      txn ? typeRow(txn, look) : say('title.balance'),
      ...responseRows(code, look.language, txn?.type === 'code-sale'),
    ],
    hotline: true,
    ...(txn && { amount: formatYuan(txn.amountFen) }),
    keys: 'keys.any',
  });

/** Shown, never stored. */
export const viewBalance = ({ balanceFen, card }: BalanceShown, look: Look): Screen =>
  page(look, {
    title: say('title.balance'),
    body: ['', say('balance.shown'), '', alignRight(card)],
    amount: formatYuan(balanceFen),
    keys: 'keys.any',
  });

export function keyAtCardAgain(at: CardAgain, key: Key, moment: Moment): Next {
  if (key === 'cancel') return go(idle(moment));
  return key === 'enter' ? pay(moment, at.order) : wrongKey(at);
}

export const viewCardAgain = (at: CardAgain, look: Look): Screen =>
  page(look, {
    title: say(`title.${at.order.is}`),
    body: ['', say(at.order.fallback ? 'cardAgain.stripe' : 'cardAgain.card')],
    keys: 'keys.okCancel',
  });

export const keyAtUnknown = (at: Unknown, key: Key, moment: Moment): Next =>
  key === 'cancel' || key === 'enter' ? go(idle(moment)) : wrongKey(at);

/** Follows the transaction: once it is decided, the state and the advice say so in place. */
export function viewUnknown({ why, type, txn, amountFen }: Unknown, look: Look): Screen {
  const reversing: Say = { text: 'state.REVERSING', params: {} };
  const isStuck = txn?.state === 'NEEDS_HUMAN';
  return page(look, {
    title: say('title.unknown'),
    body: [
      ...(isStuck ? [] : [say(`unknown.${why}`)]), // which says that it ends by itself
      say(`unknown.again.${familyOf(type)}`),
      txn ? typeRow(txn, look) : typeWords(type, look),
      ...(txn ? stateRows(txn, look) : [reversing]),
    ],
    hotline: isStuck,
    amount: formatYuan(amountFen),
    keys: 'keys.unknown',
  });
}
