import * as v from 'valibot';
import { count, number, sequence, text, time } from './common.ts';
import { answer, request } from './requests.ts';

/** The payloads of the topics (sync.md). `rows` stay unknown here: each row is checked against its kind, so that one bad row rejects itself only. */

const range = v.tuple([sequence, sequence]);

export const hello = v.object({
  v: v.literal(1),
  boot: number,
  epoch: number,
  highestSeq: count,
  highestAcked: count,
  /** Highest row from above that is applied here. */
  appliedDown: count,
  deviceTime: time,
  /** The book is not whole: what the host has of it after `since` is asked for, everything when that is null (epoch.ts). */
  restore: v.optional(v.object({ since: v.nullable(v.object({ epoch: number, seq: count, down: count })) })),
});
export type Hello = v.InferOutput<typeof hello>;

export const welcome = v.object({
  v: v.literal(1),
  boot: number,
  hostTime: time,
  /** The hello's deviceTime, so that the offset can be taken at the midpoint. 0: the host invites the terminal to say hello. */
  deviceTime: time,
  /** The host has applied every row up to here, and keeps the ranges beyond until the holes before them are filled. */
  appliedUp: count,
  ranges: v.pipe(v.array(range), v.maxLength(64)),
  /** Messages in flight. */
  window: v.pipe(count, v.minValue(1), v.maxValue(64)),
  downEpoch: number,
  /** Highest row that waits for the terminal: the gate opens when it is applied. */
  downHighest: count,
  /** Another epoch of this terminal followed the one that said hello: its database was put back from a copy. */
  retired: v.optional(v.boolean(), false),
  /** To a hello that asks for it: rows of kind `book-restore` are among those that wait. */
  restoring: v.optional(v.boolean(), false),
  /** Hash of the row at `appliedUp` (epoch.ts), where the host has it: another one here means a restored backup. */
  lastHash: v.optional(v.nullable(v.string()), null),
});
export type Welcome = v.InferOutput<typeof welcome>;

/** [[seq, kind, id, body], …] */
export const rows = v.object({
  v: v.literal(1),
  epoch: number,
  boot: number,
  rows: v.pipe(
    v.array(v.tuple([sequence, text, v.pipe(v.string(), v.maxLength(160)), v.unknown()])),
    v.minLength(1),
    v.maxLength(50),
  ),
});
export type Rows = v.InferOutput<typeof rows>;

export const ack = v.object({
  v: v.literal(1),
  epoch: number,
  upTo: count,
  ranges: v.pipe(v.array(range), v.maxLength(64)),
  /** Also repeats those of the last two windows, since a later acknowledgement replaces a lost one. */
  rejected: v.pipe(v.array(v.object({ seq: sequence, code: text })), v.maxLength(3200)),
  window: v.pipe(count, v.minValue(1), v.maxValue(64)),
});
export type Ack = v.InferOutput<typeof ack>;

export const state = v.object({ v: v.literal(1), boot: number, online: v.boolean(), at: time });
export type State = v.InferOutput<typeof state>;

export const authUp = v.object({ v: v.literal(1), id: v.pipe(v.string(), v.maxLength(160)), exp: time, request });
export type AuthUp = v.InferOutput<typeof authUp>;

export const authDown = v.object({ v: v.literal(1), id: v.pipe(v.string(), v.maxLength(160)), answer });
