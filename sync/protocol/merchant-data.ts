import * as v from 'valibot';
import { count, day, fen, longText, number, text, time, upFrame } from './common.ts';
import { sealed } from './sealed.ts';
import { settleMode } from './settlement.ts';

/**
 * What is decided once for the merchant: a terminal applies (`apply`), the host decides and sends the whole record to every terminal of the merchant
 * (`merchant-data`, newer `rev` wins). States: states.md 4; users; paper statements of 21.
 */

const cycleDays = {
  weekday: v.picklist([1, 2, 3, 4, 5, 6, 7]),
  monthDay: v.pipe(count, v.minValue(1), v.maxValue(28)),
};

/** How often AUTO settles (B-003): each business day, or the first business day from that weekday (1 Monday) or day of the month on. */
export const cycle = v.variant('every', [
  v.object({ every: v.literal('DAILY') }),
  v.object({ every: v.literal('WEEKLY'), weekday: cycleDays.weekday }),
  v.object({ every: v.literal('MONTHLY'), monthDay: cycleDays.monthDay }),
]);
export type Cycle = v.InferOutput<typeof cycle>;

/** B-001 to B-007. `cycle` is kept beside the other modes too, so that a return to AUTO finds it. */
export const modeRecord = v.object({ mode: settleMode, cycle });
export type ModeRecord = v.InferOutput<typeof modeRecord>;

/** A settlement account version as the host decided it; the number is masked for screens, the host keeps the whole. */
export const settlementAccount = v.object({
  version: count,
  state: v.picklist(['VERIFYING', 'ACTIVE', 'REJECTED', 'SUPERSEDED', 'ERRORED']),
  name: text,
  maskedNumber: text,
  bank: text,
  destination: v.optional(v.picklist(['bank', 'payment']), 'bank'),
  /** Why it was rejected, or is in error. */
  reason: v.optional(v.nullable(text), null),
});
export type SettlementAccount = v.InferOutput<typeof settlementAccount>;

const loginName = v.pipe(v.string(), v.regex(/^[a-z][a-z0-9._-]{2,31}$/));

/** A named user of the console. MO: main account and settler in one person. Secrets stay at the terminals. */
export const userRecord = v.object({
  login: loginName,
  name: text,
  role: v.picklist(['M', 'O', 'MO', 'S']),
  state: v.picklist(['ACTIVE', 'REMOVED']),
});
export type UserRecord = v.InferOutput<typeof userRecord>;

/** Where notices and statements go, and what stands in the way of settling (B-017, B-020, B-021, B-030). */
export const profileRecord = v.object({
  email: v.nullable(text),
  mobile: v.nullable(text),
  /** For paper statements. */
  address: v.nullable(text),
  contact: v.nullable(text),
  /** Last day on which the identity document of the merchant is valid. */
  idValidUntil: v.nullable(day),
  /** The version of the agreement that was accepted. */
  agreement: v.nullable(text),
  /** The version that is in force upstream; what is applied with another one is refused. */
  agreementInForce: text,
  /** The home page reminds from this unsettled balance on (B-015); 0: never. */
  remindFromFen: fen,
  /** Cards clear at once for this merchant (B-006). */
  advance: v.boolean(),
});
export type ProfileRecord = v.InferOutput<typeof profileRecord>;

/** Days that differ from Monday to Friday: the host's calendar wins over the one built in. */
export const calendarRecord = v.object({
  holidays: v.pipe(v.array(day), v.maxLength(800)),
  /** Weekend days that are worked (make-up days). */
  workdays: v.pipe(v.array(day), v.maxLength(400)),
});
export type CalendarRecord = v.InferOutput<typeof calendarRecord>;

export const parameters = v.record(text, v.union([v.number(), text, v.boolean()]));
export type Parameters = v.InferOutput<typeof parameters>;

const head = { no: number, at: time, rev: count };

export const merchantData = v.variant('kind', [
  v.object({ ...head, kind: v.literal('account'), record: settlementAccount }),
  v.object({ ...head, kind: v.literal('parameters'), record: parameters }),
  v.object({ ...head, kind: v.literal('mode'), record: modeRecord }),
  v.object({ ...head, kind: v.literal('profile'), record: profileRecord }),
  v.object({ ...head, kind: v.literal('calendar'), record: calendarRecord }),
  v.object({ ...head, kind: v.literal('user'), record: userRecord }),
]);
export type MerchantData = v.InferOutput<typeof merchantData>;

/** What is applied for. `account`: number and identity number travel sealed to the host (sealing.ts), as `{"number":…,"id":…}`. */
export const application = v.variant('kind', [
  v.object({
    kind: v.literal('account'),
    name: text,
    bank: text,
    destination: v.picklist(['bank', 'payment']),
    maskedNumber: text,
    sealed,
  }),
  /** What the host can not do it refuses by name, so more than it knows may be asked for. Without a cycle, but for AUTO, the cycle stays as it was. */
  v.object({
    kind: v.literal('mode'),
    record: v.object({ mode: text, cycle: v.optional(v.nullable(cycle), null) }),
  }),
  v.object({
    kind: v.literal('profile'),
    /** What is not named stays as it is. */
    change: v.object({
      email: v.optional(v.nullable(text)),
      mobile: v.optional(v.nullable(text)),
      address: v.optional(v.nullable(text)),
      contact: v.optional(v.nullable(text)),
      agreement: v.optional(text),
      remindFromFen: v.optional(fen),
    }),
  }),
  v.object({ kind: v.literal('user'), record: userRecord }),
  v.object({ kind: v.literal('paper-statement'), month: v.pipe(v.string(), v.regex(/^\d{4}-\d{2}$/)), address: text }),
]);
export type Application = v.InferOutput<typeof application>;

export const apply = upFrame(application);
export type Apply = v.InferOutput<typeof apply>;

/**
 * How an application stands; its number is that of the `apply`. `accepted`: it is looked at (an account: VERIFYING); `done`: the record went out before this row;
 * `refused`: nothing changed. A paper statement is accepted (REQUESTED), then `stage` PRINTED, then done (MAILED).
 */
export const applyResult = v.object({
  no: number,
  at: time,
  application: number,
  outcome: v.picklist(['accepted', 'refused', 'done']),
  stage: v.nullable(text),
  /** A code of the catalogue, e.g. ACCOUNT_NAME_MISMATCH, INVALID_SETTLE_MODE. */
  reason: v.nullable(text),
  remark: v.nullable(longText),
  rev: count,
});
export type ApplyResult = v.InferOutput<typeof applyResult>;
