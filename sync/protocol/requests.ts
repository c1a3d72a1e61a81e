import * as v from 'valibot';
import {
  balance,
  balanceAnswer,
  completion,
  completionAnswer,
  completionVoid,
  completionVoidAnswer,
  otpSend,
  otpSendAnswer,
  preauth,
  preauthAnswer,
  preauthVoid,
  preauthVoidAnswer,
  reverse,
  reverseAnswer,
  sale,
  saleAnswer,
  voidAnswer,
  voidSale,
} from './card-requests.ts';
import { codeClose, codeCloseAnswer, codeOpen, codeOpenAnswer, codeQuery, codeQueryAnswer } from './code-requests.ts';
import { actor, batchNo, responseCode, stan, text, time } from './common.ts';
import { parameters } from './merchant-data.ts';
import { findOriginal, findOriginalAnswer } from './refunds.ts';

/**
 * Requests with an answer (topic auth). Every request has a STAN and a kind; the answer repeats both. card-requests.ts, code-requests.ts and refunds.ts have the
 * rules of each. Sign-off (签退): 00, or 12 while the host's open batch has approvals.
 */

const signIn = v.object({ kind: v.literal('sign-in'), stan, operator: actor, batch: v.nullable(batchNo) });
const signOff = v.object({ kind: v.literal('sign-off'), stan, operator: actor, batch: v.nullable(batchNo) });

export const request = v.variant('kind', [
  signIn,
  signOff,
  sale,
  voidSale,
  preauth,
  preauthVoid,
  completion,
  completionVoid,
  codeOpen,
  codeQuery,
  codeClose,
  balance,
  reverse,
  otpSend,
  findOriginal,
]);
export type Request = v.InferOutput<typeof request>;
export type SignInRequest = v.InferOutput<typeof signIn>;
export type SignOffRequest = v.InferOutput<typeof signOff>;

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
const signOffAnswer = v.object({ kind: v.literal('sign-off'), stan, code: responseCode });

export const answer = v.variant('kind', [
  signInAnswer,
  signOffAnswer,
  saleAnswer,
  voidAnswer,
  preauthAnswer,
  preauthVoidAnswer,
  completionAnswer,
  completionVoidAnswer,
  codeOpenAnswer,
  codeQueryAnswer,
  codeCloseAnswer,
  balanceAnswer,
  reverseAnswer,
  otpSendAnswer,
  findOriginalAnswer,
]);
export type Answer = v.InferOutput<typeof answer>;
export type SignInAnswer = v.InferOutput<typeof signInAnswer>;
