import * as v from 'valibot';
import {
  batchNo,
  batchTotals,
  count,
  day,
  entryMode,
  fen,
  group,
  number,
  signedFen,
  stan,
  text,
  time,
  upFrame,
} from './common.ts';

/** The batch and clearing families. States: states.md 3. */

export const batchTotalsRow = upFrame(
  v.object({ batch: batchNo, businessDate: day, totals: batchTotals, records: count }),
);
export type BatchTotalsRow = v.InferOutput<typeof batchTotalsRow>;

/** One record of a group that did not balance. */
export const batchRecord = upFrame(
  v.object({
    batch: batchNo,
    payment: number,
    stan,
    txn: v.picklist(['sale']),
    side: v.picklist(['debit', 'credit']),
    group,
    amountFen: fen,
    feeFen: fen,
    rateId: number,
    entry: entryMode,
    rrn: v.nullable(text),
  }),
);
export type BatchRecord = v.InferOutput<typeof batchRecord>;

export const batchEnd = upFrame(v.object({ batch: batchNo, uploaded: count }));
export type BatchEnd = v.InferOutput<typeof batchEnd>;

/** A posting that a row from above caused: which row, and its journals in `journals`. */
export const posted = upFrame(v.object({ causeSeq: count, causeKind: text, batch: v.nullable(batchNo) }));
export type Posted = v.InferOutput<typeof posted>;

/** `batch-cleared` did not add up here to the fen: nothing was posted. */
export const differenceFound = upFrame(
  v.object({ batch: batchNo, what: text, hereFen: signedFen, thereFen: signedFen }),
);
export type DifferenceFound = v.InferOutput<typeof differenceFound>;

/** 1 balanced 平, 2 not balanced 不平, 3 error. */
export const verdict = v.picklist([1, 2, 3]);
export type Verdict = v.InferOutput<typeof verdict>;

export const batchVerdict = v.object({
  no: number,
  at: time,
  batch: batchNo,
  verdicts: v.object({ domestic: verdict, foreign: verdict, codes: verdict }),
  hostTotals: batchTotals,
});
export type BatchVerdict = v.InferOutput<typeof batchVerdict>;

/** A record on which the lists differed, and what the host did about it. `missing-there`: the host had no approval of it. */
export const differing = v.object({
  payment: number,
  stan: v.nullable(stan),
  kind: v.picklist(['missing-there', 'missing-here', 'amount']),
  hereFen: v.nullable(fen),
  thereFen: v.nullable(fen),
  decision: v.picklist(['booked', 'rejected']),
});
export type Differing = v.InferOutput<typeof differing>;

export const batchClosed = v.object({
  no: number,
  at: time,
  batch: batchNo,
  nextBatch: batchNo,
  balanced: v.boolean(),
  differing: v.pipe(v.array(differing), v.maxLength(200)),
});
export type BatchClosed = v.InferOutput<typeof batchClosed>;

/** The batch's card sales are cleared (J-03). The sums are over the payments cleared, without `except`. */
export const batchCleared = v.object({
  no: number,
  at: time,
  batch: batchNo,
  clearingDate: day,
  except: v.pipe(v.array(number), v.maxLength(1000)),
  grossFen: fen,
  feeFen: fen,
  netFen: signedFen,
});
export type BatchCleared = v.InferOutput<typeof batchCleared>;

/** The channel's money came to the host (J-05); negative: it had to pay. `date`: business date of the batch. */
export const fundsReceived = v.object({
  no: number,
  at: time,
  account: v.picklist(['1101', '1102', '1103', '1104']),
  date: day,
  n: count,
  amountFen: signedFen,
});
export type FundsReceived = v.InferOutput<typeof fundsReceived>;
