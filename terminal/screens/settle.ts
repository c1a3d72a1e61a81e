import type { Key } from '../../drivers/devices.ts';
import { fen, formatYuan } from '../base/money.ts';
import type { SettlementOffer } from '../flows/counter.ts';
import type { SettleAmount, SettleConfirm, SettleOffer } from './batch-places.ts';
import { editAmount } from './digits.ts';
import { beep, go, type Moment, menu, type Next, operationMs, run, wrongKey } from './go.ts';
import { type Look, page } from './look.ts';
import { alignRight, pair, type Screen, wrap } from './screen.ts';
import { type Say, say, wordsOf } from './texts.ts';

/** Steps 1 to 3 of a settlement (settlement.md, B-008 to B-010): balance and account, amount, confirmation. */
export const settleOffer = (offer: SettlementOffer, moment: Moment, notice?: Say): SettleOffer => ({
  is: 'settle-offer',
  offer,
  notice,
  expiresMs: moment.now + operationMs,
});

export function keyAtOffer(at: SettleOffer, key: Key, moment: Moment): Next {
  if (key === 'cancel') return go(menu(moment, 'other'));
  if (key !== 'enter') return wrongKey(at);
  if (at.offer.availableFen <= 0) return go({ ...at, notice: say('notice.nothing') }, beep('wrong'));
  return go(settleAmount(at.offer, at.offer.availableFen, moment));
}

/** `fresh`: the amount is a proposal, and the first digit replaces it. */
export const settleAmount = (offer: SettlementOffer, amountFen: number, moment: Moment): SettleAmount => ({
  is: 'settle-amount',
  offer,
  digits: String(amountFen),
  fresh: true,
  notice: undefined,
  expiresMs: moment.now + operationMs,
});

export function keyAtSettleAmount(at: SettleAmount, key: Key, moment: Moment): Next {
  if (key === 'cancel') return go(settleOffer(at.offer, moment));
  if (key === 'enter') return enterAmount(at, moment);
  const edited = editAmount(at.fresh && key !== 'clear' ? '' : at.digits, key);
  if (edited === 'other') return wrongKey(at);
  if (edited === 'full') return go({ ...at, notice: say('notice.tooLong') }, beep('wrong'));
  return go({ ...at, digits: edited.digits, fresh: false, notice: undefined });
}

function enterAmount(at: SettleAmount, moment: Moment): Next {
  const amountFen = fen(Number(at.digits));
  if (amountFen === 0) return go({ ...at, notice: say('notice.zero') }, beep('wrong'));
  if (amountFen > at.offer.availableFen) return go({ ...at, notice: say('notice.overBalance') }, beep('wrong'));
  return go({ is: 'settle-confirm', offer: at.offer, amountFen, expiresMs: moment.now + operationMs });
}

export function keyAtSettleConfirm(at: SettleConfirm, key: Key, moment: Moment): Next {
  const { offer, amountFen } = at;
  if (key === 'cancel') return go(settleAmount(offer, amountFen, moment));
  if (key !== 'enter') return wrongKey(at);
  return run({ is: 'settling', id: moment.id, offer, amountFen, step: undefined }, moment.id, {
    is: 'settle',
    amountFen,
    offer,
  });
}

const moneyRow = (
  look: Look,
  label: 'label.available' | 'label.uncleared' | 'label.transit' | 'label.amount' | 'label.fee' | 'label.net',
  amount: number,
): string => pair(wordsOf(look.language, label), formatYuan(amount));

export const viewOffer = ({ offer, notice }: SettleOffer, look: Look): Screen =>
  page(look, {
    title: say('title.settle', { step: 1 }),
    body: [
      moneyRow(look, 'label.available', offer.availableFen),
      moneyRow(look, 'label.uncleared', offer.unclearedFen),
      moneyRow(look, 'label.transit', offer.inTransitFen),
      offer.account.name,
      alignRight(offer.account.maskedNumber),
      notice ?? offer.account.bank,
    ],
    keys: 'keys.okCancel',
  });

export const viewSettleAmount = (at: SettleAmount, look: Look): Screen =>
  page(look, {
    title: say('title.settle', { step: 2 }),
    body: [
      moneyRow(look, 'label.available', at.offer.availableFen),
      '',
      say('settle.amount'),
      ...(at.notice ? [at.notice] : []),
    ],
    amount: formatYuan(Number(at.digits)),
    keys: 'keys.input',
  });

/** A manual settlement costs nothing (accounting.md: a service fee only in real time), so the net amount is the amount. */
const manualFeeFen = 0;

export const viewSettleConfirm = ({ offer, amountFen }: SettleConfirm, look: Look): Screen =>
  page(look, {
    title: say('title.settle', { step: 3 }),
    body: [
      moneyRow(look, 'label.amount', amountFen),
      moneyRow(look, 'label.fee', manualFeeFen),
      moneyRow(look, 'label.net', amountFen - manualFeeFen),
      say('settle.confirm'),
      wrap(offer.account.name)[0] ?? '',
      alignRight(offer.account.maskedNumber),
    ],
    keys: 'keys.okCancel',
  });
