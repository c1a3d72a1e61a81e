import * as v from 'valibot';
import { batchNo, count, entryMode, fen, group, number, responseCode, stan, text, upFrame } from './common.ts';

/** The payments family, rows up. */

export const feeRate = v.object({
  /** Names the rate for ever; the host recomputes the fee with it. */
  id: number,
  /** Parts per million of the gross amount; the cap in fen, if the rate has one. */
  ppm: v.pipe(count, v.maxValue(1_000_000)),
  capFen: v.nullable(fen),
});
export type FeeRate = v.InferOutput<typeof feeRate>;

/** A payment came to its end: PAID carries J-01 (and J-03 when `cleared`), FAILED carries no journal. */
export const paymentRecorded = upFrame(
  v.object({
    txn: v.picklist(['sale']),
    state: v.picklist(['PAID', 'FAILED']),
    batch: batchNo,
    stan,
    amountFen: fen,
    feeFen: fen,
    rate: v.nullable(feeRate),
    entry: entryMode,
    group,
    /** First six, last four. */
    card: v.nullable(v.pipe(v.string(), v.regex(/^[\d*]{10,19}$/))),
    rrn: v.nullable(text),
    authCode: v.nullable(text),
    code: v.nullable(responseCode),
    cleared: v.boolean(),
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
