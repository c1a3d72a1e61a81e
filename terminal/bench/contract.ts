import * as v from 'valibot';
import { keyNames } from '../../drivers/devices.ts';
import { deviceNames } from '../cli/device-names.ts';

/**
 * The HTTP contract of the tester's bench: under `/v1/sim` on pos.sock for `pos sim` and scenario files, and under `/<token>/sim` for the bench
 * page. Requests are checked strictly, each POST answers `{kind: 'result'}` with more where it says so; refusals are `{kind: 'error', code, zh, en,
 * details}` with the codes NOT_SIMULATED (403, everything, when the terminal is not simulated), NOT_FOUND (`what`, `no`), BAD_REQUEST (`what`,
 * and the limit), DEVICE_ABSENT, ILLEGAL_STATE. No answer and no event ever carries a whole card number, a PIN or a whole payment code.
 *
 * GET  state            StateAnswer
 * GET  events           server-sent events, see `events` below; `?lang=zh|en` for the screens
 * GET  slips            SlipsAnswer, the last 50, the oldest first
 * GET  paper            PaperAnswer: what hangs out of the printer now
 * GET  screen?lang=     ScreenAnswer
 * GET  wire?device=&last=&after=   WireAnswer, the last 2,000 at most, the oldest first
 * GET  display          DisplayAnswer
 * GET  ledger           LedgerAnswer: what scenario files compare
 * GET  recording        RecordingAnswer: what was recorded last (recording.ts says what a line is)
 * POST key              KeyRequest
 * POST card             CardRequest
 * POST card/remove      {}
 * POST pin              PinRequest
 * POST code             CodeRequest
 * POST fault            FaultRequest
 * POST mend             DeviceRequest; no fault is left, paper is loaded, the cover closed
 * POST unplug           DeviceRequest
 * POST plug             PlugRequest
 * POST link             LinkRequest
 * POST reset            {}   everything good again, in one call
 * POST clock            ClockRequest; only where the clock of the process can be turned
 * POST record           RecordRequest → {lines}: how many
 */

const text = v.string();
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const both = { zh: text, en: text };

const deviceName = v.picklist(deviceNames);
export type DeviceName = (typeof deviceNames)[number];

// ── Requests ──

export const keyRequest = v.strictObject({ key: v.picklist(keyNames) });

export const ways = ['contactless', 'swipe', 'insert'] as const;
/** `name` of StateAnswer.cards. */
export const cardRequest = v.strictObject({ name: text, by: v.picklist(ways) });

export type Way = (typeof ways)[number];

export const nothing = v.strictObject({});

/** The customer at the PIN pad (or at the reader's own keys, where there is no PIN pad). */
export const pinRequest = v.union([
  v.strictObject({ digits: v.pipe(text, v.regex(/^\d{4,12}$/)) }),
  v.strictObject({ cancel: v.literal(true) }),
]);

/** One of StateAnswer.codes by name, or any text. */
export const codeRequest = v.union([
  v.strictObject({ name: text }),
  v.strictObject({ text: v.pipe(text, v.minLength(1), v.maxLength(4_096)) }),
]);

export type CodeRequest = v.InferOutput<typeof codeRequest>;

export const maxTimes = 1_000_000;
export const faultRequest = v.strictObject({
  device: deviceName,
  /** Of `faults` of its device, or of `wireFaults`. */
  fault: text,
  /** 1: the next only. Not given: until reset. */
  times: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(maxTimes))),
  /** Of acting, each time that it could; 1 when not given. */
  probability: v.optional(v.pipe(v.number(), v.gtValue(0), v.maxValue(1))),
  /** In the unit that the catalogue says; its default when not given. Refused for a fault without a value. */
  value: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(10_000_000))),
});

export type FaultRequest = v.InferOutput<typeof faultRequest>;

export const deviceRequest = v.strictObject({ device: deviceName });

/** `elsewhere`: it comes back under another path. */
export const plugRequest = v.strictObject({ device: deviceName, elsewhere: v.optional(v.boolean(), false) });

const linkTimes = v.optional(v.pipe(count, v.minValue(1), v.maxValue(maxTimes)), 1);
const linkMs = v.pipe(count, v.maxValue(3_600_000));
const linkOf = v.optional(
  v.picklist([
    ...(['sign-in', 'sign-off', 'sale', 'reverse', 'void', 'preauth', 'preauth-void', 'completion'] as const),
    ...(['completion-void', 'balance', 'otp-send', 'code-open', 'code-query', 'code-close'] as const),
  ]),
  'sale',
);
const reason = v.pipe(text, v.regex(/^[A-Z][A-Z_]{2,39}$/));
const code = v.optional(v.pipe(text, v.regex(/^[0-9A-Z]{2}$/)), '05');
/**
 * The terminal's side of the link; a fault of the host, by the names of its control socket (StateAnswer.link.faults); a parameter of the merchant, which reset
 * sets back, and which the terminal knows when this is answered; or the customer before whom our code is shown, who pays now or goes away.
 */
export const linkRequest = v.union([
  v.strictObject({ state: v.picklist(['offline', 'online']) }),
  v.strictObject({ fault: v.literal('drop-answer'), of: linkOf, times: linkTimes }),
  v.strictObject({ fault: v.literal('delay-answer'), of: linkOf, ms: linkMs, times: linkTimes }),
  v.strictObject({ fault: v.picklist(['silence', 'delay-link']), ms: linkMs }),
  v.strictObject({
    fault: v.picklist(['duplicate-rows', 'drop-rows', 'drop-ack', 'drop-welcome', 'forget-approval', 'wallet-silent']),
    times: linkTimes,
  }),
  v.strictObject({
    fault: v.picklist(['settle-fail', 'refund-fail']),
    reason: v.optional(reason, 'BANK_REFUSED'),
    times: linkTimes,
  }),
  v.strictObject({
    fault: v.literal('refund-refuse'),
    reason: v.optional(reason, 'RISK_BLOCKED'),
    times: linkTimes,
  }),
  v.strictObject({
    fault: v.literal('invoice-fail'),
    reason: v.optional(reason, 'TAX_NO_INVALID'),
    times: linkTimes,
  }),
  v.strictObject({ fault: v.literal('decline'), of: linkOf, code, times: linkTimes }),
  v.strictObject({ fault: v.literal('forward-refuse'), code, times: linkTimes }),
  v.strictObject({
    fault: v.literal('settle-return'),
    no: v.optional(v.pipe(text, v.regex(/^[A-Za-z0-9:_.-]{1,80}$/))),
    times: linkTimes,
  }),
  v.strictObject({
    parameter: v.pipe(text, v.minLength(1)),
    value: v.union([text, v.boolean(), v.pipe(v.number(), v.safeInteger())]),
  }),
  v.strictObject({ customer: v.picklist(['pays', 'leaves']) }),
]);
export type LinkRequest = v.InferOutput<typeof linkRequest>;

export const clockRequest = v.strictObject({
  advanceMs: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(31 * 86_400_000)),
});

/** `start` forgets what was recorded before. Without `device`: every wire. */
export const recordRequest = v.variant('action', [
  v.strictObject({ action: v.literal('start'), device: v.optional(deviceName) }),
  v.strictObject({ action: v.literal('stop') }),
]);

export type RecordRequest = v.InferOutput<typeof recordRequest>;

export const wireQuery = v.strictObject({
  device: v.optional(deviceName),
  last: v.optional(v.pipe(text, v.regex(/^\d{1,4}$/), v.transform(Number)), '200'),
  /** Only those behind this `n`. */
  after: v.optional(v.pipe(text, v.regex(/^\d{1,12}$/), v.transform(Number)), '0'),
});

// ── Answers ──

const faultInfo = v.object({
  name: text,
  ...both,
  /** Undefined: it takes no value. */
  value: v.optional(v.object({ unit: text, byDefault: v.number() })),
});
export type FaultInfo = v.InferOutput<typeof faultInfo>;

const activeFault = v.object({
  fault: text,
  /** How many were asked for; null: until reset. Those that have acted so often are still listed until reset. */
  times: v.nullable(v.number()),
  probability: v.number(),
  value: v.optional(v.number()),
});

const device = v.object({
  name: deviceName,
  ...both,
  port: text,
  /** stopped, absent, connecting, ready, fault. */
  state: text,
  problem: v.optional(text),
  detail: v.optional(text),
  /** What is wrong and what to do about it, as the cashier reads it; undefined when nothing is. */
  advice: v.optional(v.object(both)),
  /** False for a real device: it can be recorded, but neither broken nor unplugged from here. */
  simulated: v.boolean(),
  plugged: v.boolean(),
  /** The newest first, which is the order in which they are asked. */
  faults: v.array(activeFault),
  /** What strict mode noted: things that a driver must not do. */
  violations: v.array(text),
});
export type DeviceRow = v.InferOutput<typeof device>;

export const stateAnswer = v.object({
  terminal: text,
  devices: v.array(device),
  /** What can go wrong with each device, in the order of their tables; and with the wire of every simulated one. */
  faults: v.record(text, v.array(faultInfo)),
  wireFaults: v.array(faultInfo),
  /** `masked`: first 6, last 4. `by`: ways in which it can be offered. */
  cards: v.array(v.object({ name: text, ...both, masked: text, by: v.array(v.picklist(ways)) })),
  codes: v.array(v.object({ name: text, ...both, masked: text })),
  link: v.object({
    state: v.picklist(['offline', 'connecting', 'online']),
    /** Held off by the tester. */
    cut: v.boolean(),
    /** What POST link takes; empty when the host's control socket cannot be reached. */
    faults: v.array(faultInfo),
    /** Asked for since the last reset. */
    active: v.array(text),
  }),
  clock: v.object({ nowMs: v.number(), turnable: v.boolean() }),
  recording: v.boolean(),
  /** Of the chance behind `probability`: the same seed gives the same run. */
  seed: v.number(),
});
export type StateAnswer = v.InferOutput<typeof stateAnswer>;

const span = v.object({
  text,
  /** Double width, double height. */
  wide: v.boolean(),
  tall: v.boolean(),
  bold: v.boolean(),
});
const align = v.picklist(['left', 'center', 'right']);
/** A row of paper as it came out of the printer's bytes. A Chinese character is two cells, twice that when wide. */
export const slipRow = v.variant('kind', [
  v.object({ kind: v.literal('text'), align, spans: v.array(span) }),
  v.object({ kind: v.literal('qr'), align, data: text }),
  /** `rows`: base64, 1 bit a dot, black is 1, each row begins with a new byte, most significant bit first. */
  v.object({ kind: v.literal('image'), align, widthDots: v.number(), heightDots: v.number(), rows: text }),
  v.object({ kind: v.literal('cut') }),
]);
export type SlipRow = v.InferOutput<typeof slipRow>;

export const slip = v.object({
  /** Counts up from 1 as long as the process runs. */
  no: v.number(),
  at: v.number(),
  columns: v.number(),
  rows: v.array(slipRow),
  /** The same as text, one entry a line. */
  lines: v.array(text),
  cut: v.boolean(),
});
export type SlipAnswer = v.InferOutput<typeof slip>;
export const slipsAnswer = v.object({ slips: v.array(slip) });
/** Null: nothing hangs there, or there is no simulated printer. */
export interface PaperAnswer {
  readonly slip: SlipAnswer | null;
}

export const wireEvent = v.object({
  /** Counts up from 1 as long as the process runs. */
  n: v.number(),
  /** Milliseconds since 1970. */
  t: v.number(),
  device: deviceName,
  /** `out`: to the device; `in`: from it; `note`: connected, lost, unplugged. */
  dir: v.picklist(['out', 'in', 'note']),
  /** Lower case, two digits a byte, `**` where card data, a PIN or a code stood. */
  hex: text,
  /** What it says, in the words of the manuals: `activate 0:60 9F02=11.00`, `GS V`, `status 00 ok` … */
  words: text,
});
export type WireEvent = v.InferOutput<typeof wireEvent>;
export const wireAnswer = v.object({ events: v.array(wireEvent) });

/** Eight rows of twenty cells; `sound` is the last tone, and counts up with each. */
export const screenAnswer = v.object({
  rows: v.array(text),
  big: v.boolean(),
  /** Idle or log-on: nothing is half done. */
  atRest: v.boolean(),
  sound: v.object({ n: v.number(), tone: v.nullable(text) }),
});
export type ScreenAnswer = v.InferOutput<typeof screenAnswer>;

/** Two lines of twenty characters; null when there is no simulated display. */
export const displayAnswer = v.object({ upper: v.nullable(text), lower: v.nullable(text) });
export type DisplayAnswer = v.InferOutput<typeof displayAnswer>;

/** As NDJSON it is the file that `pos sim replay` takes. */
export const recordingAnswer = v.object({ lines: v.array(v.unknown()) });

export const ledgerAnswer = v.object({
  /** Who stands at the counter; null: nobody has logged on. */
  operator: v.nullable(text),
  signedIn: v.boolean(),
  /** Rows that the host has not acknowledged. */
  waitingRows: v.number(),
  /** The newest payment; null: none yet. */
  payment: v.nullable(
    v.object({
      state: text,
      amountFen: v.number(),
      code: v.optional(text),
      stan: text,
      entry: v.optional(text),
      prints: v.number(),
    }),
  ),
  /** How many payments the book holds, for "no new one". */
  payments: v.number(),
  batch: v.nullable(v.object({ no: text, state: text, records: v.number(), amountFen: v.number() })),
  reversalsDue: v.number(),
  /** Whether every journal balances and the sum over all entries is 0 (`pos ledger check`). */
  ok: v.boolean(),
  sumFen: v.number(),
});
export type LedgerAnswer = v.InferOutput<typeof ledgerAnswer>;

// ── Events ──

/** Names of the server-sent events and what their data are. `state` says: fetch the state again (faults, link, clock, recording changed). */
export const events = {
  /** Eight rows of twenty cells. Sent at once, and with each change. */
  screen: v.object({ rows: v.array(text), big: v.boolean() }),
  display: displayAnswer,
  slip,
  wire: wireEvent,
  device,
  beep: v.object({ tone: v.picklist(['key', 'ok', 'error', 'wrong']) }),
  state: v.object({}),
} as const;
