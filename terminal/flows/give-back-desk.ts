import type { Fen } from '../base/money.ts';

/** 退货: what one who is logged on may do about refunds. Refusals leave one audit line. */
export interface RefundDesk {
  /**
   * The payment and what is left of it. FORBIDDEN, NOT_FOUND; by reference also OFFLINE, UPSTREAM_UNKNOWN.
   */
  find(reference: RefundReference, signal: AbortSignal): Promise<RefundOffer>;
  /**
   * Reserves and follows until the host has decided; leaving (`signal`) changes nothing about it. `secret`: 主管密码, which a cashier needs. `key`: pressed twice with
   * it, refunded once; what the book knows under it is answered without the secret, and offline. OFFLINE, FORBIDDEN, SECRET_WRONG, OPERATOR_LOCKED, INVALID_AMOUNT, ILLEGAL_STATE, RISK_BLOCKED, REFUND_EXPIRED, REFUND_IN_PROGRESS,
   * REFUND_EXCEEDS_PAID, REFUND_FUNDS_INSUFFICIENT, SIGN_IN_REQUIRED, BATCH_CLOSING, BATCH_FULL, IDEMPOTENCY_CONFLICT.
   */
  refund(
    order: { readonly payment: string; readonly amount: Fen; readonly secret?: string; readonly key?: string },
    signal: AbortSignal,
    progress: (step: RefundStep) => void,
  ): Promise<RefundOutcome>;
  /** The newest first. */
  list(limit: number): readonly RefundView[];
  byStan(stan: string): RefundView | undefined;
  byKey(key: string): RefundView | undefined;
  /** NOT_FOUND, ILLEGAL_STATE before its success, PAPER_OUT, DEVICE_*. */
  reprint(stan: string, signal: AbortSignal): Promise<void>;
}

/** `voucher`: a record of this terminal; `reference`: of any day (Shanghai, YYYY-MM-DD) and terminal of the merchant; `payment`: by its number. */
export type RefundReference =
  | { readonly by: 'voucher'; readonly stan: string; readonly batch?: string }
  | { readonly by: 'reference'; readonly rrn: string; readonly date: string }
  | { readonly by: 'payment'; readonly payment: string };

export interface RefundOffer {
  readonly payment: string;
  /** Where it was sold; not here: the refund is paid from what is available here. */
  readonly terminal: string;
  readonly isHere: boolean;
  readonly batch: string;
  readonly stan: string;
  readonly rrn: string | undefined;
  readonly card: string | undefined;
  readonly at: number;
  readonly amountFen: Fen;
  readonly refundedFen: Fen;
  readonly leftFen: Fen;
  readonly state: string;
}

export type RefundStep = { readonly at: 'sending' } | { readonly at: 'processing' } | { readonly at: 'printing' };

export type RefundOutcome =
  | { readonly kind: 'succeeded'; readonly refund: RefundView; readonly printProblem: string | undefined }
  /** Refused or failed: the money is back where it was. `reason`: a code of errors.md, or the issuer's words. */
  | { readonly kind: 'failed'; readonly refund: RefundView; readonly reason: string }
  /** The screen was left; the result comes down by itself. */
  | { readonly kind: 'continues'; readonly refund: RefundView };

export interface RefundView {
  readonly no: string;
  readonly payment: string;
  readonly state: 'REQUESTED' | 'PROCESSING' | 'SUCCESS' | 'FAILED';
  readonly amountFen: Fen;
  readonly feeFen: Fen;
  readonly batch: string;
  readonly stan: string;
  readonly originTerminal: string;
  readonly originStan: string;
  readonly originRrn: string | undefined;
  readonly card: string | undefined;
  readonly operator: string;
  readonly reason: string | undefined;
  readonly requestedAt: number;
  readonly prints: number;
}
