import type { Fen } from '../base/money.ts';
import type { User } from '../users/user.ts';
import type { BatchAlert, BatchDesk } from './batch-desk.ts';
import type { BatchSummary } from './batch-summary.ts';
import type { CodeDesk } from './code-sale-desk.ts';
import type { RefundDesk } from './give-back-desk.ts';
import type { InvoiceDesk } from './invoice-desk.ts';
import type { StaffDesk } from './operators.ts';
import type { CardToConfirm, PaymentDialog, SaleOutcome, SaleStep, TransactionView } from './payment-dialog.ts';
import type { RiskDesk } from './risk-desk.ts';
import type { Check } from './self-check-line.ts';
import type { ShiftEnd } from './shift.ts';
import type { ShiftView } from './shift-slip.ts';
import type { StoredDesk } from './stored-sale-desk.ts';
import type { Supervised } from './supervision.ts';
import type { UpkeepDesk } from './upkeep-desk.ts';

export type {
  CardToConfirm,
  CodeToEnter,
  PartToAccept,
  PaymentDialog,
  SaleOutcome,
  SaleStep,
  TransactionView,
} from './payment-dialog.ts';

/**
 * What happens at the counter, as the faces see it: every function is one thing a cashier can ask for. Refusals are TerminalErrors;
 * outcomes are data. `signal` is 取消: it works at any moment, and what it means for money is decided by the flow (nothing sent: forgotten;
 * sent: reversed).
 */
export interface Counter {
  status(): CounterStatus;
  /** Called whenever `status()` may have changed. Returns the way to stop. */
  onStatus(listener: () => void): () => void;
  /**
   * At the keypad it begins the operator's shift, or goes on with it. SECRET_WRONG, OPERATOR_LOCKED; FORBIDDEN for another than who locked the
   * terminal, or 00; ILLEGAL_STATE (FIRST_SECRET) when `newSecret` must replace a secret that somebody else chose.
   */
  logOn(operator: string, secret: string, newSecret?: string): Promise<User>;
  /** Ends the session, not the shift. */
  logOff(): void;
  /** 锁定终端: `logOn` by the same operator or 00 goes on. */
  lock(): void;
  /** 交班: ends the operator's shift and logs off. */
  handOver(print: boolean): Promise<ShiftEnd>;
  /** The operator's shift so far. */
  shift(): ShiftView | undefined;
  /** The newest first, of every operator; so far, where one goes on. */
  shifts(limit: number): readonly ShiftView[];
  /** 操作员汇总: of the shift so far, or of shift `id`. FORBIDDEN, NOT_FOUND, PAPER_OUT, DEVICE_*. */
  printShift(id: number | undefined, signal: AbortSignal): Promise<void>;
  /** 柜员 */
  readonly staff: StaffDesk;
  /** 退货 */
  readonly refunds: RefundDesk;
  /** 扫码 */
  readonly codes: CodeDesk;
  /** 离线 */
  readonly stored: StoredDesk;
  /** 批次 */
  readonly batches: BatchDesk;
  /** 发票 */
  readonly invoices: InvoiceDesk;
  /** 风险 */
  readonly risk: RiskDesk;
  /** 终端管理 */
  readonly upkeep: UpkeepDesk;
  /**
   * Begins when the sale before it has ended, with the card that `offeredCard` found, if it still has it. `confirm` is asked once, after the card
   * was read; the host hears of the sale only after it said yes (faces.md, cashier rule 5). `fallback`: the chip of this card could not be read, so
   * its stripe will do. UNAUTHENTICATED, FORBIDDEN, DEVICE_ABNORMAL (as whatever moves money), INVALID_AMOUNT, SIGN_IN_REQUIRED, BATCH_FULL,
   * BATCH_CLOSING, REVERSAL_PENDING, OFFLINE, DISK_FULL.
   */
  sale(
    amount: Fen,
    signal: AbortSignal,
    progress: (step: SaleStep) => void,
    confirm: (ask: CardToConfirm) => Promise<boolean>,
    fallback?: boolean,
    questions?: Pick<PaymentDialog, 'acceptPart' | 'askCode'>,
  ): Promise<SaleOutcome>;
  /** 预授权: holds an amount, for as long as the host says. As a sale, without a part or a discount. */
  preauth(amount: Fen, dialog: PaymentDialog, fallback?: boolean): Promise<SaleOutcome>;
  /**
   * 撤销 of a card sale of the open batch, 预授权撤销, 预授权完成撤销: all of the payment with voucher `stan`, which the face has shown before. `secret`: of 00,
   * where `needsSupervisor` says so. By parameter the card of the original is asked for, and its PIN: `dialog` as of a sale; another card is ILLEGAL_STATE (OTHER_CARD).
   * FORBIDDEN, OFFLINE, NOT_FOUND, SECRET_WRONG, OPERATOR_LOCKED, SELF_APPROVAL_FORBIDDEN, SIGN_IN_REQUIRED, BATCH_CLOSING, REVERSAL_PENDING; ILLEGAL_STATE with the state
   * of the payment, or OTHER_BATCH, OTHER_TRANSACTION, CODE_PAYMENT, EXPIRED; REFUND_IN_PROGRESS, RISK_BLOCKED; INSUFFICIENT_BALANCE for what cleared at once.
   */
  void(stan: string, secret: string | undefined, dialog: PaymentDialog, fallback?: boolean): Promise<SaleOutcome>;
  preauthVoid(
    stan: string,
    secret: string | undefined,
    dialog: PaymentDialog,
    fallback?: boolean,
  ): Promise<SaleOutcome>;
  completionVoid(
    stan: string,
    secret: string | undefined,
    dialog: PaymentDialog,
    fallback?: boolean,
  ): Promise<SaleOutcome>;
  /** Whether who is logged on needs 主管密码 for this. */
  needsSupervisor(action: Supervised): boolean;
  /** 预授权完成(请求). INVALID_AMOUNT above the parameter's share of what is held; ILLEGAL_STATE, NOT_FOUND, BATCH_FULL, and as a sale. */
  completion(of: CompletionOf, amount: Fen, dialog: PaymentDialog, fallback?: boolean): Promise<SaleOutcome>;
  /** 余额查询. FORBIDDEN, OFFLINE, SIGN_IN_REQUIRED, REVERSAL_PENDING. */
  balance(dialog: PaymentDialog, fallback?: boolean): Promise<BalanceOutcome>;
  /** 签退. FORBIDDEN, OFFLINE, SIGN_IN_REQUIRED, REVERSAL_PENDING, NEEDS_HUMAN, BATCH_HAS_UNKNOWN, BATCH_CLOSING, ILLEGAL_STATE (BATCH_OPEN). */
  signOff(signal: AbortSignal): Promise<void>;
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
  /** 交易汇总 of the batch that is not closed yet. */
  batchSummary(): BatchSummary | undefined;
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
  settlementByKey(key: string): SettlementView | undefined;
  /** The same for a command that may be repeated: a key that is known gets the answer of its settlement. IDEMPOTENCY_CONFLICT. */
  settleOnce(ask: SettleOnce, signal: AbortSignal, progress: (step: SettleStep) => void): Promise<SettlementView>;
  /** Step 5: the last settlements with their state; `check` marks one as looked at. */
  settlements(): readonly SettlementView[];
  checkSettlement(no: string): void;
  /**
   * What a list of transactions is of (B-037): a cashier sees the own shift, everybody else all. A command of `pos` that did not log on sees what the operator at the keypad
   * sees.
   */
  listScope(): ListScope;
  /** Payments and refunds, the newest first, of `listScope`. */
  transactions(limit: number): readonly TransactionView[];
  /** 按流水号: the newest one with this STAN, of `listScope`. */
  query(stan: string): TransactionView | undefined;
  /** The newest one with this STAN, of whatever shift: for void, completion and reprint, where the customer has its slip. */
  transaction(stan: string): TransactionView | undefined;
  /** 查询末笔: what became of the last transaction of `listScope`. */
  lastTransaction(): TransactionView | undefined;
  /** NOT_FOUND, PAPER_OUT, DEVICE_*. What came out before carries the duplicate mark; a slip that came out in part is continued. It is counted. */
  reprint(what: ReprintTarget, signal: AbortSignal): Promise<void>;
  /** 自检: what it found goes up too. */
  selfCheck(): Promise<{ readonly checks: readonly Check[] }>;
  /** Opens the cash drawer, and writes down who did. `secret`: of 00, where one is needed. FORBIDDEN, SECRET_WRONG, OPERATOR_LOCKED, NOT_FOUND, DEVICE_*. */
  openDrawer(secret?: string): Promise<void>;
}

export type ListScope = { readonly of: 'all' } | { readonly of: 'shift'; readonly operator: string };

/** `stan`: a payment of any kind or a refund, the newest with this number. `details` and `summary`: 交易明细 and 交易汇总 of the open batch. */
export type ReprintTarget =
  | { readonly kind: 'last' }
  | { readonly kind: 'stan'; readonly stan: string }
  | { readonly kind: 'batch-slip' }
  /** 资金结算单 of one settlement. */
  | { readonly kind: 'settlement'; readonly no: string }
  | { readonly kind: 'details' }
  | { readonly kind: 'summary' };

export interface CounterStatus {
  readonly merchantName: string;
  readonly terminal: string;
  /** Who helps (B-042). */
  readonly hotline: string;
  readonly simulated: boolean;
  readonly operator: User | undefined;
  readonly link: 'offline' | 'connecting' | 'online';
  readonly signedIn: boolean;
  /** Rows that the host has not acknowledged. */
  readonly waitingRows: number;
  readonly batch:
    | { readonly no: string; readonly state: string; readonly records: number; readonly openedAt: number }
    | undefined;
  /** What the batch asks of the cashier: the one thing that matters most. */
  readonly batchAlert: BatchAlert | undefined;
  readonly reversalsDue: number;
  /** Reversals that need a person: no batch is closed before. */
  readonly reversalsStuck: number;
  /** The clock is more than five minutes off the host's: nothing is sold until it is set. */
  readonly clockWrong: boolean;
  /** Something of this terminal is still to come back from the host. */
  readonly restoring: boolean;
  readonly printerProblem: string | undefined;
  readonly readerProblem: string | undefined;
  /** Why the operator console is not where it should be. */
  readonly consoleProblem?: string | undefined;
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

/** Which pre-authorisation: of this terminal by its voucher, without the card; another by its authorisation code, with the card. */
export type CompletionOf =
  | { readonly by: 'voucher'; readonly stan: string }
  | { readonly by: 'auth-code'; readonly authCode: string };

/** Shown, never stored. */
export type BalanceOutcome =
  | { readonly kind: 'shown'; readonly balanceFen: Fen; readonly card: string }
  | { readonly kind: 'declined'; readonly code: string }
  | { readonly kind: 'no-answer' }
  | Extract<SaleOutcome, { readonly kind: 'stopped' }>;

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

/** `amountFen`: all, if it is not named. `seenFen`: the balance that the person saw; another one now is STALE_BALANCE. */
export interface SettleOnce {
  readonly key: string;
  readonly amountFen: number | undefined;
  readonly seenFen: number | undefined;
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
