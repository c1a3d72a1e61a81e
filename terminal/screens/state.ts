import type { Key } from '../../drivers/devices.ts';
import type { ErrorCode } from '../base/error-table.ts';
import type { Details } from '../base/errors.ts';
import type { Fen } from '../base/money.ts';
import type {
  CardToConfirm,
  CloseOutcome,
  CloseStep,
  OfferedCardView,
  ReprintTarget,
  SaleOutcome,
  SaleStep,
  SettlementOffer,
  SettlementView,
  SettleStep,
  TransactionView,
} from '../flows/counter.ts';
import type { User } from '../users/user.ts';
import type { Beep } from './screen.ts';
import type { Say } from './texts.ts';

/**
 * What the keypad screen is doing: plain JSON, so that it can be replayed. Only the digits of a secret are in it that must not be kept: it is
 * never logged.
 */
export interface State {
  readonly at: Place;
  readonly operator: User | undefined;
  /** The number of the next command; an answer to an older one is recognised by it. */
  readonly nextId: number;
}

export type MenuName = 'main' | 'print' | 'manage' | 'other' | 'function';

/** `expiresMs`: when this place is left by itself. Places that wait for someone else have none. */
interface Expires {
  readonly expiresMs: number;
}

/** The places, by subject: */
export type Place = LogOn | Idle | Menu | Message | Waiting | SalePlace | PrintPlace | ClosePlace | SettlePlace;

export interface LogOn {
  readonly is: 'log-on';
  readonly field: 'operator' | 'secret';
  readonly operator: string;
  readonly secret: string;
  readonly locked: boolean;
  readonly notice: Say | undefined;
  /** Typed digits are forgotten then. */
  readonly expiresMs: number | undefined;
}

export interface Idle {
  readonly is: 'idle';
  readonly notice: Say | undefined;
  /** When the notice goes. */
  readonly expiresMs: number | undefined;
}

export interface Menu extends Expires {
  readonly is: 'menu';
  readonly menu: MenuName;
  readonly page: number;
}

/** Something to read; any key leads to `next`. */
export interface Message extends Expires {
  readonly is: 'message';
  readonly title: Say;
  readonly lines: readonly Say[];
  readonly next: Place;
}

/** A command that has no steps to show; 取消 leads to `back`. */
export interface Waiting {
  readonly is: 'waiting';
  readonly id: number;
  readonly what: { readonly is: 'log-on' | 'sign-in' } | { readonly is: 'reprint'; readonly target: ReprintTarget };
  readonly back: Place;
}

type SalePlace = Amount | Sale | Approved | Declined | Unknown | Transactions | LastTransaction;

export interface Amount extends Expires {
  readonly is: 'amount';
  readonly digits: string;
  /** The card that was swiped or inserted at the idle screen; the sale takes it without asking again. */
  readonly offered: Exclude<OfferedCardView, { readonly by: 'unreadable' }> | undefined;
  /** The chip could not be read: the stripe will do. */
  readonly fallback: boolean;
  readonly notice: Say | undefined;
}

export interface Sale {
  readonly is: 'sale';
  readonly id: number;
  readonly amountFen: Fen;
  readonly step: SaleStage | undefined;
}

/** Where the flow has got to, or what it asks: money moves only after 确认 (faces.md, rule 5). */
export type SaleStage = SaleStep | ({ readonly at: 'confirm' } & CardToConfirm);

export interface Approved extends Expires {
  readonly is: 'approved';
  readonly txn: TransactionView;
}

export interface Declined extends Expires {
  readonly is: 'declined';
  readonly txn: TransactionView;
  readonly code: string;
}

/** Neither success nor failure; follows the transaction until it is decided. */
export interface Unknown extends Expires {
  readonly is: 'unknown';
  /** The sale's command: its outcome may still be on its way. */
  readonly id: number;
  readonly why: Extract<SaleOutcome, { readonly kind: 'unknown' }>['why'];
  readonly amountFen: Fen;
  readonly txn: TransactionView | undefined;
}

export interface Transactions extends Expires {
  readonly is: 'transactions';
  readonly rows: readonly TransactionView[];
  readonly index: number;
}

export interface LastTransaction extends Expires {
  readonly is: 'last';
  readonly txn: TransactionView | undefined;
}

type PrintPlace = AskStan | PrintProblem;

export interface AskStan extends Expires {
  readonly is: 'ask-stan';
  readonly digits: string;
  readonly notice: Say | undefined;
}

/** The business is done, the slip is not; 确认 prints it. */
export interface PrintProblem extends Expires {
  readonly is: 'print-problem';
  readonly target: ReprintTarget;
  readonly safe: Say | undefined;
  readonly problem: string;
}

type ClosePlace = ConfirmClose | Closing;

export interface ConfirmClose extends Expires {
  readonly is: 'confirm-close';
}

export interface Closing {
  readonly is: 'closing';
  readonly id: number;
  readonly step: CloseStep | undefined;
}

/** The five steps of a settlement, in order. */
type SettlePlace = SettleOffer | SettleAmount | SettleConfirm | Settling | Settlements;

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

/** What can run for a while, and be abandoned by 取消. */
export type Command =
  | { readonly is: 'log-on'; readonly operator: string; readonly secret: string }
  | { readonly is: 'sale'; readonly amountFen: Fen; readonly fallback: boolean }
  | { readonly is: 'sign-in' }
  | { readonly is: 'close' }
  | { readonly is: 'settle'; readonly amountFen: Fen; readonly offer: SettlementOffer }
  | { readonly is: 'reprint'; readonly target: ReprintTarget };

export type Query = 'offer' | 'transactions' | 'last' | 'settlements';

/** What the world is asked to do: data, carried out by the runner. */
export type Effect =
  | { readonly is: 'beep'; readonly tone: Beep }
  | { readonly is: 'run'; readonly id: number; readonly command: Command }
  | { readonly is: 'abort'; readonly id: number }
  /** Yes to what a command asked. */
  | { readonly is: 'confirm'; readonly id: number }
  | { readonly is: 'read'; readonly query: Query }
  | { readonly is: 'check-settlement'; readonly no: string }
  | { readonly is: 'forget-card' }
  | { readonly is: 'log-off' };

export type Answer =
  | { readonly is: 'offer'; readonly offer: SettlementOffer }
  | { readonly is: 'transactions'; readonly rows: readonly TransactionView[] }
  | { readonly is: 'last'; readonly txn: TransactionView | undefined }
  | { readonly is: 'settlements'; readonly rows: readonly SettlementView[] };

export type Progress =
  | { readonly of: 'sale'; readonly step: SaleStage }
  | { readonly of: 'close'; readonly step: CloseStep }
  | { readonly of: 'settle'; readonly step: SettleStep };

export type Result =
  | { readonly of: 'log-on' | 'sign-in' | 'reprint' }
  | { readonly of: 'sale'; readonly outcome: SaleOutcome }
  | { readonly of: 'close'; readonly outcome: CloseOutcome }
  | { readonly of: 'settle'; readonly settlement: SettlementView };

/** A refusal, or `undefined` code: a bug, which the runner has reported. */
export interface Refusal {
  readonly code: ErrorCode | undefined;
  readonly details: Details;
}

export type Event =
  | { readonly is: 'key'; readonly key: Key }
  | { readonly is: 'tick' }
  | { readonly is: 'status'; readonly operator: User | undefined }
  | { readonly is: 'answer'; readonly answer: Answer }
  | { readonly is: 'card'; readonly offered: OfferedCardView }
  | { readonly is: 'refused'; readonly refusal: Refusal }
  | { readonly is: 'progress'; readonly id: number; readonly progress: Progress }
  | { readonly is: 'done'; readonly id: number; readonly result: Result }
  | { readonly is: 'failed'; readonly id: number; readonly refusal: Refusal };
