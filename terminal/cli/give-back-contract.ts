import * as v from 'valibot';
import { idempotencyKey, secret, who } from './contract.ts';

/** Refunds, voids and reports over the socket; see contract.ts. */

const text = v.optional(v.string());
const fen = v.pipe(v.number(), v.safeInteger());
const sixDigits = v.pipe(v.string(), v.regex(/^\d{6}$/));

/** One of: a voucher of this terminal, a reference of any day and terminal of the merchant. */
export const findRefundRequest = v.strictObject({
  ...who,
  reference: v.variant('by', [
    v.strictObject({ by: v.literal('voucher'), stan: sixDigits, batch: v.exactOptional(sixDigits) }),
    v.strictObject({
      by: v.literal('reference'),
      rrn: v.pipe(v.string(), v.regex(/^[0-9A-Za-z]{12}$/)),
      date: v.pipe(v.string(), v.isoDate()),
    }),
  ]),
});
/** `supervisor`: 主管密码, which a cashier needs. */
export const refundRequest = v.strictObject({
  ...who,
  payment: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
  amountFen: fen,
  supervisor: v.exactOptional(secret),
  idempotencyKey,
});
export const voidRequest = v.strictObject({ ...who, supervisor: v.exactOptional(secret, '') });
export const reportRequest = v.strictObject({
  ...who,
  reason: v.pipe(v.string(), v.minLength(1), v.maxLength(100)),
});

const refundAnswer = v.object({
  no: v.string(),
  payment: v.string(),
  state: v.string(),
  amountFen: v.number(),
  feeFen: v.number(),
  batch: v.string(),
  stan: v.string(),
  originTerminal: v.string(),
  originStan: v.string(),
  originRrn: text,
  card: text,
  operator: v.string(),
  reason: text,
  requestedAt: v.number(),
});
export type RefundAnswer = v.InferOutput<typeof refundAnswer>;
export const refundsAnswer = v.object({ refunds: v.array(refundAnswer) });
/** Of a key that the book knows. */
export const refundOfKey = v.object({ refund: v.nullable(refundAnswer) });

export const refundOfferResult = v.object({
  offer: v.object({
    payment: v.string(),
    terminal: v.string(),
    isHere: v.boolean(),
    stan: v.string(),
    card: text,
    at: v.number(),
    amountFen: v.number(),
    refundedFen: v.number(),
    leftFen: v.number(),
  }),
});
export type RefundOfferAnswer = v.InferOutput<typeof refundOfferResult>['offer'];

export const refundResult = v.object({
  outcome: v.object({
    kind: v.picklist(['succeeded', 'failed', 'continues']),
    refund: refundAnswer,
    reason: text,
    printProblem: text,
  }),
});
export type RefundOutcomeAnswer = v.InferOutput<typeof refundResult>['outcome'];

export const voidResult = v.object({
  outcome: v.object({ kind: v.picklist(['approved', 'declined', 'unknown', 'stopped']), code: text, why: text }),
});
export type VoidOutcomeAnswer = v.InferOutput<typeof voidResult>['outcome'];
