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
  receivable,
  signedFen,
  stan,
  text,
  time,
  txnKind,
  upFrame,
} from './common.ts';

/**
 * The batch and clearing families. States: states.md 3.
 *
 * Totals, gross profile: debit is every approved sale, completion (asked or told), code sale and stored sale, a voided one too; credit is every void and
 * completion-void that was done and every refund that was accepted, each with its own number, in the batch in which it was made. Net profile (parameter
 * `profile` = net): what was voided and its void are left out on both sides. Pre-authorisations are in neither. `group` of a refund and of a void is
 * that of the payment, amounts are G and R.
 * `batch-record`: one for each record that counts, in the groups that did not balance; `rateId` is null for credit. `txn` refund: `payment` is the refund's number.
 * `batch-cleared`: ΣG, ΣF, ΣN are over the full G and F of the payments that it clears, whatever was refunded of them since: a refund that is on its way
 *   can so make no difference. Each J-03 then posts what its 2001 still holds, and F − Σf. It clears every payment of the batch that counts in debit, is
 *   not voided, not cleared before and not in `except`; those in `except` come with a later `batch-cleared` of the same batch.
 * `funds-received` is net of refunds; after a clearing negative ones may follow (a refund that succeeded later, a charge-back).
 * `posted`: the journals that a row from above caused, in order. `causeKind` and `causeId` name that row; its seq as it came, `causeSeq`, is good for one epoch only, and all that an
 *   older terminal tells.
 */

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
    txn: v.picklist([...txnKind.options, 'refund']),
    side: v.picklist(['debit', 'credit']),
    group,
    amountFen: fen,
    feeFen: fen,
    rateId: v.nullable(number),
    entry: entryMode,
    rrn: v.nullable(text),
  }),
);
export type BatchRecord = v.InferOutput<typeof batchRecord>;

export const batchEnd = upFrame(v.object({ batch: batchNo, uploaded: count }));
export type BatchEnd = v.InferOutput<typeof batchEnd>;

/** A posting that a row from above caused: which row, and its journals in `journals`. */
export const posted = upFrame(
  v.object({
    causeSeq: count,
    causeKind: text,
    causeId: v.optional(v.nullable(text), null),
    batch: v.nullable(batchNo),
  }),
);
export type Posted = v.InferOutput<typeof posted>;

/** 1 balanced 平, 2 not balanced 不平, 3 error: a person must decide, and a second verdict of the same batch brings what was decided. */
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
  txn: v.optional(v.picklist([...txnKind.options, 'refund'])),
  kind: v.picklist(['missing-there', 'missing-here', 'amount']),
  hereFen: v.nullable(fen),
  thereFen: v.nullable(fen),
  decision: v.picklist(['booked', 'rejected']),
});
export type Differing = v.InferOutput<typeof differing>;

/** In one row. */
export const mostDiffering = 200;

export const batchClosed = v.object({
  no: number,
  at: time,
  batch: batchNo,
  nextBatch: batchNo,
  balanced: v.boolean(),
  differing: v.pipe(v.array(differing), v.maxLength(mostDiffering)),
});
export type BatchClosed = v.InferOutput<typeof batchClosed>;

/** More of what differed than `batch-closed` can carry; these rows come before it. */
export const batchDifferences = v.object({
  no: number,
  at: time,
  batch: batchNo,
  differing: v.pipe(v.array(differing), v.minLength(1), v.maxLength(mostDiffering)),
});
export type BatchDifferences = v.InferOutput<typeof batchDifferences>;

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
  account: receivable,
  date: day,
  n: count,
  amountFen: signedFen,
});
export type FundsReceived = v.InferOutput<typeof fundsReceived>;
