import * as v from 'valibot';
import {
  batchNo,
  count,
  entryMode,
  fen,
  group,
  limit,
  maskedCard,
  mcc,
  number,
  outcome,
  responseCode,
  stan,
  text,
  time,
  txnKind,
  upFrame,
} from './common.ts';
import { sealed } from './sealed.ts';

/**
 * The payments family: what became of the requests of requests.ts, and what goes up without a request.
 *
 * Which amount is which. The cashier types an amount (asked); the host approves all of it (00) or part of it (10, `approvedFen`); a promoter pays
 * `discountFen` of that. What is left is G = approved − discount: `amountFen` here, the amount of J-01, of the fee, of the totals, of every refund.
 *
 * `payment-recorded`, once a payment, id = its number; a void of what had cleared at once has two, the first with id `<number>:requested`.
 *   sale, code-sale, completion   PAID: J-01 on the own number, and J-03 too when `cleared`. FAILED: none.
 *   void, completion-void         of what has not cleared: DONE with J-02 (key `void:<original>`, lines on 2001:<original>), or FAILED without.
 *                                 of what cleared at once: REQUESTED with J-02r before the request leaves, then DONE with J-02s or FAILED with
 *                                 J-02f (journal `no` = the void's number).
 *   preauth                       HELD or FAILED; preauth-void DONE or FAILED. No journals, no totals, never uploaded.
 *   `original`: number of the payment that is voided or completed; null for one that this terminal does not know (a completion by code).
 *   `entry`, `group`, `card` of a void are those of its original. A sale's `group` is the answer's; `codes` for a code sale.
 * `reversal-ended`, id = number: what ends a reversal is one of 00 (given back), 25 (no original; the number is barred at the host for ever) and 94.
 *   Any other answer counts; NEEDS_HUMAN after so many. J-02f goes here when the reversed payment was a REQUESTED void. A code sale has none:
 *   its order is closed by number (code-requests.ts).
 * `store-sale`, id = number: an offline sale, its card sealed for the number. Nothing is posted until `stored-sale-result`, which is final: accepted
 *   (posts J-01 in a `posted` row) or refused. `complete-by-advice` and `advice-result`: the same for a completion that was not asked for.
 *   Both count in the batch that they name, which can not be closed before their results.
 */

export const feeRate = v.object({
  /** Names the rate for ever; the host recomputes the fee with it. */
  id: number,
  /** Parts per million of the gross amount; the cap in fen, if the rate has one. */
  ppm: v.pipe(count, v.maxValue(1_000_000)),
  capFen: v.nullable(fen),
});
export type FeeRate = v.InferOutput<typeof feeRate>;

export const paymentRecorded = upFrame(
  v.object({
    txn: txnKind,
    state: v.picklist(['REQUESTED', 'PAID', 'HELD', 'DONE', 'FAILED']),
    batch: batchNo,
    stan,
    /** G, what the customer paid; of a void and of a pre-authorisation the amount given back or held. */
    amountFen: fen,
    /** Paid by a promoter on top of G. */
    discountFen: fen,
    feeFen: fen,
    rate: v.nullable(feeRate),
    entry: entryMode,
    group,
    card: v.nullable(maskedCard),
    rrn: v.nullable(text),
    authCode: v.nullable(text),
    code: v.nullable(responseCode),
    cleared: v.boolean(),
    original: v.nullable(number),
  }),
);
export type PaymentRecorded = v.InferOutput<typeof paymentRecorded>;

/** A reversal came to its end: DONE by a final code (00, 25, 94), or NEEDS_HUMAN. */
export const reversalEnded = upFrame(
  v.object({
    payment: number,
    batch: batchNo,
    stan,
    amountFen: fen,
    state: v.picklist(['DONE', 'NEEDS_HUMAN']),
    code: v.nullable(responseCode),
    attempts: count,
    reason: text,
  }),
);
export type ReversalEnded = v.InferOutput<typeof reversalEnded>;

/** An offline sale (离线消费); the row's `no` is the payment number, its `at` the time at the counter. */
export const storeSale = upFrame(
  v.object({
    batch: batchNo,
    stan,
    amountFen: fen,
    entry: v.picklist(['CHIP', 'CONTACTLESS']),
    card: maskedCard,
    sealed,
    mcc: v.nullable(mcc),
  }),
);
export type StoreSale = v.InferOutput<typeof storeSale>;

/** A completion that is told, not asked (预授权完成通知). */
export const completeByAdvice = upFrame(
  v.object({
    batch: batchNo,
    stan,
    amountFen: fen,
    entry: entryMode,
    card: v.nullable(maskedCard),
    /** Number of the pre-authorisation; null: by its authorisation code and the card. */
    original: v.nullable(number),
    authCode: v.nullable(text),
    mcc: v.nullable(mcc),
  }),
);
export type CompleteByAdvice = v.InferOutput<typeof completeByAdvice>;

/** Accepted or refused; nothing follows. Refused: `reason` and the issuer's `code`. */
const forwarded = v.object({
  no: number,
  at: time,
  outcome,
  reason: v.nullable(text),
  limit: v.nullable(limit),
  hostRef: v.nullable(text),
  code: responseCode,
  rrn: v.nullable(text),
  authCode: v.nullable(text),
  issuer: v.nullable(text),
  acquirer: v.nullable(text),
  group,
  rate: v.nullable(feeRate),
  rev: count,
});
export const storedSaleResult = forwarded;
export const adviceResult = forwarded;
export type ForwardedResult = v.InferOutput<typeof forwarded>;
