import type { Fen } from '../base/money.ts';
import type { CloseStep, SettlementOffer, SettlementView, SettleStep } from '../flows/counter.ts';
import type { Expires } from './expires.ts';
import type { Say } from './texts.ts';

export type BatchPlace =
  | ConfirmClose
  | Closing
  /** The five steps of a settlement, in order. */
  | SettleOffer
  | SettleAmount
  | SettleConfirm
  | Settling
  | Settlements;

export interface ConfirmClose extends Expires {
  readonly is: 'confirm-close';
}

export interface Closing {
  readonly is: 'closing';
  readonly id: number;
  readonly step: CloseStep | undefined;
}

export interface SettleOffer extends Expires {
  readonly is: 'settle-offer';
  readonly offer: SettlementOffer;
  readonly notice: Say | undefined;
}

export interface SettleAmount extends Expires {
  readonly is: 'settle-amount';
  readonly offer: SettlementOffer;
  readonly digits: string;
  /** The digits are the offered amount, and the next digit replaces them. */
  readonly fresh: boolean;
  readonly notice: Say | undefined;
}

export interface SettleConfirm extends Expires {
  readonly is: 'settle-confirm';
  readonly offer: SettlementOffer;
  readonly amountFen: Fen;
}

export interface Settling {
  readonly is: 'settling';
  readonly id: number;
  readonly offer: SettlementOffer;
  readonly amountFen: Fen;
  readonly step: SettleStep | undefined;
}

export interface Settlements extends Expires {
  readonly is: 'settlements';
  readonly rows: readonly SettlementView[];
  /** The number of the one that is shown: rows move when a new one comes. */
  readonly no: string;
  /** Reached as step 5 of a settlement, not from the menu. */
  readonly fresh: boolean;
}
