import type { Key } from '../../drivers/devices.ts';
import { type Fen, fen, formatYuan } from '../base/money.ts';
import { askOriginal } from './ask-original.ts';
import { adviceAmountEntered, codeAmountEntered, refundAmountEntered } from './desk-amounts.ts';
import type { MenuName } from './desk-places.ts';
import { editAmount } from './digits.ts';
import { beep, go, type Moment, menu, type Next, wrongKey } from './go.ts';
import { type Look, page } from './look.ts';
import { pay } from './pay.ts';
import type { Amount, AmountPurpose } from './payment-places.ts';
import { refundOffer } from './refund.ts';
import { alignRight, type Screen } from './screen.ts';
import type { Place } from './state.ts';
import { say, wordsOf } from './texts.ts';

export function keyAtAmount(at: Amount, key: Key, moment: Moment): Next {
  if (key === 'cancel') return go(before(at.purpose, moment));
  if (key === 'enter') {
    if (at.digits === '') return go({ ...at, notice: say('notice.zero') }, beep('wrong'));
    return entered(at, fen(Number(at.digits)), moment);
  }
  const edited = editAmount(at.digits, key);
  if (edited === 'other') return wrongKey(at);
  if (edited === 'full') return go({ ...at, notice: say('notice.tooLong') }, beep('wrong'));
  return go({ ...at, digits: edited.digits, notice: undefined });
}

function entered({ purpose, fallback }: Amount, amountFen: Fen, moment: Moment): Next {
  switch (purpose.txn) {
    case 'sale':
    case 'preauth':
      return pay(moment, { is: purpose.txn, amountFen, fallback });
    case 'stored-sale':
      return pay(moment, { is: purpose.txn, amountFen });
    case 'completion':
      return pay(moment, { is: purpose.txn, of: purpose.of, amountFen, fallback });
    case 'completion-advice':
      return adviceAmountEntered(purpose.stan, amountFen, moment);
    case 'code-sale':
      return codeAmountEntered(purpose.way, amountFen, moment);
    case 'refund':
      return refundAmountEntered(purpose.offer, amountFen, moment);
  }
}

const menuOf = {
  sale: 'main',
  preauth: 'preauth',
  'stored-sale': 'offline',
  'code-sale': 'codes',
} as const satisfies Partial<Record<AmountPurpose['txn'], MenuName>>;

/** 取消 returns one level (faces.md, rule 2). */
function before(purpose: AmountPurpose, moment: Moment): Place {
  switch (purpose.txn) {
    case 'completion':
      return purpose.of.by === 'voucher'
        ? askOriginal(moment, purpose.txn, 'voucher', purpose.of.stan)
        : askOriginal(moment, purpose.txn, 'auth-code', purpose.of.authCode);
    case 'completion-advice':
      return askOriginal(moment, purpose.txn, 'voucher', purpose.stan);
    case 'refund':
      return refundOffer(purpose.offer, moment);
    default:
      return menu(moment, menuOf[purpose.txn]);
  }
}

export const viewAmount = (at: Amount, look: Look): Screen =>
  page(look, {
    title: say(`title.${at.purpose.txn}`),
    body: ['', say('amount.ask'), at.notice ?? '', offeredRow(at, look)],
    amount: formatYuan(Number(at.digits)),
    keys: 'keys.input',
  });

function offeredRow({ offered }: Amount, { language }: Look): string {
  if (!offered) return '';
  return alignRight(offered.by === 'swipe' ? offered.card : wordsOf(language, 'amount.inserted'));
}
