import * as v from 'valibot';
import { TerminalError } from './base/errors.ts';

/**
 * Everything about a terminal that may differ from place to place, in one frozen object. Defaults are the values of constants.md, payments.md
 * and faces.md; `config.json` in the home folder may change them. Times in milliseconds, amounts in fen.
 */

const whole = (least: number, most: number, value: number) =>
  v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(least), v.maxValue(most)), value);
const minute = 60_000;

/** A device by its port: where it is plugged in, who made it (USB vendor and product, with a serial number when there are two), or its network address. */
const wired = /^(serial:\/[^@]+(@\d{3,7})?|serial:usb:[\da-f]{4}:[\da-f]{4}(:[^:@]+)?(@\d{3,7})?|tcp:.+:\d{1,5})$/i;
const hid = /^hid:(\/.+|[\da-f]{4}:[\da-f]{4}(:[\da-f]{1,4}\/[\da-f]{1,4})?|[\da-f]{1,4}\/[\da-f]{1,4})$/i;
const wiredForms = ['serial:/dev/…[@baud]', 'serial:usb:VVVV:PPPP[:SERIAL][@baud]', 'tcp:host:port'];
const hidForms = ['hid:VVVV:PPPP', 'hid:/dev/hidrawN', 'hid:PAGE/USAGE'];

/** `words`: what may stand in place of an address, the default first. */
function device(words: readonly [string, ...string[]], forms: readonly string[] = wiredForms) {
  const fits = (text: string): boolean =>
    words.includes(text) || wired.test(text) || (forms !== wiredForms && hid.test(text));
  return v.optional(v.pipe(v.string(), v.check(fits, [...words, ...forms].join(' | '))), words[0]);
}
const wiredOrHid = [...wiredForms, ...hidForms];

const limits = v.strictObject({
  /** Largest amount of one sale; the keypad takes nine digits. */
  maxAmountFen: whole(1, 999_999_999, 999_999_999),
  /** Records in a batch before a close is demanded (payments.md, Batch close 7; UnionPay profile). */
  maxRecords: whole(1, 1_000_000, 500),
  /** Hour in Shanghai at which a business day ends (settle.cutoff). */
  cutoffHour: whole(1, 24, 23),
  /** Hour in Shanghai at which the statement of the day before is made (B-036). */
  statementHour: whole(0, 23, 10),
  /** Pause before an automatic close that could not be made is tried again. */
  closeRetryMs: whole(10, 60 * minute, minute),
  /** How long the reader waits for a card: the operation time-out of faces.md. */
  cardWaitMs: whole(1_000, 10 * minute, 60_000),
  /** A card held to the reader needs no PIN up to this amount (小额免密, faces.md). */
  pinFreeFen: whole(0, 999_999_999, 100_000),
  /** How long the customer has for the PIN. */
  pinWaitMs: whole(1_000, 10 * minute, 60_000),
  /** How long the customer has for the code that the host sent (B-023). */
  codeWaitMs: whole(1_000, 10 * minute, 120_000),
  /** How long the scanner waits for a payment code. */
  scanWaitMs: whole(1_000, 10 * minute, 60_000),
  /** How long a printer must be quiet for its older answers to be over. */
  printerQuietMs: whole(1, 1_000, 100),
  /** A code order is asked after when so long, 5, 30 and then 60 times so long have passed (states.md). */
  orderQueryMs: whole(10, minute, 1_000),
  /** How long the counter waits for a customer to pay by code before the order is closed. */
  orderWaitMs: whole(1_000, 10 * minute, 120_000),
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
  /** Copies of the book that stay in `backups/`, one a day. */
  keepBackups: whole(1, 400, 14),
  /** How long a row that the host has stays here too, for a host that was restored from a backup. */
  keepSentDays: whole(1, 3_650, 30),
  keepLogDays: whole(1, 3_650, 90),
});

/** The names stand here, so that the tables of the drivers need not be loaded to read a configuration. */
const readerProfiles = ['vivotech2-serial', 'vivotech2-hid'] as const;
const scannerProfiles = [
  'text-cr',
  'text-crlf',
  'text-lf',
  'text-gap',
  'gm72-ssi',
  'hid-pos',
  'hid-pos-honeywell',
  'hid-pos-microscan',
] as const;
const keypadProfiles = ['serial', 'hid'] as const;
const printerProfiles = ['escpos-58', 'escpos-80', 'escpos-58-tx-only', 'epson-58', 'epson-80'] as const;

/** The operator console. Named here it is served; without TLS for this machine alone. `cert` and `key`: PEM files, from the home folder on. */
const console = v.strictObject({
  port: whole(0, 65_535, 8_021),
  address: v.optional(v.pipe(v.string(), v.ip()), '127.0.0.1'),
  tls: v.optional(v.strictObject({ cert: v.string(), key: v.string() })),
});

const schema = v.strictObject({
  merchant: v.optional(v.pipe(v.string(), v.regex(/^\d{15}$/)), '898110058120001'),
  terminal: v.optional(v.pipe(v.string(), v.regex(/^[0-9A-Za-z]{8}$/)), '10000001'),
  merchantName: v.optional(v.pipe(v.string(), v.maxLength(40)), '账平演示商户'),
  /** The merchant's category with which this terminal was set up; another than the registered one sells nothing (E-073). */
  mcc: v.optional(v.pipe(v.string(), v.regex(/^\d{4}$/))),
  language: v.optional(v.picklist(['zh', 'en']), 'zh'),
  /** `reference`: the host that comes with this program; `acquirer`: a real one, which no simulated device may meet. */
  host: v.optional(v.picklist(['reference', 'acquirer']), 'reference'),
  /** A broker of one's own in place of the embedded one. */
  brokerUrl: v.optional(v.pipe(v.string(), v.regex(/^(mqtt|mqtts):\/\/[^/]+$/))),
  reader: device(['sim'], wiredOrHid),
  readerProfile: v.optional(v.picklist(readerProfiles)),
  /** `reader`: the customer enters the PIN at the card reader. */
  pinPad: device(['sim', 'none', 'reader']),
  scanner: device(['sim', 'none'], wiredOrHid),
  scannerProfile: v.optional(v.picklist(scannerProfiles)),
  /** A keypad beside the keyboard and the kiosk page. */
  keypad: device(['none', 'sim'], wiredOrHid),
  keypadProfile: v.optional(v.picklist(keypadProfiles)),
  /** What the customer sees: two lines of twenty characters. */
  display: device(['sim', 'none']),
  printer: device(['sim']),
  printerProfile: v.optional(v.picklist(printerProfiles), 'escpos-58'),
  /** The pin of the printer's drawer port to which a cash drawer is wired. */
  drawer: v.optional(v.picklist(['none', 2, 5]), 'none'),
  /** Picture at the head of each slip: a black-and-white PBM file in the home folder, not wider than the paper. */
  logo: v.optional(v.pipe(v.string(), v.regex(/^(none|[\w-]+\.pbm)$/)), 'none'),
  /** After paper was loaded: print what is missing of a slip, or all of it again. */
  resumePrint: v.optional(v.picklist(['rest', 'whole']), 'rest'),
  mute: v.optional(v.boolean(), false),
  /** Whom to call when something is wrong (B-042). */
  hotline: v.optional(v.pipe(v.string(), v.regex(/^[\d-]{3,12}$/)), '95516'),
  console: v.optional(console),
  limits: v.optional(limits, {}),
});

/** A profile that is not named follows from the address: what is `hid:` speaks in HID reports. */
const withProfiles = (given: v.InferOutput<typeof schema>) => ({
  ...given,
  readerProfile: given.readerProfile ?? (isHid(given.reader) ? 'vivotech2-hid' : 'vivotech2-serial'),
  scannerProfile: given.scannerProfile ?? (isHid(given.scanner) ? 'hid-pos' : 'text-cr'),
  keypadProfile: given.keypadProfile ?? (isHid(given.keypad) ? 'hid' : 'serial'),
});

const isHid = (address: string): boolean => address.startsWith('hid:');

export type Config = ReturnType<typeof withProfiles>;

/** Checks what `config.json` says and fills in the rest. BAD_REQUEST, naming field, value and limit; a real acquirer with a simulated device is refused. */
export function readConfig(json: unknown): Config {
  const parsed = v.safeParse(schema, json, { abortEarly: true });
  if (!parsed.success) throw refusal(parsed.issues[0]);
  const config = withProfiles(parsed.output);
  for (const name of ['reader', 'scanner', 'keypad'] as const) checkProfile(config, name);
  if (config.host === 'acquirer' && hasSimulatedDevice(config)) {
    throw refused(
      `host: acquirer 不能与模拟设备同时使用 no simulated device with a real acquirer: ${simulated(config).join(', ')}`,
    );
  }
  return Object.freeze(config);
}

/** An address and a profile that cannot speak to each other would look like a device that never answers. A simulator or a socket takes either. */
function checkProfile(config: Config, name: 'reader' | 'scanner' | 'keypad'): void {
  const [address, profile] = [config[name], config[`${name}Profile`]];
  const profileIsHid = /hid/.test(profile);
  if ((isHid(address) && !profileIsHid) || (address.startsWith('serial:') && profileIsHid))
    throw refused(`${name}Profile: ${profile} 不能用于 does not fit ${name} ${address}`);
}

function refusal(issue: v.BaseIssue<unknown>): TerminalError {
  const field = v.getDotPath(issue) ?? '';
  if (issue.expected === 'never') return refused(`${field}: 没有这个字段 no such field`);
  // A broker's address may hold its password.
  const value = JSON.stringify(issue.input)?.replace(/\/\/[^@"]*@/, '//***@');
  return refused(`${field}: ${value?.slice(0, 80)}; 应为 expected ${issue.expected ?? issue.message}`);
}

const refused = (what: string): TerminalError => new TerminalError('BAD_REQUEST', { what: `config.json ${what}` });

const deviceNames = ['reader', 'pinPad', 'scanner', 'keypad', 'display', 'printer'] as const;
const simulated = (config: Config): readonly string[] => deviceNames.filter((name) => config[name] === 'sim');
const hasSimulatedDevice = (config: Config): boolean => simulated(config).length > 0;

/** Whether slips carry the test mark: nothing of the terminal is real enough for money. */
export const isSimulated = (config: Config): boolean => config.host === 'reference' || hasSimulatedDevice(config);
