import * as v from 'valibot';
import { actor, batchNo, entryMode, fen, number, responseCode, stan, text, time } from './common.ts';
import { feeRate } from './payments.ts';
import { parameters } from './settlement.ts';

/** Requests with an answer (topic auth). Idempotent by id: asked twice, answered the same. */

/** Card data sealed to the host's X25519 key (sealing.ts); base64. */
export const sealed = v.object({
  key: text,
  ephemeral: text,
  iv: text,
  data: v.pipe(v.string(), v.maxLength(4096)),
  tag: text,
});
export type Sealed = v.InferOutput<typeof sealed>;

/** What is inside a sealed card block; never leaves memory but sealed. */
export interface CardBlock {
  readonly pan: string;
  readonly track2: string | null;
  readonly expiry: string | null;
  /** EMV tags by hex name, hex values (field 55). */
  readonly emv: Readonly<Record<string, string>>;
  /** What the PIN pad gave away: enciphered PIN block (ISO 9564-1 format 0) and key serial number, both hex; null where no PIN was asked for. */
  readonly pin: { readonly block: string; readonly ksn: string } | null;
}

const signIn = v.object({ kind: v.literal('sign-in'), stan, operator: actor, batch: v.nullable(batchNo) });
const sale = v.object({
  kind: v.literal('sale'),
  payment: number,
  stan,
  batch: batchNo,
  operator: actor,
  amountFen: v.pipe(fen, v.minValue(1)),
  entry: entryMode,
  card: sealed,
});
const reverse = v.object({
  kind: v.literal('reverse'),
  payment: number,
  stan,
  batch: batchNo,
  amountFen: fen,
  reason: text,
});

export const request = v.variant('kind', [signIn, sale, reverse]);
export type Request = v.InferOutput<typeof request>;
export type SaleRequest = v.InferOutput<typeof sale>;
export type ReverseRequest = v.InferOutput<typeof reverse>;
export type SignInRequest = v.InferOutput<typeof signIn>;

const signInAnswer = v.object({
  kind: v.literal('sign-in'),
  stan,
  code: responseCode,
  /** The batch that is open now; the business date its receivable is booked on. */
  batch: batchNo,
  rev: v.number(),
  merchantName: text,
  parameters,
  hostTime: time,
});
const saleAnswer = v.object({
  kind: v.literal('sale'),
  payment: number,
  stan,
  code: responseCode,
  amountFen: fen,
  rrn: v.nullable(text),
  authCode: v.nullable(text),
  issuer: v.nullable(text),
  acquirer: v.nullable(text),
  /** Domestic or foreign card: only the host knows the issuer's tables. */
  group: v.picklist(['domestic', 'foreign']),
  /** J-03 at once: the host advances the money (states.md, clearing 2). */
  cleared: v.boolean(),
  rate: v.nullable(feeRate),
});
const reverseAnswer = v.object({ kind: v.literal('reverse'), payment: number, stan, code: responseCode });

export const answer = v.variant('kind', [signInAnswer, saleAnswer, reverseAnswer]);
export type Answer = v.InferOutput<typeof answer>;
export type SaleAnswer = v.InferOutput<typeof saleAnswer>;
export type ReverseAnswer = v.InferOutput<typeof reverseAnswer>;
export type SignInAnswer = v.InferOutput<typeof signInAnswer>;
