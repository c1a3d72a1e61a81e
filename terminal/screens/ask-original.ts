import type { Key } from '../../drivers/devices.ts';
import { shanghai } from '../base/clock.ts';
import { formatYuan } from '../base/money.ts';
import type { TransactionView } from '../flows/counter.ts';
import { kinds } from '../payments/kinds.ts';
import { askAmount } from './ask-amount.ts';
import { askSupervisor } from './ask-secret.ts';
import { editDigits } from './digits.ts';
import { beep, go, type Moment, menu, type Next, operationMs, refuse, wrongKey } from './go.ts';
import { type Look, page } from './look.ts';
import { pay, paying } from './pay.ts';
import type { AboutTxn, AskOriginal, CompletionWay, ShowOriginal, TakeBack } from './payment-places.ts';
import { alignRight, pair, type Screen } from './screen.ts';
import type { Answer, AskSecret, Place } from './state.ts';
import { say, wordsOf } from './texts.ts';
import { stateRow, typeWords } from './transaction-words.ts';

/** Of a transaction about another one: which it is, and whether that is the one that was meant. */

/** Vouchers and authorisation codes. */
const numberDigits = 6;

type LookedUp = Extract<Answer, { readonly is: 'looked-up' }>;

const ways = { '1': 'voucher', '2': 'auth-code' } as const;

export function keyAtCompletionWay(at: CompletionWay, key: Key, moment: Moment): Next {
  if (key === 'cancel') return go(menu(moment, 'preauth'));
  return key === '1' || key === '2' ? go(askOriginal(moment, 'completion', ways[key])) : wrongKey(at);
}

export const viewCompletionWay = (look: Look): Screen =>
  page(look, {
    title: say('title.completion'),
    body: [`1 ${wordsOf(look.language, 'menu.byVoucher')}`, `2 ${wordsOf(look.language, 'menu.byAuthCode')}`],
    keys: 'keys.menu',
  });

export const askOriginal = (
  moment: Moment,
  txn: AboutTxn,
  by: AskOriginal['by'] = 'voucher',
  digits = '',
): AskOriginal => ({ is: 'ask-original', txn, by, digits, notice: undefined, expiresMs: moment.now + operationMs });

export function keyAtAskOriginal(at: AskOriginal, key: Key, moment: Moment): Next {
  if (key === 'cancel') return go(before(at, moment));
  if (key === 'enter') return numberEntered(at, moment);
  const edited = editDigits(at.digits, key, numberDigits);
  return typeof edited === 'string' ? wrongKey(at) : go({ ...at, digits: edited.digits, notice: undefined });
}

function before({ txn }: AskOriginal, moment: Moment): Place {
  if (txn === 'completion') return { is: 'completion-way', expiresMs: moment.now + operationMs };
  return menu(moment, txn === 'void' ? 'main' : 'preauth');
}

function numberEntered(at: AskOriginal, moment: Moment): Next {
  if (at.digits === '') return go({ ...at, notice: say(`notice.${at.by}`) }, beep('wrong'));
  const number = at.digits.padStart(numberDigits, '0');
  if (at.by === 'voucher') return go({ ...at, notice: undefined }, { is: 'look-up', stan: number, to: at.txn });
  return go(askAmount(moment, { purpose: { txn: 'completion', of: { by: 'auth-code', authCode: number } } }));
}

/** The transaction with the number that was typed. One of another type is refused here, before any secret is asked for. */
export function originalFound(at: AskOriginal, found: LookedUp, moment: Moment): Next {
  const { stan, txn: original, supervised } = found;
  const title = say(`title.${at.txn}`);
  const back: AskOriginal = { ...at, digits: '' };
  if (!original) return refuse(moment, title, { code: 'NOT_FOUND', details: { what: 'transaction', no: stan } }, back);
  const state = original.type === 'code-sale' ? 'CODE_PAYMENT' : 'OTHER_TRANSACTION';
  if (!kinds[at.txn].of?.txns.some((type) => type === original.type))
    return refuse(moment, title, { code: 'ILLEGAL_STATE', details: { state, event: at.txn } }, back);
  return go(showOriginal(moment, at.txn, original, supervised));
}

const showOriginal = (moment: Moment, txn: AboutTxn, original: TransactionView, supervised: boolean): ShowOriginal => ({
  is: 'original',
  txn,
  original,
  supervised,
  expiresMs: moment.now + operationMs,
});

export function keyAtOriginal(at: ShowOriginal, key: Key, moment: Moment): Next {
  const { txn, original, supervised } = at;
  if (key === 'cancel') return go(askOriginal(moment, txn));
  if (key !== 'enter') return wrongKey(at);
  const { stan } = original;
  switch (txn) {
    case 'completion':
      return go(askAmount(moment, { purpose: { txn, of: { by: 'voucher', stan } } }));
    case 'completion-advice':
      return go(askAmount(moment, { purpose: { txn, stan } }));
    case 'void':
    case 'preauth-void':
    case 'completion-void': {
      const order: TakeBack = { is: txn, original, supervised, fallback: false };
      return supervised ? go(askTakeBackSecret(moment, order)) : pay(moment, order);
    }
  }
}

/** 主管密码, with what is taken back before the supervisor's eyes. */
export const askTakeBackSecret = (moment: Moment, order: TakeBack): AskSecret => {
  const { is: txn, original, supervised } = order;
  return askSupervisor(moment, {
    title: say(`title.${txn}`),
    lines: [
      say('takeBack.voucher', { stan: original.stan }),
      say('takeBack.amount', { amount: formatYuan(original.amountFen) }),
    ],
    command: order,
    during: paying(moment.id, order),
    back: showOriginal(moment, txn, original, supervised),
  });
};

/** For a card that could not be read the first time. */
export const takeBackAgain = (moment: Moment, order: TakeBack): Place =>
  order.supervised
    ? askTakeBackSecret(moment, order)
    : { is: 'card-again', order, expiresMs: moment.now + operationMs };

export const viewAskOriginal = (at: AskOriginal, look: Look): Screen =>
  page(look, {
    title: say(`title.${at.txn}`),
    body: [
      '',
      say(at.by === 'voucher' ? 'original.askVoucher' : 'original.askAuthCode'),
      '',
      pair(
        wordsOf(look.language, at.by === 'voucher' ? 'label.stan' : 'label.auth'),
        at.digits.padStart(numberDigits, '_'),
      ),
      ...(at.notice ? [at.notice] : []),
    ],
    keys: 'keys.input',
  });

export function viewOriginal({ txn, original }: ShowOriginal, look: Look): Screen {
  const { day, time } = shanghai(original.at);
  return page(look, {
    title: say(`title.${txn}`),
    body: [
      pair(typeWords(original.type, look), original.stan),
      pair(day.slice(5), time),
      alignRight(original.card ?? ''),
      stateRow(original, look),
      say('original.check'),
    ],
    amount: formatYuan(original.amountFen),
    keys: 'keys.okCancel',
  });
}
