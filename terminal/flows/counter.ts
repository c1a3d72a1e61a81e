import type { Fen } from '../base/money.ts';
import type { User } from '../users/user.ts';

/**
 * What happens at the counter, as the faces see it: every function is one thing a cashier can ask for. Refusals are TerminalErrors;
 * outcomes are data. `signal` is 取消: it works at any moment, and what it means for money is decided by the flow (nothing sent: forgotten;
 * sent: reversed).
 */
export interface Counter {
  status(): CounterStatus;
  /** Called whenever `status()` may have changed. Returns the way to stop. */
  onStatus(listener: () => void): () => void;
  /** SECRET_WRONG, OPERATOR_LOCKED. */
  logOn(operator: string, secret: string): Promise<User>;
  logOff(): void;
  /**
   * Begins when the sale before it has ended, with the card that `offeredCard` found, if it still has it. `confirm` is asked once, after the card
   * was read; the host hears of the sale only after it said yes (faces.md, cashier rule 5). `fallback`: the chip of this card could not be read, so
   * its stripe will do. UNAUTHENTICATED, FORBIDDEN, INVALID_AMOUNT, SIGN_IN_REQUIRED, BATCH_FULL, BATCH_CLOSING, REVERSAL_PENDING, OFFLINE,
   * DISK_FULL.
   */
  sale(
    amount: Fen,
    signal: AbortSignal,
    progress: (step: SaleStep) => void,
    confirm: (ask: CardToConfirm) => Promise<boolean>,
    fallback?: boolean,
  ): Promise<SaleOutcome>;
  /**
   * To be asked while the screen is idle: welcomes the customer and waits, however long, for a card that is swiped or inserted. A swiped card is
   * kept for the next `sale`, at most a minute. Undefined: `signal` came first, or who is logged on may not sell.
   */
  offeredCard(signal: AbortSignal): Promise<OfferedCardView | undefined>;
  /** Forgets the card that `offeredCard` found: the sale it was meant for does not come. */
  forgetCard(): void;
  /** Signs the terminal in to the host by hand; it does so by itself after start and after each close. OFFLINE. */
  signIn(signal: AbortSignal): Promise<void>;
  /** BATCH_HAS_UNKNOWN, REVERSAL_PENDING, NEEDS_HUMAN, OFFLINE. Leaving (`signal`) does not stop a close: it goes on by itself. */
  closeBatch(signal: AbortSignal, progress: (step: CloseStep) => void): Promise<CloseOutcome>;
  /** Steps 1 to 3 of a settlement: what could be settled now, and to which account. FORBIDDEN, NO_SETTLE_ACCOUNT, SETTLE_ACCOUNT_ERRORED. */
  settlementOffer(): SettlementOffer;
  /** Steps 3 and 4. STALE_BALANCE when the balance is no longer `offer.availableFen`; INSUFFICIENT_BALANCE, INVALID_AMOUNT, OFFLINE. */
  settle(
    amount: Fen,
    offer: SettlementOffer,
    signal: AbortSignal,
    progress: (step: SettleStep) => void,
    key?: string,
  ): Promise<SettlementView>;
  /** Step 5: the last settlements with their state; `check` marks one as looked at. */
  settlements(): readonly SettlementView[];
  checkSettlement(no: string): void;
  /** The newest first. */
  transactions(limit: number): readonly TransactionView[];
  /** The newest one with this STAN. */
  transaction(stan: string): TransactionView | undefined;
  /** 查询末笔: what became of the last transaction. */
  lastTransaction(): TransactionView | undefined;
  /** NOT_FOUND, PAPER_OUT, DEVICE_*. What came out before carries the duplicate mark; a slip that came out in part is continued. It is counted. */
  reprint(what: ReprintTarget, signal: AbortSignal): Promise<void>;
  /** Opens the cash drawer, and writes down who did. FORBIDDEN, DEVICE_*. */
  openDrawer(): Promise<void>;
}

export type ReprintTarget =
  | { readonly kind: 'last' }
  | { readonly kind: 'stan'; readonly stan: string }
  | { readonly kind: 'batch-slip' };

export interface CounterStatus {
  readonly merchantName: string;
  readonly terminal: string;
  readonly simulated: boolean;
  readonly operator: User | undefined;
  readonly link: 'offline' | 'connecting' | 'online';
  readonly signedIn: boolean;
  /** Rows that the host has not acknowledged. */
  readonly waitingRows: number;
  readonly batch:
    | { readonly no: string; readonly state: string; readonly records: number; readonly openedAt: number }
    | undefined;
  readonly reversalsDue: number;
  readonly printerProblem: string | undefined;
  readonly readerProblem: string | undefined;
  /** What is wrong with any device, the one that matters most to a sale first; each device once. */
  readonly deviceProblems: readonly DeviceProblem[];
}

export interface DeviceProblem {
  readonly device: DeviceName;
  /** The word of its status (drivers/devices.ts), or its state in capitals: `ABSENT`, `CONNECTING`. */
  readonly problem: string;
  readonly detail: string | undefined;
}

export type DeviceName = 'printer' | 'card-reader' | 'pin-pad' | 'scanner' | 'keypad' | 'display';

/** A card that was offered at the idle screen. `reason` is that of CARD_UNREADABLE (drivers/devices.ts). */
export type OfferedCardView =
  | { readonly by: 'swipe'; readonly card: string }
  | { readonly by: 'insert' }
  | { readonly by: 'unreadable'; readonly reason: string };

/** The masked card and how it was read; without an answer the sale is stopped at `untilMs`. */
export interface CardToConfirm {
  readonly card: string;
  readonly entry: string;
  readonly untilMs: number;
}

/** `untilMs`: when this wait ends by itself, on the terminal's clock; the screen counts down to it. */
export type SaleStep =
  /** An earlier reversal goes first (payments.md, Reversal 3). */
  | { readonly at: 'reversal'; readonly untilMs: number }
  | { readonly at: 'card'; readonly untilMs: number; readonly fallback?: boolean }
  /** The customer enters the PIN; `again`: the one before was wrong. Nothing was sent yet. */
  | { readonly at: 'pin'; readonly untilMs: number; readonly card: string; readonly again: boolean }
  | { readonly at: 'host'; readonly untilMs: number; readonly card: string }
  /** The chip is told what the host said; until it agrees nothing is booked. */
  | { readonly at: 'chip'; readonly untilMs: number; readonly card: string }
  | { readonly at: 'printing' };

export type SaleOutcome =
  | { readonly kind: 'approved'; readonly txn: TransactionView; readonly printProblem: string | undefined }
  | { readonly kind: 'declined'; readonly txn: TransactionView; readonly code: string }
  /** No answer, one that failed its checks, or a chip that does not agree: the reversal is under way by itself. */
  | {
      readonly kind: 'unknown';
      readonly txn: TransactionView;
      readonly why: 'no-answer' | 'cancelled' | 'bad-answer' | 'not-stored' | 'card-refused';
    }
  /** Nothing was sent. */
  | { readonly kind: 'stopped'; readonly why: WhyStopped; readonly detail?: string };

export type WhyStopped =
  | 'cancelled'
  | 'card-timeout'
  | 'card-unreadable'
  | 'reader'
  | 'confirm-timeout'
  | 'pin-cancelled'
  | 'pin-timeout'
  | 'pin-pad';

export type CloseStep =
  | { readonly at: 'freezing' }
  | { readonly at: 'comparing' }
  | { readonly at: 'uploading'; readonly done: number; readonly of: number }
  | { readonly at: 'ending' }
  | { readonly at: 'printing' };

export type CloseOutcome =
  | {
      readonly kind: 'closed';
      readonly batch: string;
      readonly balanced: boolean;
      readonly printProblem: string | undefined;
    }
  /** The close goes on by itself; the screen was left, or the link is away. */
  | { readonly kind: 'continues'; readonly batch: string; readonly state: string }
  | { readonly kind: 'needs-human'; readonly batch: string };

export interface SettlementOffer {
  readonly availableFen: Fen;
  /** Sold but not cleared yet: comes later. */
  readonly unclearedFen: Fen;
  readonly inTransitFen: Fen;
  readonly account: {
    readonly version: number;
    readonly name: string;
    readonly maskedNumber: string;
    readonly bank: string;
  };
}

export type SettleStep = { readonly at: 'sending' } | { readonly at: 'processing' };

export interface SettlementView {
  readonly no: string;
  readonly amountFen: Fen;
  readonly serviceFeeFen: Fen;
  readonly netFen: Fen;
  readonly state: 'REQUESTED' | 'PROCESSING' | 'SUCCESS' | 'FAILED' | 'RETURNED' | 'CANCELLED';
  readonly reason: string | undefined;
  readonly checked: boolean;
  readonly requestedAt: number;
  readonly maskedAccount: string;
}

export interface TransactionView {
  readonly payment: string;
  readonly type: 'sale';
  readonly state: string;
  readonly amountFen: Fen;
  readonly feeFen: Fen;
  readonly batch: string;
  readonly stan: string;
  readonly card: string | undefined;
  readonly entry: string | undefined;
  readonly code: string | undefined;
  readonly rrn: string | undefined;
  readonly authCode: string | undefined;
  readonly operator: string;
  readonly at: number;
  readonly prints: number;
}
