import * as v from 'valibot';
import { exportKinds } from '../exports/export.ts';
import { idempotencyKey, listQuery, secret, who } from './contract.ts';

/** Reconciliation, statements, reports, downloads, notices and the console over the socket; see contract.ts. */

const text = v.optional(v.string());
const day = v.pipe(v.string(), v.isoDate());
const listOf = <S extends v.GenericSchema>(item: S) => v.pipe(v.array(item), v.readonly());

/** Days that are not named are today, or what belongs to it. */
const days = { from: v.optional(day), to: v.optional(day) };
export const daysQuery = v.strictObject(days);
export const reportRequest = v.strictObject({ ...who, ...days });
export const differencesQuery = v.strictObject({ ...listQuery.entries, open: v.optional(v.literal('1')) });
/** `D20261120-` and the payment, or the number of a clearing. */
export const differenceParameter = v.strictObject({ no: v.pipe(v.string(), v.regex(/^[\w.-]{1,80}$/)) });
export const dayParameter = v.strictObject({ day });
export const examineRequest = v.strictObject({
  ...who,
  finding: v.picklist(['investigating', 'explained']),
  text: v.pipe(v.string(), v.maxLength(200)),
});
export const exportRequest = v.strictObject({
  ...who,
  kind: v.picklist(exportKinds),
  format: v.picklist(['csv', 'xlsx', 'html']),
  language: v.picklist(['zh', 'en']),
  ...days,
  about: v.optional(v.pipe(v.string(), v.maxLength(80))),
  idempotencyKey: v.optional(idempotencyKey),
});
/** Without a number: all of them. */
export const readRequest = v.strictObject({ ...who, ids: v.optional(v.pipe(v.array(v.number()), v.maxLength(500))) });
/** `login`: a user who forgot the own secret; else whoever is first. */
export const codeRequest = v.strictObject({
  supervisor: secret,
  login: v.optional(v.pipe(v.string(), v.maxLength(32))),
});

const runAnswer = v.object({
  date: v.string(),
  version: v.number(),
  state: v.string(),
  rows: v.number(),
  matched: v.number(),
  differences: v.number(),
  openDifferences: v.number(),
  problem: text,
  at: v.number(),
});
export const runsAnswer = v.object({ runs: listOf(runAnswer) });

export const differenceAnswer = v.object({
  no: v.string(),
  date: v.string(),
  kind: v.string(),
  state: v.string(),
  payment: text,
  batch: text,
  here: v.string(),
  there: v.string(),
  hereFen: v.number(),
  thereFen: v.number(),
  deltaFen: v.number(),
  finding: text,
  decision: text,
  decidedBy: text,
  approvedBy: text,
  /** Decided, not booked yet: so much has to be available first, or something that is under way has to end. */
  waits: v.optional(v.object({ needsFen: v.optional(v.number()) })),
  at: v.number(),
});
export type DifferenceAnswer = v.InferOutput<typeof differenceAnswer>;
export const differencesAnswer = v.object({ differences: listOf(differenceAnswer) });

const statementHead = v.object({
  no: v.string(),
  date: v.string(),
  openingFen: v.number(),
  inFen: v.number(),
  outFen: v.number(),
  closingFen: v.number(),
  lines: v.number(),
  sha256: v.string(),
  madeAt: v.number(),
});
export const statementsAnswer = v.object({ statements: listOf(statementHead) });
export const statementAnswer = v.object({
  head: statementHead,
  lines: listOf(
    v.object({
      line: v.number(),
      at: v.number(),
      event: v.string(),
      no: v.string(),
      type: v.string(),
      instrument: v.nullable(v.string()),
      grossFen: v.nullable(v.number()),
      feeFen: v.nullable(v.number()),
      amountFen: v.number(),
      balanceFen: v.number(),
    }),
  ),
});

const reportLine = v.object({
  name: v.string(),
  count: v.number(),
  grossFen: v.number(),
  refundCount: v.number(),
  refundFen: v.number(),
  feeFen: v.number(),
  netFen: v.number(),
});
export type ReportLineAnswer = v.InferOutput<typeof reportLine>;
/** `of`: the cashier whose own payments these are. */
export const reportAnswer = v.object({
  of: text,
  from: v.string(),
  to: v.string(),
  byDay: listOf(reportLine),
  byInstrument: listOf(reportLine),
  byOperator: listOf(reportLine),
  settlements: listOf(v.object({ no: v.string(), day: v.string(), amountFen: v.number(), state: v.string() })),
  total: reportLine,
});

const exportAnswer = v.object({
  id: v.string(),
  kind: v.string(),
  format: v.string(),
  from: text,
  to: text,
  about: text,
  name: v.string(),
  state: v.string(),
  done: v.number(),
  of: v.number(),
  rows: v.optional(v.number()),
  bytes: v.optional(v.number()),
  sha256: text,
  by: v.string(),
  at: v.number(),
  validUntil: v.optional(v.number()),
  problem: text,
});
export type ExportAnswer = v.InferOutput<typeof exportAnswer>;
export const exportsAnswer = v.object({ exports: listOf(exportAnswer) });
/** `file`: where it lies on this machine, when it is ready. */
export const exportResult = v.object({ export: exportAnswer, file: text });

const noticeAnswer = v.object({
  id: v.number(),
  text: v.string(),
  zh: v.string(),
  en: v.string(),
  level: v.string(),
  about: v.string(),
  at: v.number(),
  read: v.boolean(),
  sent: listOf(v.object({ channel: v.string(), state: v.string(), attempts: v.number(), to: text, reason: text })),
});
export const noticesAnswer = v.object({ notices: listOf(noticeAnswer), unread: v.number() });
export const readResult = v.object({ read: v.number() });

export const usersAnswer = v.object({
  users: listOf(
    v.object({
      login: v.string(),
      name: v.string(),
      role: v.string(),
      state: v.string(),
      hasSecret: v.boolean(),
      locked: v.boolean(),
      lastSeenAt: v.optional(v.number()),
    }),
  ),
});
/** `url`: of the console, if it is open. */
export const codeResult = v.object({ code: v.string(), validUntil: v.number(), url: text });
