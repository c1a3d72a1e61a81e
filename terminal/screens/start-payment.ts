import type { Action } from '../users/roles.ts';
import { mayDo } from '../users/roles.ts';
import { askAmount } from './ask-amount.ts';
import { askOriginal } from './ask-original.ts';
import { fail, go, idle, type Moment, type Next, operationMs } from './go.ts';
import { pay } from './pay.ts';
import type { AmountPurpose, PaymentOrder } from './payment-places.ts';
import type { Place } from './state.ts';
import { say } from './texts.ts';

/** What the menus begin. 00 and 99 may not sell; said before anything is typed, not after (faces.md). */

export const startSale = (moment: Moment): Next => startAmount(moment, 'sale');
export const startPreauth = (moment: Moment): Next => startAmount(moment, 'preauth');
export const startStoredSale = (moment: Moment): Next => startAmount(moment, 'stored-sale');

export const startCompletion = (moment: Moment): Next =>
  ifAllowed(moment, 'completion', () => ({ is: 'completion-way', expiresMs: moment.now + operationMs }));

/** 完成通知 */
export const startCompletionAdvice = (moment: Moment): Next =>
  ifAllowed(moment, 'completion-advice', () => askOriginal(moment, 'completion-advice'));

export const startVoid = (moment: Moment): Next => startTakeBack(moment, 'void');
export const startPreauthVoid = (moment: Moment): Next => startTakeBack(moment, 'preauth-void');
export const startCompletionVoid = (moment: Moment): Next => startTakeBack(moment, 'completion-void');

export const startBalance = (moment: Moment): Next =>
  forbidden(moment, 'balance') ?? pay(moment, { is: 'balance', fallback: false });

/** Who may do it; what is told instead of asked is a sale or a completion like any other. */
const actions = {
  sale: 'sale',
  'stored-sale': 'sale',
  preauth: 'preauth',
  completion: 'completion',
  'completion-advice': 'completion',
  void: 'void',
  'preauth-void': 'preauth-void',
  'completion-void': 'completion-void',
  balance: 'balance',
} as const satisfies Record<PaymentOrder['is'] | 'completion-advice', Action>;

const startAmount = (moment: Moment, txn: Extract<AmountPurpose['txn'], 'sale' | 'preauth' | 'stored-sale'>): Next =>
  ifAllowed(moment, txn, () => askAmount(moment, { purpose: { txn } }));

const startTakeBack = (moment: Moment, txn: 'void' | 'preauth-void' | 'completion-void'): Next =>
  ifAllowed(moment, txn, () => askOriginal(moment, txn));

const ifAllowed = (moment: Moment, txn: keyof typeof actions, to: () => Place): Next =>
  forbidden(moment, txn) ?? go(to());

function forbidden(moment: Moment, txn: keyof typeof actions): Next | undefined {
  const { operator } = moment;
  if (!operator || mayDo(operator, actions[txn])) return undefined;
  const lines = [say('sale.forbidden', { operator: operator.no })];
  return fail(moment, say(`title.${txn}`), lines, idle(moment));
}
