import type { Fen } from '../base/money.ts';
import type { CodeWay } from '../flows/code-sale-desk.ts';
import { startCodeSale } from './code-sale.ts';
import { inMenu, sheet } from './desk-go.ts';
import { empty } from './desk-rows.ts';
import { go, type Moment, type Next } from './go.ts';
import { say } from './texts.ts';

/** What follows an amount that was typed for a desk. */

export { refundAmountEntered } from './refund.ts';

export const codeAmountEntered = (way: CodeWay, amount: Fen, moment: Moment): Next =>
  startCodeSale(way, amount, moment);

/** 预授权完成通知 is not answered: it is asked once more, and kept until it is delivered. */
export const adviceAmountEntered = (stan: string, amountFen: Fen, moment: Moment): Next =>
  go(
    sheet(
      moment,
      [
        {
          title: say('title.completion-advice'),
          rows: [say('advise.confirm'), empty, { label: 'label.stan', value: stan }],
          amountFen,
          enter: { run: { is: 'advise', stan, amountFen } },
        },
      ],
      inMenu('preauth'),
    ),
  );
