import * as v from 'valibot';
import { count, day, fen, limit, longText, number, outcome, signedFen, text, time, upFrame } from './common.ts';

/** The settlement family. States: states.md 5 and the dispute ticket of 21. */

export const settleMode = v.picklist(['AUTO', 'MANUAL', 'REALTIME']);
export type SettleMode = v.InferOutput<typeof settleMode>;

/**
 * Instruction: pay `amountFen` of the available balance to account version `accountVersion`. Carries J-20. `cut`: of AUTO, the day of the cut that it is for: the host may pay
 * several terminals' with one transfer.
 */
export const settle = upFrame(
  v.object({
    amountFen: fen,
    mode: settleMode,
    accountVersion: count,
    rev: count,
    cut: v.optional(v.nullable(day), null),
  }),
);
export type Settle = v.InferOutput<typeof settle>;

/** A person wants a settlement back that is not accepted yet. Only `settle-result` refused (STOPPED) releases it; one that was accepted runs to its end. */
export const stopSettle = upFrame(v.object({ settlement: number }));
export type StopSettle = v.InferOutput<typeof stopSettle>;

/** The operator looked at the details of a successful settlement (step 5). */
export const settlementChecked = upFrame(v.object({ settlement: number }));
export type SettlementChecked = v.InferOutput<typeof settlementChecked>;

/** The operator disputes a settlement (B-014), or one payment in it. The ticket is the host's: OPEN → ANSWERED → CLOSED; its number is the row's `no`. */
export const settlementDisputed = upFrame(
  v.object({ settlement: number, payment: v.nullable(number), text: longText }),
);
export type SettlementDisputed = v.InferOutput<typeof settlementDisputed>;

/** Whoever disputed is content with the answer. */
export const ticketClosed = upFrame(v.object({ ticket: number }));
export type TicketClosed = v.InferOutput<typeof ticketClosed>;

/** As the host has it now. `by`: the reviewer. */
export const ticketAnswered = v.object({
  no: number,
  at: time,
  ticket: number,
  state: v.picklist(['OPEN', 'ANSWERED', 'CLOSED']),
  answer: longText,
  by: text,
});
export type TicketAnswered = v.InferOutput<typeof ticketAnswered>;

/** The host made the settlement slip (结算单) of a success and sent it (B-029, B-030). `none`: the merchant has no address, it is only here. */
export const statementIssued = v.object({
  no: number,
  at: time,
  settlement: number,
  channel: v.picklist(['email', 'sms', 'none', 'failed']),
  /** Masked. */
  to: v.nullable(text),
});
export type StatementIssued = v.InferOutput<typeof statementIssued>;

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

/** The host's own computation of a journal differs from what the terminal posted, or the balances do (P-26 b). */
export const mirrorDiffers = v.object({
  no: number,
  at: time,
  seq: count,
  account: text,
  bookFen: signedFen,
  mirrorFen: signedFen,
});
export type MirrorDiffers = v.InferOutput<typeof mirrorDiffers>;
