import type { Fen } from '../base/money.ts';
import type { CodeWay } from '../flows/code-sale-desk.ts';
import type {
  BalanceOutcome,
  CardToConfirm,
  CodeToEnter,
  CompletionOf,
  OfferedCardView,
  PartToAccept,
  SaleOutcome,
  SaleStep,
  TransactionView,
} from '../flows/counter.ts';
import type { RefundOffer } from '../flows/give-back-desk.ts';
import type { StoredOutcome } from '../flows/stored-sale-desk.ts';
import type { Expires } from './expires.ts';
import type { Say } from './texts.ts';

/** Card transactions: what is asked before one, the one that runs, its end, and what is shown of those that were. */
export type PaymentPlace =
  | Amount
  | CompletionWay
  | AskOriginal
  | ShowOriginal
  | Paying
  | CardAgain
  | Approved
  | Declined
  | BalanceShown
  | Unknown
  | Transactions
  | LastTransaction;

/** What an amount is typed for. */
export type AmountPurpose =
  | { readonly txn: 'sale' | 'preauth' | 'stored-sale' }
  | { readonly txn: 'completion'; readonly of: CompletionOf }
  | { readonly txn: 'completion-advice'; readonly stan: string }
  | { readonly txn: 'code-sale'; readonly way: CodeWay }
  | { readonly txn: 'refund'; readonly offer: RefundOffer };

export interface Amount extends Expires {
  readonly is: 'amount';
  readonly purpose: AmountPurpose;
  readonly digits: string;
  /** The card that was swiped or inserted at the idle screen; the sale takes it without asking again. */
  readonly offered: Exclude<OfferedCardView, { readonly by: 'unreadable' }> | undefined;
  /** The chip could not be read: the stripe will do. */
  readonly fallback: boolean;
  readonly notice: Say | undefined;
}

/** Which pre-authorisation is completed: by the voucher of this terminal, or by its authorisation code and the card. */
export interface CompletionWay extends Expires {
  readonly is: 'completion-way';
}

export type TakeBackTxn = 'void' | 'preauth-void' | 'completion-void';
export const isTakeBack = (txn: AboutTxn): txn is TakeBackTxn => txn.endsWith('void');
export type AboutTxn = TakeBackTxn | 'completion' | 'completion-advice';

/** The number of what it is about: a voucher, or the authorisation code of a pre-authorisation. */
export interface AskOriginal extends Expires {
  readonly is: 'ask-original';
  readonly txn: AboutTxn;
  readonly by: 'voucher' | 'auth-code';
  readonly digits: string;
  readonly notice: Say | undefined;
}

/** What it is about, to be recognised before anything is done to it. */
export interface ShowOriginal extends Expires {
  readonly is: 'original';
  readonly txn: AboutTxn;
  /** 主管密码 is asked for next. */
  readonly supervised: boolean;
  readonly original: TransactionView;
}

/** The chip could not be read: the stripe will do. */
interface Fallback {
  readonly fallback: boolean;
}

export type AmountOrder =
  | ({ readonly is: 'sale' | 'preauth'; readonly amountFen: Fen } & Fallback)
  | ({ readonly is: 'completion'; readonly of: CompletionOf; readonly amountFen: Fen } & Fallback)
  | { readonly is: 'stored-sale'; readonly amountFen: Fen };

export type BalanceOrder = { readonly is: 'balance' } & Fallback;

export type TakeBack = {
  readonly is: TakeBackTxn;
  readonly original: TransactionView;
  readonly supervised: boolean;
} & Fallback;

/** What was asked for, so that it can be asked for once more. */
export type PaymentOrder = AmountOrder | BalanceOrder | TakeBack;

/** A secret only where a supervisor must agree. */
export type PaymentCommand = PaymentOrder | (TakeBack & { readonly secret: string });

/** The card could not be read, and there is nothing to be typed: 确认 asks for it again. */
export interface CardAgain extends Expires {
  readonly is: 'card-again';
  readonly order: BalanceOrder | TakeBack;
}

export interface Paying {
  readonly is: 'paying';
  readonly id: number;
  readonly order: PaymentOrder;
  readonly step: PaymentStage | undefined;
  /** The host may know of it: leaving it is no forgetting. */
  readonly sent: boolean;
}

/** Where the flow has got to, or what it asks: money moves only after 确认 (faces.md, rule 5). */
export type PaymentStage =
  | SaleStep
  | ({ readonly at: 'confirm' } & CardToConfirm)
  | ({ readonly at: 'part' } & PartToAccept)
  | ({ readonly at: 'code'; readonly digits: string } & CodeToEnter);

export type PaymentOutcome = SaleOutcome | StoredOutcome | BalanceOutcome;

/** Approved by the host, or taken offline. */
export interface Approved extends Expires {
  readonly is: 'approved';
  readonly txn: TransactionView;
}

/** Without `txn`: of a balance inquiry. */
export interface Declined extends Expires {
  readonly is: 'declined';
  readonly txn: TransactionView | undefined;
  readonly code: string;
}

export interface BalanceShown extends Expires {
  readonly is: 'balance';
  readonly balanceFen: Fen;
  readonly card: string;
}

/** Neither success nor failure; follows the transaction until it is decided. */
export interface Unknown extends Expires {
  readonly is: 'unknown';
  /** The payment's command: its outcome may still be on its way. */
  readonly id: number;
  readonly why: Extract<SaleOutcome, { readonly kind: 'unknown' }>['why'];
  readonly type: TransactionView['type'];
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
