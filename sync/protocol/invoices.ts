import * as v from 'valibot';
import { count, fen, limit, number, outcome, text, time, upFrame } from './common.ts';

/**
 * Invoices for the customer (B-040, B-041; states.md 19): instructions without postings.
 *
 * `issue-invoice`, id = its number: `amountFen` = paid − refunded. `red-invoice`, id = its number: after a refund, names the issued one; `amountFen` is what is
 * taken back (the whole invoice; a new one may be issued for what is left). `invoice-result` answers each by `no`: refused (INVOICE_TITLE_REQUIRED,
 * TAX_NO_INVALID, CONTACT_REQUIRED, TXN_NOT_PAID, ALREADY_INVOICED), or accepted, that is issued, with the number and the text of its QR, then succeeded: sent to the
 * customer; or failed: then it may be asked for again with a new number. After accepted, failed says that it did not reach the customer. Rows down: id `<no>:<outcome>`.
 */

const optionalText = v.nullable(text);

export const issueInvoice = upFrame(
  v.object({
    payment: number,
    amountFen: fen,
    titleKind: v.picklist(['personal', 'company']),
    title: text,
    taxNo: optionalText,
    address: optionalText,
    phone: optionalText,
    email: optionalText,
  }),
);
export type IssueInvoice = v.InferOutput<typeof issueInvoice>;

/** `invoice`: the `no` of the `issue-invoice` that is taken back. */
export const redInvoice = upFrame(v.object({ payment: number, invoice: number, amountFen: fen, reason: text }));
export type RedInvoice = v.InferOutput<typeof redInvoice>;

export const invoiceResult = v.object({
  no: number,
  at: time,
  kind: v.picklist(['blue', 'red']),
  payment: number,
  outcome,
  reason: v.nullable(text),
  limit: v.nullable(limit),
  hostRef: v.nullable(text),
  invoiceNo: v.nullable(text),
  /** For the QR on the slip. */
  url: v.nullable(text),
  amountFen: fen,
  rev: count,
});
export type InvoiceResult = v.InferOutput<typeof invoiceResult>;
