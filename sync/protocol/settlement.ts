import * as v from 'valibot';
import { count, day, fen, limit, number, outcome, signedFen, text, time, upFrame } from './common.ts';

/** The settlement family and merchant data. States: states.md 4 and 5. */

/** Instruction: pay `amountFen` of the available balance to account version `accountVersion`. Carries J-20. */
export const settle = upFrame(
  v.object({ amountFen: fen, mode: v.picklist(['AUTO', 'MANUAL', 'REALTIME']), accountVersion: count, rev: count }),
);
export type Settle = v.InferOutput<typeof settle>;

/** The operator looked at the details of a successful settlement (step 5). */
export const settlementChecked = upFrame(v.object({ settlement: number }));

export const settleResult = v.object({
  no: number,
  at: time,
  outcome,
  /** E.g. ACCOUNT_CLOSED, NAME_MISMATCH, BANK_REFUSED, SETTLE_ACCOUNT_ERRORED, STOPPED; null when it went well. */
  reason: v.nullable(text),
  limit: v.nullable(limit),
  hostRef: v.nullable(text),
  transferRef: v.nullable(text),
  /** Service fee d of accounting.md, 0 except in real time. */
  serviceFeeFen: fen,
  valueDate: v.nullable(day),
  rev: count,
});
export type SettleResult = v.InferOutput<typeof settleResult>;

/** A settlement account version as the host decided it; the number is masked for screens, the host keeps the whole. */
export const settlementAccount = v.object({
  version: count,
  state: v.picklist(['VERIFYING', 'ACTIVE', 'REJECTED', 'SUPERSEDED', 'ERRORED']),
  name: text,
  maskedNumber: text,
  bank: text,
});
export type SettlementAccount = v.InferOutput<typeof settlementAccount>;

export const parameters = v.record(text, v.union([v.number(), text, v.boolean()]));
export type Parameters = v.InferOutput<typeof parameters>;

/** What upstream decided for the merchant: the whole record of its kind, newer `rev` wins. */
export const merchantData = v.variant('kind', [
  v.object({ kind: v.literal('account'), no: number, at: time, rev: count, record: settlementAccount }),
  v.object({ kind: v.literal('parameters'), no: number, at: time, rev: count, record: parameters }),
]);
export type MerchantData = v.InferOutput<typeof merchantData>;

/** The host's own computation of a journal differs from what the terminal posted, or the balances do (P-26 b). */
export const mirrorDiffers = v.object({
  no: number,
  at: time,
  seq: count,
  account: text,
  bookFen: signedFen,
  mirrorFen: signedFen,
});
