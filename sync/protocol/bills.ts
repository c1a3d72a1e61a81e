import * as v from 'valibot';
import {
  count,
  day,
  entryMode,
  fen,
  group,
  number,
  numberWithRoom,
  signedFen,
  stan,
  text,
  time,
  upFrame,
} from './common.ts';
import { feeRate } from './payments.ts';

/**
 * Reconciliation (B-032). The host makes a bill (对账单) of each terminal and day as a file of NDJSON, one `billLine` a line in the order of their numbers, sends it in parts
 * (`file-part`) and then names it (`bill`). The terminal puts it together, compares it with its book line by line, and reports each difference. A file that
 * does not fit its hash, count or form blocks the day: it is asked for again (`bill-wanted`), never ignored.
 *
 * The day of a payment or refund is that of its own number: a ULID begins with the time at which the terminal made it (48 bits as ten characters of base 32), and both sides
 * have the number. So a day in Shanghai is one range of numbers, `from` ≤ number < `before` as text, `from` being the ten characters of the first millisecond of the day and
 * `before` those of the next day (sync/host/number-day.ts). Numbers in it are also in the order of time.
 *
 * In the bill stand: what took money (sale, code-sale, completion, stored-sale, completion-advice) and was approved, PAID or VOIDED; refunds that were accepted and have not
 * failed, PAID. Not in it: what was declined, reversed, given back, refused or failed; voids (they make their original VOIDED) and pre-authorisations.
 * Compared are state and amount. The fee is not: the second opinion on J-03 has compared it. What the terminal itself has not decided yet (UNKNOWN, a reversal or a void under way,
 * a refund without its result) is compared when it is.
 *
 * J-80 and J-81 go with `difference-found`: 11xx of the `entry`, on the business date of `batch`, or on the day of the bill where the terminal has no such batch;
 * suspense `2490:<no>` or `1290:<no>` with the `no` of that row. What `difference-decided` causes goes in one `posted` row.
 * Keys: `diff:<no>` J-80, J-81 · `undiff:<no>` J-82, which undoes the suspense, of missing-sale (then `sale:<payment>`, `clear:<payment>`), missing-refund (then
 * `refund:<number>`, `refunded:<number>`) and explained · `diff-lost:<no>` J-83 · `diff-back:<no>` J-84. A missing refund that the available balance does not cover waits: its
 * `posted` row comes when there is enough. What a newer bill of the day does not show any more the terminal explains itself: `difference-examined` (explained) by SYS carries the J-82.
 * What changed here after a bill was made, or has no end yet, is left out of that version; when all of it has its end the terminal asks for another (`bill-wanted`, UNDER_WAY).
 */

export const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));

/** What a part holds at most, so that its row stays below 60 KB in base64. */
export const filePartBytes = 40_000;

/** Part `i` of `of`, from 0. Parts of a file that is here already change nothing. */
export const filePart = v.object({
  no: number,
  at: time,
  sha256,
  i: count,
  of: v.pipe(count, v.minValue(1), v.maxValue(100_000)),
  base64: v.pipe(v.string(), v.maxLength(56_000)),
});
export type FilePart = v.InferOutput<typeof filePart>;

/** `at`: when the host began to read what stands in it; what changed later it may not have. `date`: the calendar day in Shanghai on which its payments were made. `version` counts from 1 when a bill is made anew. */
export const bill = v.object({
  no: number,
  at: time,
  date: day,
  version: count,
  sha256,
  bytes: count,
  rows: count,
  /** Sums over its lines that are PAID, refunds less. */
  grossFen: signedFen,
  feeFen: signedFen,
});
export type Bill = v.InferOutput<typeof bill>;

/**
 * One payment or refund as the host has it.
 * `txn` as in `payment-recorded`, and `refund`; a refund's `payment` is its own number, `feeFen` what it gives back. `state`: PAID while the money is taken or given, VOIDED when a void took it back.
 */
export const billLine = v.object({
  payment: number,
  txn: text,
  state: v.picklist(['PAID', 'VOIDED']),
  amountFen: fen,
  feeFen: fen,
  entry: entryMode,
  batch: text,
  stan,
  at: time,
});
export type BillLine = v.InferOutput<typeof billLine>;

/** The terminal could not use the bill of that day, and why. */
export const billWanted = upFrame(v.object({ date: day, version: count, reason: text }));
export type BillWanted = v.InferOutput<typeof billWanted>;

/** 长款 the host has more · 短款 less · 金额不符 · 状态不符. */
export const differenceKind = v.picklist(['surplus', 'shortage', 'amount', 'state']);
export type DifferenceKind = v.InferOutput<typeof differenceKind>;

/**
 * `deltaFen`: what the host has more than the book (J-80), below zero less (J-81), in money taken from customers, so a refund counts negative. `here` and `there` are states
 * of the line (PAID, VOIDED; `-`: not there at all); `hereFen` and `thereFen` what it brought: 0 unless it is PAID, a refund below zero; delta is there less here.
 * The kind goes by what is there: `surplus` a line that is not here, `shortage` no line of what is here, whatever the sign; else `state`, else `amount`.
 */
export const billDifference = v.object({
  date: day,
  kind: differenceKind,
  payment: number,
  txn: text,
  batch: text,
  entry: entryMode,
  here: text,
  there: text,
  hereFen: signedFen,
  thereFen: signedFen,
  deltaFen: signedFen,
});
export type BillDifference = v.InferOutput<typeof billDifference>;

const found = upFrame(
  v.object({
    batch: v.nullable(text),
    what: text,
    hereFen: signedFen,
    thereFen: signedFen,
    bill: v.optional(v.nullable(billDifference), null),
  }),
);
/** A difference of the clearing (`batch-cleared` did not add up here: nothing was posted), or of a bill: carries J-80 or J-81. */
export const differenceFound = v.object({ ...found.entries, no: numberWithRoom('decided::99999'.length) });
export type DifferenceFound = v.InferOutput<typeof differenceFound>;

/** O looked at a difference and says what it is. ADJUSTED is decided upstream by two persons; EXPLAINED needs no posting. */
export const differenceExamined = upFrame(
  v.object({ difference: number, finding: v.picklist(['investigating', 'explained']), text }),
);
export type DifferenceExamined = v.InferOutput<typeof differenceExamined>;

/**
 * What two persons upstream decided (P-28), J-82 to J-84. `missing-sale`, `missing-refund`: the book lacks it, `record` has it, and it is booked late. `write-off`: J-83. `give-back`: J-84.
 * `explained`: the other side was mended, the suspense is undone. `no` is `decided:<difference>:<n>`: what the terminal could not book is decided anew, and the newest counts. It says so
 * by `difference-examined` (investigating) of SYS where it had taken the decision, and by rejecting the row where not.
 */
export const differenceDecided = v.object({
  no: number,
  at: time,
  difference: number,
  decision: v.picklist(['missing-sale', 'missing-refund', 'write-off', 'give-back', 'explained']),
  by: text,
  approvedBy: text,
  reason: text,
  record: v.nullable(
    v.object({
      payment: number,
      original: v.nullable(number),
      batch: text,
      businessDate: day,
      entry: entryMode,
      amountFen: fen,
      feeFen: fen,
      rate: v.nullable(feeRate),
      cleared: v.boolean(),
      /** In which it counts; null from a host that does not say: codes by the entry, else domestic. */
      group: v.optional(v.nullable(group), null),
      /** null: as the bill has it. */
      stan: v.optional(v.nullable(stan), null),
    }),
  ),
});
export type DifferenceDecided = v.InferOutput<typeof differenceDecided>;
