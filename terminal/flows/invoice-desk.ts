import type { Fen } from '../base/money.ts';

/** 开具发票 (B-040, B-041): what one who is logged on may do about customers' invoices. Refusals leave one audit line. */
export interface InvoiceDesk {
  /** The payment with voucher `stan` and what an invoice would be of: paid − refunded. FORBIDDEN, NOT_FOUND, TXN_NOT_PAID. */
  offer(stan: string): Promise<InvoiceOffer>;
  /**
   * The customer's 发票抬头二维码 under the scanner. FORBIDDEN, DEVICE_ABSENT; INVOICE_TITLE_REQUIRED, TAX_NO_INVALID or BAD_REQUEST for a code
   * that is none: it may be scanned again.
   */
  scanTitle(signal: AbortSignal): Promise<ScannedTitle>;
  /**
   * Sends the instruction up and follows it until the host has issued; leaving (`signal`) changes nothing about it, and it needs no link to begin. `key`: pressed
   * twice with it, asked for once. FORBIDDEN, INVOICE_TITLE_REQUIRED, TAX_NO_INVALID, CONTACT_REQUIRED, INVALID_CONTACT, BAD_REQUEST for what is too long, TXN_NOT_PAID,
   * ALREADY_INVOICED, IDEMPOTENCY_CONFLICT, DISK_FULL.
   */
  issue(order: InvoiceOrder, signal: AbortSignal, progress: (step: InvoiceStep) => void): Promise<InvoiceOutcome>;
  /** 红字发票: takes a whole invoice back, after a refund or a void. FORBIDDEN, NOT_FOUND, ILLEGAL_STATE, DISK_FULL. */
  red(invoice: string, signal: AbortSignal, progress: (step: InvoiceStep) => void): Promise<InvoiceOutcome>;
  /** The newest first. */
  list(limit: number): readonly InvoiceView[];
  byNo(no: string): InvoiceView | undefined;
  /** NOT_FOUND, ILLEGAL_STATE before it is issued, PAPER_OUT, DEVICE_*. */
  reprint(no: string, signal: AbortSignal): Promise<void>;
}

export interface InvoiceOffer {
  readonly payment: string;
  readonly stan: string;
  readonly at: number;
  /** Paid − refunded. */
  readonly amountFen: Fen;
  /** The invoice that stands, or is under way: a new one is refused before it is taken back. */
  readonly issued: InvoiceView | undefined;
}

export type ScannedTitle =
  | { readonly kind: 'scanned'; readonly title: InvoiceTitle }
  | { readonly kind: 'stopped'; readonly why: 'cancelled' | 'scan-timeout' | 'scanner'; readonly detail?: string };

/** 抬头. `taxNo` 税号: empty for a person. */
export interface InvoiceTitle {
  readonly title: string;
  readonly taxNo: string;
  readonly address?: string;
  readonly phone?: string;
}

/** `phone`, `email`: where it is sent, at least one. */
export interface InvoiceOrder {
  readonly payment: string;
  readonly titleKind: TitleKind;
  readonly title: string;
  readonly taxNo?: string;
  readonly address?: string;
  readonly phone?: string;
  readonly email?: string;
  readonly key?: string;
}

export type TitleKind = 'personal' | 'company';

export type InvoiceStep = { readonly at: 'sending' } | { readonly at: 'printing' };

export type InvoiceOutcome =
  /** Of a red one: the first is taken back. */
  | { readonly kind: 'issued'; readonly invoice: InvoiceView; readonly printProblem: string | undefined }
  /** By the host: `reason` is a code of errors.md. */
  | { readonly kind: 'refused'; readonly invoice: InvoiceView; readonly reason: string }
  /** It may be asked for again. */
  | { readonly kind: 'failed'; readonly invoice: InvoiceView; readonly reason: string }
  /** The screen was left; the result comes down by itself. */
  | { readonly kind: 'continues'; readonly invoice: InvoiceView };

export interface InvoiceView {
  readonly no: string;
  /** `red`: 红字, takes `of` back. */
  readonly kind: 'blue' | 'red';
  readonly state: 'REQUESTED' | 'ISSUED' | 'SENT' | 'FAILED' | 'RED';
  readonly payment: string;
  readonly stan: string;
  readonly of: string | undefined;
  readonly amountFen: Fen;
  readonly titleKind: TitleKind;
  readonly title: string;
  readonly taxNo: string | undefined;
  readonly phone: string | undefined;
  readonly email: string | undefined;
  /** 发票号码, and what its QR says; once issued. */
  readonly invoiceNo: string | undefined;
  readonly url: string | undefined;
  readonly reason: string | undefined;
  /** Something of it was refunded or voided since: a red one is due. */
  readonly redDue: boolean;
  readonly operator: string;
  readonly requestedAt: number;
  readonly prints: number;
}
