import * as v from 'valibot';
import { count, number, numberWithRoom, text, time, upFrame } from './common.ts';

/**
 * Notices to people outside the terminal (cross-cutting.md, N-05 to N-10). The terminal writes `notify` in the transaction of what happened; the host sends it once for each
 * (event, recipient, channel), by e-mail or through its SMS webhook, and tells how it went. Failure never touches money.
 */

export const channel = v.picklist(['email', 'sms']);

const asked = upFrame(
  v.object({
    event: number,
    recipient: v.literal('profile'),
    channel,
    text: v.pipe(v.string(), v.regex(/^N-\d{2}[a-z]?$/)),
    values: v.record(text, text),
  }),
);
/** The row's `no` is `<event>:<channel>`. `recipient`: `profile` the merchant's address as the host has it. `text`: N-06 …, its words are the host's in both languages; `values` fill them. */
export const notify = v.object({ ...asked.entries, no: numberWithRoom(':999'.length) });
export type Notify = v.InferOutput<typeof notify>;

/** `sent`, `failed` (it is tried again), `dead` (it is not). Of the number of a `notify`: `<no>:<attempts>`. */
export const notifyResult = v.object({
  no: number,
  at: time,
  notice: number,
  outcome: v.picklist(['sent', 'failed', 'dead']),
  attempts: count,
  /** E.g. NO_ADDRESS, REFUSED; null when it was sent. */
  reason: v.nullable(text),
  /** Masked. */
  to: v.nullable(text),
});
export type NotifyResult = v.InferOutput<typeof notifyResult>;

/** 站内信 from upstream to everybody who uses the console of the merchant. */
export const message = v.object({ no: number, at: time, zh: text, en: text, level: v.picklist(['info', 'warning']) });
export type Message = v.InferOutput<typeof message>;
