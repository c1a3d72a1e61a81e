import * as v from 'valibot';
import {
  batchNo,
  count,
  day,
  entryMode,
  fen,
  group,
  number,
  sequence,
  signedFen,
  stan,
  text,
  time,
  txnKind,
  upFrame,
} from './common.ts';
import { settlementAccount } from './merchant-data.ts';

/**
 * The book family (races.md, "A restored backup breaks (d)"): a terminal whose book is older than what the host has of it, or empty, gets the rest
 * back before anything else.
 *
 * `book-restore`, id = `restore:<epoch>:<n>`, in this order: `begin`, any number of `rows`, `end`. `rows` holds what happened after the last that both have in
 *   common, in the order in which it happened: `up`, a row of this terminal as it came up; `down`, a row from above that it had applied, with the
 *   place that it has in the host's outbox and, where the terminal told, the time at which it was applied; `batch`, a batch that was opened. What is applied again says nothing to the host.
 *   `end` tells the last STAN that the host saw, and the approvals that no record came for: their answers were lost, so each is reversed.
 *   Rows from above that it had not applied, as far as the host can prove, follow as they are.
 * `opening`, id = `opening:<epoch>`: the terminal's balances by account code (debit less credit) when it had everything back. The host compares them with its
 *   mirror; a difference is one like any other (mirror-differs).
 */

const rowId = v.pipe(v.string(), v.maxLength(160));

const event = v.variant('is', [
  v.object({ is: v.literal('up'), kind: text, id: rowId, body: v.unknown() }),
  v.object({ is: v.literal('down'), seq: sequence, kind: text, id: rowId, body: v.unknown(), at: v.nullable(time) }),
  v.object({ is: v.literal('batch'), batch: batchNo, openedAt: time, businessDate: v.nullable(day) }),
]);
export type BookEvent = v.InferOutput<typeof event>;

const unrecorded = v.object({
  payment: number,
  txn: txnKind,
  batch: batchNo,
  stan,
  amountFen: fen,
  entry: entryMode,
  group,
  at: time,
});
export type Unrecorded = v.InferOutput<typeof unrecorded>;

const head = { no: number, at: time };

export const bookRestore = v.variant('part', [
  v.object({
    part: v.literal('begin'),
    ...head,
    /** Rows of this terminal that come back. */
    rows: count,
    accounts: v.array(v.object({ account: settlementAccount, rev: count })),
  }),
  v.object({ part: v.literal('rows'), ...head, events: v.pipe(v.array(event), v.minLength(1)) }),
  v.object({
    part: v.literal('end'),
    ...head,
    lastStan: v.nullable(stan),
    unrecorded: v.array(unrecorded),
    /** Rows that the host had refused: they are not in its mirror, so they do not come back. */
    refused: count,
  }),
]);
export type BookRestore = v.InferOutput<typeof bookRestore>;

export const opening = upFrame(
  v.object({ epoch: number, sums: v.pipe(v.array(v.tuple([text, signedFen])), v.maxLength(100)) }),
);
export type Opening = v.InferOutput<typeof opening>;
