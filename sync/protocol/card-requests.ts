import * as v from 'valibot';
import { actor, batchNo, entryMode, fen, mcc, number, responseCode, stan, text, time, txnKind } from './common.ts';
import { feeRate } from './payments.ts';
import { sealed } from './sealed.ts';

/**
 * Requests for cards. `payment` is the number of this very transaction, made before it is sent; a void has its own, and names the other in `original`.
 *
 * Idempotent by payment number and by request id: asked again with the same content, answered the same; with other content 94. Not kept and answered
 * afresh: balance, find-original, sign-in, sign-off, otp-send, and an answer 1A.
 * `amountFen` of request and answer is the amount asked, always the same; `approvedFen` is less with code 10 and 0 with any code but 00 and 10;
 *   G = `approvedFen` − `discountFen`. A payment that is not wanted after all (partial approval refused by the customer) is reversed.
 * 1A: the customer must be verified (B-023). Nothing is booked, the code was sent to `verification.to`; the same request is asked again with `otp`, same number,
 *   same STAN, same sealed card. 1A again: `problem` says why, OTP_WRONG or OTP_EXPIRED; without `problem` it was not given yet. With no tries left: 63.
 *   `otp-send` sends the code again. Given up: reversed, gets 25.
 * `reverse` names the payment, `of` its kind, and the amount that was asked. 00: given back (a reversed void: the original stands again), 25: no such
 *   payment, and the number is barred for ever, 94 ends it too; 96 does not.
 * `void`, `completion-void`: whole amount, same terminal, same open batch. 12: not in a state to be voided (other batch, voided, refunded, a code, an
 *   advice), 13 another amount, 25 no such payment, 59 frozen. `preauth-void`: until it is completed or its validity ends; not bound to the batch.
 * `completion`: ≤ the parameter's share of the held amount (61), within validity (12), once (12). By number, or by `authCode` and card.
 */

const base = { payment: number, stan, batch: batchNo, operator: actor };
const amountFen = v.pipe(fen, v.minValue(1));
const withCard = { ...base, amountFen, entry: entryMode, card: sealed, mcc: v.optional(mcc) };
/** The card may be asked for again by parameter; then it is compared. */
const withOriginal = { ...base, amountFen, original: number, card: v.nullable(sealed) };

export const sale = v.object({ kind: v.literal('sale'), ...withCard, otp: v.optional(text) });
export const voidSale = v.object({ kind: v.literal('void'), ...withOriginal });
export const preauth = v.object({ kind: v.literal('preauth'), ...withCard });
export const preauthVoid = v.object({ kind: v.literal('preauth-void'), ...withOriginal });
export const completion = v.object({
  kind: v.literal('completion'),
  ...base,
  amountFen,
  entry: entryMode,
  card: v.nullable(sealed),
  original: v.nullable(number),
  authCode: v.nullable(text),
  mcc: v.optional(mcc),
});
export const completionVoid = v.object({ kind: v.literal('completion-void'), ...withOriginal });
export const balance = v.object({
  kind: v.literal('balance'),
  payment: number,
  stan,
  operator: actor,
  entry: entryMode,
  card: sealed,
});
export const reverse = v.object({
  kind: v.literal('reverse'),
  payment: number,
  of: v.optional(txnKind, 'sale'),
  stan,
  batch: batchNo,
  amountFen: fen,
  reason: text,
});
export const otpSend = v.object({ kind: v.literal('otp-send'), payment: number, stan });

export type SaleRequest = v.InferOutput<typeof sale>;
export type VoidRequest =
  | v.InferOutput<typeof voidSale>
  | v.InferOutput<typeof preauthVoid>
  | v.InferOutput<typeof completionVoid>;
export type PreauthRequest = v.InferOutput<typeof preauth>;
export type CompletionRequest = v.InferOutput<typeof completion>;
export type BalanceRequest = v.InferOutput<typeof balance>;
export type ReverseRequest = v.InferOutput<typeof reverse>;
export type OtpSendRequest = v.InferOutput<typeof otpSend>;

/** How the customer is to be verified. `to`: masked mobile or WeChat name. */
export const verification = v.object({
  by: v.picklist(['sms', 'wechat']),
  to: text,
  triesLeft: fen,
  expiresAt: time,
  problem: v.nullable(v.picklist(['OTP_WRONG', 'OTP_EXPIRED'])),
});
export type Verification = v.InferOutput<typeof verification>;

/** The same for every transaction with a card. */
const cardAnswer = {
  payment: number,
  stan,
  code: responseCode,
  amountFen: fen,
  approvedFen: fen,
  discountFen: fen,
  rrn: v.nullable(text),
  authCode: v.nullable(text),
  issuer: v.nullable(text),
  acquirer: v.nullable(text),
  /** Domestic or foreign card: only the host knows the issuer's tables. */
  group: v.picklist(['domestic', 'foreign']),
  /** J-03 at once: the host advances the money (states.md, clearing 2). */
  cleared: v.boolean(),
  /** Of a sale and a completion that are approved. */
  rate: v.nullable(feeRate),
  /** With 1A only. */
  verification: v.nullable(verification),
};

export const saleAnswer = v.object({ kind: v.literal('sale'), ...cardAnswer });
export const voidAnswer = v.object({ kind: v.literal('void'), ...cardAnswer });
/** `validUntil`: end of the validity of an approved one. */
export const preauthAnswer = v.object({ kind: v.literal('preauth'), ...cardAnswer, validUntil: v.nullable(time) });
export const preauthVoidAnswer = v.object({ kind: v.literal('preauth-void'), ...cardAnswer });
export const completionAnswer = v.object({ kind: v.literal('completion'), ...cardAnswer });
export const completionVoidAnswer = v.object({ kind: v.literal('completion-void'), ...cardAnswer });
/** Shown, never stored. */
export const balanceAnswer = v.object({
  kind: v.literal('balance'),
  payment: number,
  stan,
  code: responseCode,
  balanceFen: v.nullable(fen),
});
export const reverseAnswer = v.object({ kind: v.literal('reverse'), payment: number, stan, code: responseCode });
export const otpSendAnswer = v.object({
  kind: v.literal('otp-send'),
  payment: number,
  stan,
  code: responseCode,
  verification: v.nullable(verification),
});

export type SaleAnswer = v.InferOutput<typeof saleAnswer>;
export type PreauthAnswer = v.InferOutput<typeof preauthAnswer>;
export type VoidAnswer =
  | v.InferOutput<typeof voidAnswer>
  | v.InferOutput<typeof preauthVoidAnswer>
  | v.InferOutput<typeof completionVoidAnswer>;
export type CompletionAnswer = v.InferOutput<typeof completionAnswer>;
export type BalanceAnswer = v.InferOutput<typeof balanceAnswer>;
export type ReverseAnswer = v.InferOutput<typeof reverseAnswer>;
export type OtpSendAnswer = v.InferOutput<typeof otpSendAnswer>;
/** What every transaction with a card is answered with, but for its kind. */
export type CardAnswer = SaleAnswer | PreauthAnswer | VoidAnswer | CompletionAnswer;
