import { join } from 'node:path';
import * as v from 'valibot';
import { deviceNames } from './device-names.ts';
import { maxAuditLines, maxListed } from './max-listed.ts';

/**
 * What `pos` and the running terminal say to each other over the socket: requests are checked strictly by the server, answers loosely by
 * `pos`, so that an older `pos` reads a newer terminal. Amounts are fen, times are milliseconds since 1970.
 */
export const socketIn = (home: string): string => join(home, 'pos.sock');

export const secret = v.pipe(v.string(), v.minLength(1), v.maxLength(64));
/** Who acts: in every request that changes something. */
export const who = { operator: v.pipe(v.string(), v.regex(/^\d{2}$/)), secret };
export const actRequest = v.strictObject(who);
/** The caller's number for one intent. */
export const idempotencyKey = v.pipe(v.string(), v.regex(/^[\w-]{8,64}$/));
export const keyParameter = v.strictObject({ key: idempotencyKey });
/** The number of a settlement, an invoice, a file. */
export const number = v.pipe(v.string(), v.regex(/^[0-9A-Z]{26}$/));
export const numberParameter = v.strictObject({ no: number });

export const settleRequest = v.pipe(
  v.strictObject({
    ...who,
    amountFen: v.optional(v.pipe(v.number(), v.safeInteger())),
    all: v.optional(v.literal(true)),
    /** The balance that the person saw; another one now is STALE_BALANCE. */
    expectedAvailableFen: v.optional(v.pipe(v.number(), v.safeInteger())),
    idempotencyKey,
  }),
  v.check((body) => (body.amountFen === undefined) === (body.all === true), 'amountFen or all'),
);

export const deviceParameter = v.strictObject({ name: v.picklist(deviceNames) });
/** Paper costs money: the printer wants credentials, what is only looked at does not. */
export const deviceTestRequest = v.union([actRequest, v.strictObject({})]);

const newSecret = v.pipe(v.string(), v.regex(/^\d{4,8}$/));
const operatorNo = v.pipe(v.string(), v.regex(/^\d{2}$/));
export const operatorParameter = v.strictObject({ no: operatorNo });
export const addOperatorRequest = v.strictObject({ ...who, no: operatorNo, newSecret });
export const newSecretRequest = v.strictObject({ ...who, newSecret });
/** The first operators: 00 and 99. */
export const initRequest = v.strictObject({ supervisor: newSecret, administrator: newSecret });
export const printShiftRequest = v.strictObject({
  ...who,
  shift: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1))),
});
export const auditQuery = v.strictObject({
  limit: v.optional(
    v.pipe(v.string(), v.regex(/^\d{1,5}$/), v.transform(Number), v.minValue(1), v.maxValue(maxAuditLines)),
    '50',
  ),
  operator: v.optional(v.pipe(v.string(), v.regex(/^(\d{2}|SYS|--|[a-z][a-z0-9._-]{2,31})$/))),
});

/** An absolute path of a file that is not there yet. */
export const backupRequest = v.strictObject({ file: v.pipe(v.string(), v.startsWith('/'), v.maxLength(1_000)) });

const limit = v.optional(
  v.pipe(v.string(), v.regex(/^\d{1,3}$/), v.transform(Number), v.minValue(1), v.maxValue(maxListed)),
  '20',
);
export const listQuery = v.strictObject({ limit });
export const listRequest = v.strictObject({ ...who, limit });
export const stanParameter = v.strictObject({ stan: v.pipe(v.string(), v.regex(/^\d{6}$/)) });

const text = v.optional(v.string());
const batch = v.object({ no: v.string(), state: v.string(), records: v.number(), openedAt: v.number() });

export const statusAnswer = v.object({
  merchantName: v.string(),
  terminal: v.string(),
  simulated: v.boolean(),
  operator: v.optional(v.object({ no: v.string() })),
  link: v.picklist(['offline', 'connecting', 'online']),
  signedIn: v.boolean(),
  waitingRows: v.number(),
  batch: v.optional(batch),
  reversalsDue: v.number(),
  printerProblem: text,
  readerProblem: text,
  consoleProblem: text,
});
export type StatusAnswer = v.InferOutput<typeof statusAnswer>;

export const batchAnswer = v.object({ batch: v.nullable(batch) });
export type BatchAnswer = v.InferOutput<typeof batchAnswer>;

export const transactionAnswer = v.object({
  payment: v.string(),
  state: v.string(),
  type: v.string(),
  amountFen: v.number(),
  feeFen: v.number(),
  batch: v.string(),
  stan: v.string(),
  card: text,
  entry: text,
  code: text,
  rrn: text,
  authCode: text,
  operator: v.string(),
  at: v.number(),
  prints: v.number(),
});
export type TransactionAnswer = v.InferOutput<typeof transactionAnswer>;
/** B-037: a cashier sees the own shift. */
const listScope = v.variant('of', [
  v.object({ of: v.literal('all') }),
  v.object({ of: v.literal('shift'), operator: v.string() }),
]);
export const transactionsAnswer = v.object({
  scope: v.optional(listScope, { of: 'all' }),
  transactions: v.array(transactionAnswer),
});
export type TransactionsAnswer = v.InferOutput<typeof transactionsAnswer>;

export const settlementAnswer = v.object({
  no: v.string(),
  amountFen: v.number(),
  serviceFeeFen: v.number(),
  netFen: v.number(),
  state: v.string(),
  reason: text,
  checked: v.boolean(),
  requestedAt: v.number(),
  maskedAccount: v.string(),
});
export type SettlementAnswer = v.InferOutput<typeof settlementAnswer>;
export const settlementsAnswer = v.object({ settlements: v.array(settlementAnswer) });

export const offerAnswer = v.object({
  availableFen: v.number(),
  unclearedFen: v.number(),
  inTransitFen: v.number(),
  account: v.object({ name: v.string(), maskedNumber: v.string(), bank: v.string() }),
  expectedArrival: text,
});
export type OfferAnswer = v.InferOutput<typeof offerAnswer>;

export const ledgerAnswer = v.object({
  ok: v.boolean(),
  journals: v.number(),
  ledgerSumFen: v.number(),
  problems: v.array(
    v.object({
      rule: v.string(),
      about: v.string(),
      what: v.string(),
      foundFen: v.number(),
      expectedFen: v.number(),
    }),
  ),
});
export type LedgerAnswer = v.InferOutput<typeof ledgerAnswer>;

export const doctorAnswer = v.object({
  checks: v.array(
    v.object({ name: v.string(), ok: v.boolean(), zh: v.string(), en: v.string(), detail: text, hotline: text }),
  ),
});
/** What `pos doctor` shows: database, disk, clock, host link, devices, batch age, reversals, outbox. */
export type DoctorReport = v.InferOutput<typeof doctorAnswer>;

const deviceAnswer = v.object({
  name: v.string(),
  profile: v.string(),
  port: v.string(),
  state: v.string(),
  problem: text,
  detail: text,
  zh: v.string(),
  en: v.string(),
  since: v.number(),
  counters: v.object({
    connects: v.number(),
    losses: v.number(),
    timeouts: v.number(),
    strayFrames: v.number(),
    badFrames: v.number(),
    bytesIn: v.number(),
    bytesOut: v.number(),
  }),
});
export type DeviceAnswer = v.InferOutput<typeof deviceAnswer>;
export const devicesAnswer = v.object({ devices: v.array(deviceAnswer) });
export type DevicesAnswer = v.InferOutput<typeof devicesAnswer>;

const operatorAnswer = v.object({
  no: v.string(),
  role: v.string(),
  locked: v.boolean(),
  firstSecret: v.boolean(),
  inShift: v.boolean(),
});
export type OperatorAnswer = v.InferOutput<typeof operatorAnswer>;
export const operatorsAnswer = v.object({ operators: v.array(operatorAnswer) });

const shiftAnswer = v.object({
  id: v.number(),
  operator: v.string(),
  begunAt: v.number(),
  endedAt: v.optional(v.number()),
  debitCount: v.number(),
  debitFen: v.number(),
  creditCount: v.number(),
  creditFen: v.number(),
  netFen: v.number(),
  undecided: v.number(),
  totals: v.array(
    v.object({
      txn: v.string(),
      instrument: v.string(),
      debitCount: v.number(),
      debitFen: v.number(),
      creditCount: v.number(),
      creditFen: v.number(),
    }),
  ),
});
export type ShiftAnswer = v.InferOutput<typeof shiftAnswer>;
export const shiftsAnswer = v.object({ shifts: v.array(shiftAnswer) });

const auditLineAnswer = v.object({
  seq: v.number(),
  at: v.number(),
  by: v.string(),
  action: v.string(),
  about: v.string(),
  outcome: v.string(),
  details: v.optional(v.record(v.string(), v.unknown()), {}),
});
export type AuditLineAnswer = v.InferOutput<typeof auditLineAnswer>;
export const auditAnswer = v.object({ lines: v.array(auditLineAnswer) });
export const auditCheckAnswer = v.object({ ok: v.boolean(), lines: v.number(), brokenAt: v.optional(v.number()) });

export const errorAnswer = v.object({
  kind: v.literal('error'),
  code: v.string(),
  zh: v.string(),
  en: v.string(),
  details: v.optional(v.record(v.string(), v.unknown()), {}),
});

const stepAnswer = v.looseObject({
  kind: v.literal('progress'),
  at: v.string(),
  done: v.optional(v.number()),
  of: v.optional(v.number()),
});
export type StepAnswer = v.InferOutput<typeof stepAnswer>;
/** One line of a long action: progress lines, then exactly one result or error. */
export const lineAnswer = v.variant('kind', [stepAnswer, v.looseObject({ kind: v.literal('result') }), errorAnswer]);

export const closeResult = v.object({
  outcome: v.variant('kind', [
    v.object({ kind: v.literal('closed'), batch: v.string(), balanced: v.boolean(), printProblem: text }),
    v.object({ kind: v.literal('continues'), batch: v.string(), state: v.string() }),
    v.object({ kind: v.literal('needs-human'), batch: v.string() }),
  ]),
});
export type CloseAnswer = v.InferOutput<typeof closeResult>['outcome'];

export const settleResult = v.object({ settlement: settlementAnswer });
/** Of a key that the book knows. */
export const settlementOfKey = v.object({ settlement: v.nullable(settlementAnswer) });

export const deviceTestResult = v.object({
  test: v.variant('kind', [
    v.object({ kind: v.literal('heard'), bytes: v.number() }),
    v.object({ kind: v.picklist(['quiet', 'printed', 'nothing']) }),
    v.object({ kind: v.literal('shown'), upper: v.string(), lower: v.string() }),
    v.object({ kind: v.literal('code'), symbology: text, length: v.number() }),
    v.object({ kind: v.literal('key'), key: v.string() }),
  ]),
});
