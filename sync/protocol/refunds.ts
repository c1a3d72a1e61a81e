import * as v from 'valibot';
import {
  batchNo,
  count,
  day,
  entryMode,
  fen,
  group,
  limit,
  maskedCard,
  number,
  outcome,
  responseCode,
  stan,
  text,
  time,
  txnKind,
  upFrame,
} from './common.ts';
import { feeRate } from './payments.ts';

/**
 * The refund family (accounting.md §4.2, races.md "Refunds between terminals"). A refund is an instruction, not a request: reserved first, re-delivered
 * until it is acknowledged, and its result comes down. It has no reversal.
 *
 * `refund`, id = its number. R = `amountFen`, f = `feeFen`. Carries J-06 (from 2002) or J-06b (from 2001, where the payment is this terminal's and not
 *   cleared in its book), key `refund:<number>`. `cumBefore`: Σ R of the refunds of that payment that succeeded, here and elsewhere, as far as
 *   this terminal knows: the host refuses another base with STALE_REFUND_BASE.
 *   `businessDate`: of the batch that it counts in, on which J-07 nets the receivable. It counts in that batch's credit from `accepted` on.
 * `refund-result`: refused ends it (J-08); accepted is followed by succeeded (J-07) or failed (J-08), which may come after the batch was closed. The
 *   journals go up in `posted`. Rows: id `<number>:<outcome>`.
 * `refunded-elsewhere`, to the terminal of the sale, after a success at another one: posts nothing, counts R and f.
 * `find-original` (request, topic auth): the payment by `number`, or by `rrn` and `date` (Shanghai day of the payment); 25 when there is none. Not kept: asked again
 *   it is answered afresh. `refundedFen`, `refundedFeeFen`: cumR and Σ f of the successes. `inFlight`: another refund of it is under way.
 */

export const refund = upFrame(
  v.object({
    batch: batchNo,
    businessDate: day,
    stan,
    origin: v.object({
      payment: number,
      terminal: v.pipe(v.string(), v.regex(/^\d{8}$/)),
      batch: batchNo,
      stan,
      rrn: v.nullable(text),
    }),
    amountFen: fen,
    feeFen: fen,
    cumBefore: fen,
    /** Where the money was taken: not cleared yet, available, or held for a split. */
    source: v.picklist(['2001', '2002', '2003']),
    entry: entryMode,
    group,
    card: v.nullable(maskedCard),
    rev: count,
  }),
);
export type Refund = v.InferOutput<typeof refund>;

export const refundResult = v.object({
  no: number,
  at: time,
  outcome,
  /** E.g. REFUND_EXCEEDS_PAID, REFUND_EXPIRED, REFUND_IN_PROGRESS, STALE_REFUND_BASE, RISK_BLOCKED; null when it goes well. */
  reason: v.nullable(text),
  limit: v.nullable(limit),
  hostRef: v.nullable(text),
  rrn: v.nullable(text),
  rev: count,
});
export type RefundResult = v.InferOutput<typeof refundResult>;

export const refundedElsewhere = v.object({
  no: number,
  at: time,
  payment: number,
  /** Where it was keyed. */
  terminal: text,
  amountFen: fen,
  feeFen: fen,
});
export type RefundedElsewhere = v.InferOutput<typeof refundedElsewhere>;

export const findOriginal = v.object({
  kind: v.literal('find-original'),
  stan,
  number: v.nullable(number),
  rrn: v.nullable(text),
  date: v.nullable(day),
});
export type FindOriginalRequest = v.InferOutput<typeof findOriginal>;

export const original = v.object({
  payment: number,
  terminal: text,
  batch: batchNo,
  stan,
  txn: txnKind,
  at: time,
  /** G and F. */
  amountFen: fen,
  feeFen: fen,
  discountFen: fen,
  refundedFen: fen,
  refundedFeeFen: fen,
  inFlight: v.boolean(),
  state: v.picklist(['PAID', 'CLEARED', 'PARTLY_REFUNDED', 'REFUNDED', 'VOIDED']),
  frozen: v.boolean(),
  entry: entryMode,
  group,
  card: v.nullable(maskedCard),
  rrn: v.nullable(text),
  authCode: v.nullable(text),
  rate: v.nullable(feeRate),
});
export type Original = v.InferOutput<typeof original>;

export const findOriginalAnswer = v.object({
  kind: v.literal('find-original'),
  stan,
  code: responseCode,
  original: v.nullable(original),
});
