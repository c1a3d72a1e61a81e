import type { TxnKind } from '../../sync/protocol/common.ts';
import type { Fen } from '../base/money.ts';

/** What a transaction asks of its face, tells it, and comes to. */

/** The masked card and how it was read; without an answer the sale is stopped at `untilMs`. */
export interface CardToConfirm {
  /** E-074: shown, and no more. */
  readonly warning?: { readonly code: 'CONTACTLESS_TOO_FREQUENT'; readonly value: number; readonly limit: number };
  readonly card: string;
  readonly entry: string;
  readonly untilMs: number;
}

/** What a transaction asks of its face. A question that a face does not know is answered with no. */
export interface PaymentDialog {
  /** 取消 */
  readonly signal: AbortSignal;
  readonly progress: (step: SaleStep) => void;
  /** Asked once, after the card was read; never where no card is. */
  readonly confirm: (ask: CardToConfirm) => Promise<boolean>;
  /** The host approved less than was asked (code 10). Only a yes books it; else it is given back. */
  readonly acceptPart?: (ask: PartToAccept) => Promise<boolean>;
  /** The host has sent the customer a code and wants it back. Undefined: given up, nothing is booked. */
  readonly askCode?: (ask: CodeToEnter) => Promise<string | 'send-again' | undefined>;
}

export interface PartToAccept {
  readonly askedFen: Fen;
  readonly approvedFen: Fen;
  readonly discountFen: Fen;
  readonly untilMs: number;
}

export interface CodeToEnter {
  readonly by: 'sms' | 'wechat';
  /** Masked. */
  readonly to: string;
  readonly triesLeft: number;
  /** Of the code before. */
  readonly problem: 'OTP_WRONG' | 'OTP_EXPIRED' | undefined;
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
      readonly why:
        | 'no-answer'
        | 'cancelled'
        | 'bad-answer'
        | 'not-stored'
        | 'card-refused'
        | 'part-refused'
        | 'not-verified';
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

/** A payment of any kind, or a refund: what a list of transactions shows of either. */
export interface TransactionView {
  /** Number of the payment, or of the refund. */
  readonly payment: string;
  readonly type: TxnKind | 'refund';
  readonly state: string;
  /** What was keyed. */
  readonly askedFen: Fen;
  /** What the customer paid, or what a void or a refund gives back or a pre-authorisation holds. */
  readonly amountFen: Fen;
  /** Paid by a promoter on top of it. */
  readonly discountFen: Fen;
  readonly feeFen: Fen;
  readonly refundedFen: Fen;
  /** Number of the payment that it voids, completes or refunds. */
  readonly original: string | undefined;
  /** Its voucher 原凭证号, as far as this terminal knows it. */
  readonly originalStan: string | undefined;
  /** Upstream holds its money for review (B-046): neither void nor refund. */
  readonly isFrozen: boolean;
  /** Of a refund, why the host refused it or it failed. */
  readonly reason: string | undefined;
  readonly approvedBy: string | undefined;
  readonly validUntil: number | undefined;
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
