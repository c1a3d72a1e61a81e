import type { Fen } from '../base/money.ts';
import type { PaymentDialog, SaleOutcome, TransactionView } from './payment-dialog.ts';

/** 离线: what is taken without asking the host and told to it. Refusals leave one audit line. */
export interface StoredDesk {
  /**
   * 离线消费, off unless upstream allows it. UNAUTHENTICATED, FORBIDDEN, INVALID_AMOUNT, SIGN_IN_REQUIRED, BATCH_FULL, BATCH_CLOSING, REVERSAL_PENDING, OFFLINE_NOT_ALLOWED
   * with the limit, DISK_FULL.
   */
  sale(amount: Fen, dialog: PaymentDialog): Promise<StoredOutcome>;
  /** 预授权完成通知, of a pre-authorisation of this terminal by its voucher. The same, and NOT_FOUND, ILLEGAL_STATE. */
  advise(stan: string, amount: Fen): Promise<StoredOutcome>;
  /** What waits for its result. */
  waiting(): readonly TransactionView[];
}

export type StoredOutcome =
  /** Taken: it is booked when the host accepts it. */
  | { readonly kind: 'stored'; readonly txn: TransactionView; readonly printProblem: string | undefined }
  | Extract<SaleOutcome, { readonly kind: 'stopped' }>
  /** The chip did not agree: nothing was taken. */
  | { readonly kind: 'card-refused' };
