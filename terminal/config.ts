import * as v from 'valibot';
import { TerminalError } from './base/errors.ts';

/**
 * Everything about a terminal that may differ from place to place, in one frozen object. Defaults are the values of constants.md, payments.md
 * and faces.md; `config.json` in the home folder may change them. Times in milliseconds, amounts in fen.
 */

const whole = (least: number, most: number, value: number) =>
  v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(least), v.maxValue(most)), value);
/** `sim` (simulated), `serial:/dev/…[@baud]` or `tcp:host:port`. */
const device = v.optional(v.pipe(v.string(), v.regex(/^(sim|serial:.+|tcp:.+:\d+)$/)), 'sim');
const minute = 60_000;

const limits = v.strictObject({
  /** Largest amount of one sale; the keypad takes nine digits. */
  maxAmountFen: whole(1, 999_999_999, 999_999_999),
  /** Records in a batch before a close is demanded (payments.md, Batch close 7; UnionPay profile). */
  maxRecords: whole(1, 1_000_000, 500),
  /** Hour in Shanghai at which a business day ends (settle.cutoff). */
  cutoffHour: whole(1, 24, 23),
  /** How long the reader waits for a card: the operation time-out of faces.md. */
  cardWaitMs: whole(1_000, 10 * minute, 60_000),
  /** How long an authorisation may take before it is unknown (faces.md: 30 s, up to 60). */
  hostWaitMs: whole(100, minute, 30_000),
  /** How long a new sale or a close tries to deliver a due reversal first. */
  reversalWaitMs: whole(100, minute, 10_000),
  /** Answers to a reversal that are not final before it needs a human. */
  maxReversalRefusals: whole(1, 100, 5),
  /** Pause before a reversal that had no answer is sent again: the first, doubling to the longest. */
  reversalRetryMs: whole(10, minute, 1_000),
  reversalRetryMaxMs: whole(10, 10 * minute, 60_000),
  /** After this long without anything the terminal looks after its database, and looks again at what is due. */
  idleMs: whole(100, minute, 30_000),
  backoffMs: whole(10, minute, 1_000),
  backoffMaxMs: whole(10, 10 * minute, 60_000),
  resendMs: whole(10, minute, 2_000),
  resendMaxMs: whole(10, 10 * minute, 60_000),
  keepaliveMs: whole(1_000, 10 * minute, 30_000),
});

const schema = v.strictObject({
  merchant: v.optional(v.pipe(v.string(), v.regex(/^\d{15}$/)), '898110058120001'),
  terminal: v.optional(v.pipe(v.string(), v.regex(/^[0-9A-Za-z]{8}$/)), '10000001'),
  merchantName: v.optional(v.pipe(v.string(), v.maxLength(40)), '账平演示商户'),
  language: v.optional(v.picklist(['zh', 'en']), 'zh'),
  /** `reference`: the host that comes with this program; `acquirer`: a real one, which no simulated device may meet. */
  host: v.optional(v.picklist(['reference', 'acquirer']), 'reference'),
  /** A broker of one's own in place of the embedded one. */
  brokerUrl: v.optional(v.pipe(v.string(), v.regex(/^(mqtt|mqtts):\/\/[^/]+$/))),
  reader: device,
  printer: device,
  /** A serial keypad beside the keyboard and the kiosk page; `none` when there is none. */
  keypad: v.optional(v.pipe(v.string(), v.regex(/^(none|serial:.+|tcp:.+:\d+)$/)), 'none'),
  printerProfile: v.optional(v.picklist(['escpos-58', 'escpos-80', 'epson-58', 'epson-80']), 'escpos-58'),
  mute: v.optional(v.boolean(), false),
  limits: v.optional(limits, {}),
});

export type Config = v.InferOutput<typeof schema>;

/** Checks what `config.json` says and fills in the rest. BAD_REQUEST, naming the field; a real acquirer with a simulated device is refused. */
export function readConfig(json: unknown): Config {
  const parsed = v.safeParse(schema, json);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw new TerminalError('BAD_REQUEST', {
      what: `config.json ${v.getDotPath(issue) ?? ''}: ${issue.expected ?? ''}`,
      value: String(issue.received),
    });
  }
  const config = parsed.output;
  if (config.host === 'acquirer' && hasSimulatedDevice(config)) {
    throw new TerminalError('BAD_REQUEST', {
      what: 'config.json: host acquirer 不能与模拟设备同时使用 (no simulated device with a real acquirer)',
    });
  }
  return Object.freeze(config);
}

const hasSimulatedDevice = (config: Config): boolean => [config.reader, config.printer].includes('sim');

/** Whether slips carry the test mark: nothing of the terminal is real enough for money. */
export const isSimulated = (config: Config): boolean => config.host === 'reference' || hasSimulatedDevice(config);
