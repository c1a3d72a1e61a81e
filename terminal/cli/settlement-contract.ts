import * as v from 'valibot';
import { idempotencyKey, number, settlementAnswer, who } from './contract.ts';

/** Settlement over the socket: home, mode, account, profile, details, disputes; see contract.ts. */

const text = v.optional(v.string());
const short = v.pipe(v.string(), v.maxLength(200));
const listOf = <S extends v.GenericSchema>(item: S) => v.pipe(v.array(item), v.readonly());

const cycle = v.variant('every', [
  v.strictObject({ every: v.literal('DAILY') }),
  v.strictObject({ every: v.literal('WEEKLY'), weekday: v.picklist([1, 2, 3, 4, 5, 6, 7]) }),
  v.strictObject({
    every: v.literal('MONTHLY'),
    monthDay: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(28)),
  }),
]);
export type CycleAsked = v.InferOutput<typeof cycle>;

/** What was typed is judged by the desk, in the order of its errors. */
export const modeRequest = v.strictObject({ ...who, mode: short, cycle: v.optional(cycle), idempotencyKey });
export const accountRequest = v.strictObject({
  ...who,
  name: short,
  number: short,
  id: short,
  bank: short,
  destination: v.picklist(['bank', 'payment']),
  idempotencyKey,
});
const change = v.optional(v.nullable(short));
export const profileRequest = v.strictObject({
  ...who,
  email: change,
  mobile: change,
  address: change,
  contact: change,
  agreement: v.optional(short),
  remindFromFen: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
  idempotencyKey,
});
export const paperRequest = v.strictObject({ ...who, month: short, address: v.optional(short), idempotencyKey });
export const disputeRequest = v.strictObject({
  ...who,
  payment: v.optional(number),
  text: v.pipe(v.string(), v.maxLength(2_000)),
  idempotencyKey,
});

const modeAnswer = v.object({
  mode: v.string(),
  cycle: v.object({ every: v.string(), weekday: v.optional(v.number()), monthDay: v.optional(v.number()) }),
});
export type ModeAnswer = v.InferOutput<typeof modeAnswer>;

const applicationAnswer = v.object({
  no: v.string(),
  kind: v.string(),
  state: v.string(),
  stage: text,
  reason: text,
  remark: text,
  about: v.string(),
  by: v.string(),
  at: v.number(),
});
export type ApplicationAnswer = v.InferOutput<typeof applicationAnswer>;
export const applicationResult = v.object({ application: applicationAnswer });

const accountAnswer = v.object({
  version: v.number(),
  state: v.string(),
  name: v.string(),
  maskedNumber: v.string(),
  bank: v.string(),
  destination: v.string(),
  reason: text,
});
export type AccountAnswer = v.InferOutput<typeof accountAnswer>;

const profileAnswer = v.object({
  email: v.nullable(v.string()),
  mobile: v.nullable(v.string()),
  address: v.nullable(v.string()),
  contact: v.nullable(v.string()),
  idValidUntil: v.nullable(v.string()),
  agreement: v.nullable(v.string()),
  agreementInForce: v.string(),
  remindFromFen: v.number(),
  advance: v.boolean(),
});
export type ProfileAnswer = v.InferOutput<typeof profileAnswer>;

/** `applications`: the newest, of every kind. */
export const homeAnswer = v.object({
  balances: v.object({
    availableFen: v.number(),
    unclearedFen: v.number(),
    frozenFen: v.number(),
    pendingSplitFen: v.number(),
    inTransitFen: v.number(),
    owedFen: v.number(),
    keepFen: v.number(),
  }),
  mode: modeAnswer,
  modeAsked: v.optional(modeAnswer),
  nextCut: v.optional(v.object({ day: v.string(), at: v.number() })),
  lastCut: text,
  account: v.optional(accountAnswer),
  accounts: listOf(accountAnswer),
  profile: v.optional(profileAnswer),
  obstacles: listOf(v.string()),
  expectedArrival: v.string(),
  remind: v.boolean(),
  clearingOverdue: listOf(v.object({ batch: v.string(), expected: v.string() })),
  applications: listOf(applicationAnswer),
});
export type HomeAnswer = v.InferOutput<typeof homeAnswer>;

const detailAnswer = v.object({
  ...settlementAnswer.entries,
  mode: v.string(),
  by: v.string(),
  endedAt: v.optional(v.number()),
  hostRef: text,
  transferRef: text,
  valueDate: text,
  accountVersion: v.number(),
  checkedBy: text,
  disputed: v.boolean(),
  stopping: v.boolean(),
  issued: v.optional(v.object({ channel: v.string(), to: text })),
});
export type DetailAnswer = v.InferOutput<typeof detailAnswer>;

const ticketAnswer = v.object({
  no: v.string(),
  settlement: v.string(),
  payment: text,
  text: v.string(),
  state: v.string(),
  answer: text,
  answeredBy: text,
  by: v.string(),
  at: v.number(),
});
export type TicketAnswer = v.InferOutput<typeof ticketAnswer>;
export const ticketsAnswer = v.object({ tickets: listOf(ticketAnswer) });
export const disputeResult = v.object({ ticket: ticketAnswer });

const paymentAnswer = v.object({
  payment: v.string(),
  at: v.number(),
  type: v.string(),
  entry: text,
  stan: v.string(),
  grossFen: v.number(),
  feeFen: v.number(),
  netFen: v.number(),
  ticket: text,
});
export type SettledAnswer = v.InferOutput<typeof paymentAnswer>;
/** `more`: there are further payments. */
export const settlementShown = v.object({
  settlement: detailAnswer,
  tickets: listOf(ticketAnswer),
  payments: listOf(paymentAnswer),
  more: v.boolean(),
});
export type SettlementShown = v.InferOutput<typeof settlementShown>;
