import type { CodeInstrument } from '../../sync/protocol/code-requests.ts';
import type { Fen } from '../base/money.ts';
import type { TransactionView } from './payment-dialog.ts';

/** 扫码: what one who is logged on may do with payment codes. Refusals leave one audit line. */
export interface CodeDesk {
  /**
   * Asks for the code, opens the order, follows it to its end. `signal` is 取消: an order that is there is closed by number, and what was paid is given back.
   * UNAUTHENTICATED, FORBIDDEN, INVALID_AMOUNT, SIGN_IN_REQUIRED, BATCH_FULL, BATCH_CLOSING, REVERSAL_PENDING, OFFLINE, CLOCK_WRONG, DEVICE_ABSENT
   * without a scanner, DISK_FULL.
   */
  sale(amount: Fen, way: CodeWay, signal: AbortSignal, progress: (step: CodeStep) => void): Promise<CodeOutcome>;
  /** The newest code sale with this STAN. */
  byStan(stan: string): TransactionView | undefined;
}

/** 付款码: the customer shows one, under the scanner or typed. 收款码: the merchant shows one, on the screen and, if wanted, on paper. */
export type CodeWay =
  | { readonly by: 'customer-shows'; readonly typed?: string }
  | { readonly by: 'merchant-shows'; readonly instrument: CodeInstrument; readonly print?: boolean };

export type CodeStep =
  | { readonly at: 'reversal'; readonly untilMs: number }
  | { readonly at: 'scan'; readonly untilMs: number }
  | { readonly at: 'host'; readonly untilMs: number }
  /** The customer scans `url` as a QR code. */
  | { readonly at: 'show-code'; readonly url: string; readonly instrument: CodeInstrument; readonly untilMs: number }
  /** The customer confirms on the telephone; `needsPin`: with a PIN. */
  | { readonly at: 'phone'; readonly needsPin: boolean; readonly untilMs: number }
  /** Nobody knows yet: it is asked again at `askAtMs`. */
  | { readonly at: 'unknown'; readonly askAtMs: number; readonly untilMs: number }
  | { readonly at: 'closing' }
  | { readonly at: 'printing' };

export type CodeOutcome =
  | {
      readonly kind: 'approved';
      readonly txn: TransactionView;
      readonly codeUrl: string | undefined;
      readonly printProblem: string | undefined;
    }
  | { readonly kind: 'declined'; readonly txn: TransactionView; readonly code: string }
  /** Nobody paid: the order is closed for ever. `revoked`: it was paid, and given back. */
  | { readonly kind: 'closed'; readonly txn: TransactionView; readonly revoked: boolean }
  /** The terminal asks on by itself until it knows. */
  | { readonly kind: 'unknown'; readonly txn: TransactionView }
  /** Nothing was sent. */
  | {
      readonly kind: 'stopped';
      readonly why: 'cancelled' | 'scan-timeout' | 'scanner';
      readonly detail?: string;
    };
