import * as v from 'valibot';
import { batchNo, day, fen, number, receivable, text, time, upFrame } from './common.ts';

/**
 * The risk family (B-046, B-047; accounting.md J-09 to J-12).
 *
 * `stop-reported`, id = its number: the cashier pressed 立即停止交易. `payment` is null when nothing was under way. The host freezes what is paid.
 * `freeze`, `unfreeze`, `charge-back` are facts; `freeze.no` is the freeze number, the same in `unfreeze` and in `charge-back.freeze`. The terminal
 *   answers each with a `posted` row that names its seq, **also when it has no journals**: from that row on the host counts the freeze as applied.
 *   freeze       payment not cleared: a flag, its J-03 credits 2004 min(A, net). Cleared: J-09 with what 2002 has, the rest at the next credits of 2002,
 *                after J-12, oldest first (key `frz:<no>:<n>`). Void and refund of that payment are refused (RISK_BLOCKED) meanwhile.
 *   unfreeze     J-10 with what 2004 holds; flag and rest lapse.
 *   charge-back  J-11: 2004 of `freeze`, then 2002, rest 1202, against `account` of `date`; then J-10 for what 2004 still holds. Later refunds ≤ G − ΣR − ΣC.
 */

export const stopReported = upFrame(
  v.object({ payment: v.nullable(number), batch: v.nullable(batchNo), reason: text, where: text }),
);
export type StopReported = v.InferOutput<typeof stopReported>;

/** The freeze number is `no`; `amountFen` is what to hold at most. */
export const freeze = v.object({ no: number, at: time, payment: number, amountFen: fen, reason: text });
export type Freeze = v.InferOutput<typeof freeze>;

export const unfreeze = v.object({ no: number, at: time, payment: number, reason: text });
export type Unfreeze = v.InferOutput<typeof unfreeze>;

export const chargeBack = v.object({
  no: number,
  at: time,
  /** Number of the freeze that held the money; null: there was none. */
  freeze: v.nullable(number),
  payment: number,
  amountFen: fen,
  /** The receivable that the channel takes it from. */
  account: receivable,
  date: day,
  reason: text,
});
export type ChargeBack = v.InferOutput<typeof chargeBack>;
