import * as v from 'valibot';
import { idempotencyKey, who } from './contract.ts';

/** Customers' invoices over the socket; see contract.ts. */

const text = v.optional(v.string());
const typed = v.exactOptional(v.pipe(v.string(), v.maxLength(500)));

/** What was typed is judged by the desk, in the order of its errors. */
export const invoiceRequest = v.strictObject({
  ...who,
  stan: v.pipe(v.string(), v.regex(/^\d{6}$/)),
  titleKind: v.picklist(['personal', 'company']),
  title: v.pipe(v.string(), v.maxLength(500)),
  taxNo: typed,
  address: typed,
  phone: typed,
  email: typed,
  idempotencyKey,
});

export const invoiceAnswer = v.object({
  no: v.string(),
  kind: v.string(),
  state: v.string(),
  payment: v.string(),
  stan: v.string(),
  of: text,
  amountFen: v.number(),
  titleKind: v.string(),
  title: v.string(),
  taxNo: text,
  phone: text,
  email: text,
  invoiceNo: text,
  url: text,
  reason: text,
  redDue: v.boolean(),
  operator: v.string(),
  requestedAt: v.number(),
  prints: v.number(),
});
export type InvoiceAnswer = v.InferOutput<typeof invoiceAnswer>;
export const invoicesAnswer = v.object({ invoices: v.array(invoiceAnswer) });

export const invoiceResult = v.object({
  outcome: v.object({
    kind: v.picklist(['issued', 'refused', 'failed', 'continues']),
    invoice: invoiceAnswer,
    reason: text,
    printProblem: text,
  }),
});
export type InvoiceOutcomeAnswer = v.InferOutput<typeof invoiceResult>['outcome'];
