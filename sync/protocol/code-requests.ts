import * as v from 'valibot';
import { actor, batchNo, fen, mcc, number, responseCode, stan, text, time } from './common.ts';
import { feeRate } from './payments.ts';
import { sealed } from './sealed.ts';

/**
 * Code sales (扫码支付). The order's number is the payment number; its only life is this order, so nothing is ever reversed: what is in doubt is queried and, at the
 * end, closed by number.
 *
 * `code-open`: `customer-shows` (付款码) carries the scanned text, sealed for the number like a card (`pan` holds the text); `merchant-shows` (收款码)
 *   names the instrument and gets `codeUrl` to show. Asked again: the state of now. With other content: 94, CLOSED.
 * `code-query`: the state of now; NOT_FOUND bars nothing: the open may still be under way.
 * `code-close`: the end. WAITING or unknown → CLOSED, and the number is barred for ever; SUCCESS → REVOKED, the money is given back (only in the open batch and
 *   while it was not refunded; otherwise the answer stays SUCCESS). Idempotent.
 * Final: SUCCESS, CLOSED, REVOKED. SUCCESS is final for the terminal once it is booked; it then undoes it by a refund only.
 * `code`: 00 with SUCCESS, WAITING, REVOKED; with CLOSED what the wallet said (51 …), or 00 when it was closed by number.
 * `voucher` (付款凭证号): the wallet's own number of the payment, as the customer's telephone shows it; with SUCCESS, as `issuer` (the wallet) and `acquirer`, for the slip.
 * A success is cleared at once: J-01 and J-03 in `payment-recorded` with txn code-sale, group codes.
 */

export const codeInstrument = v.picklist(['QR_WECHAT', 'QR_ALIPAY', 'QR_UNIONPAY']);
export type CodeInstrument = v.InferOutput<typeof codeInstrument>;

const base = { payment: number, stan, batch: batchNo, operator: actor };
const amountFen = v.pipe(fen, v.minValue(1));

export const codeOpen = v.object({
  kind: v.literal('code-open'),
  ...base,
  amountFen,
  way: v.picklist(['customer-shows', 'merchant-shows']),
  /** merchant-shows: which wallet the code is for; customer-shows: null, the text says it. */
  instrument: v.nullable(codeInstrument),
  /** customer-shows: the text under the scanner, sealed; merchant-shows: null. */
  code: v.nullable(sealed),
  mcc: v.optional(mcc),
});
export const codeQuery = v.object({ kind: v.literal('code-query'), payment: number, stan });
export const codeClose = v.object({
  kind: v.literal('code-close'),
  payment: number,
  stan,
  batch: batchNo,
  reason: text,
});

export type CodeOpenRequest = v.InferOutput<typeof codeOpen>;
export type CodeQueryRequest = v.InferOutput<typeof codeQuery>;
export type CodeCloseRequest = v.InferOutput<typeof codeClose>;

const codeState = v.picklist(['SUCCESS', 'WAITING', 'CLOSED', 'REVOKED', 'NOT_FOUND']);

const codeAnswer = {
  payment: number,
  stan,
  state: codeState,
  code: responseCode,
  instrument: v.nullable(codeInstrument),
  /** merchant-shows while WAITING: for the QR on screen. */
  codeUrl: v.nullable(text),
  /** WAITING: the customer types a PIN into the phone. */
  needsPin: v.boolean(),
  /** The order is CLOSED by the host then, if nobody paid. */
  expiresAt: v.nullable(time),
  amountFen: fen,
  discountFen: fen,
  rrn: v.nullable(text),
  voucher: v.optional(v.nullable(text)),
  issuer: v.optional(v.nullable(text)),
  acquirer: v.optional(v.nullable(text)),
  cleared: v.boolean(),
  rate: v.nullable(feeRate),
};
export const codeOpenAnswer = v.object({ kind: v.literal('code-open'), ...codeAnswer });
export const codeQueryAnswer = v.object({ kind: v.literal('code-query'), ...codeAnswer });
export const codeCloseAnswer = v.object({ kind: v.literal('code-close'), ...codeAnswer });

export type CodeAnswer =
  | v.InferOutput<typeof codeOpenAnswer>
  | v.InferOutput<typeof codeQueryAnswer>
  | v.InferOutput<typeof codeCloseAnswer>;
