import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { batchNo, count, text } from '../protocol/common.ts';
import { modeRecord, profileRecord } from '../protocol/merchant-data.ts';
import { hostLinkTimings } from './link.ts';
import { parameterOverrides } from './parameters.ts';

const normal = hostLinkTimings;
const timings = v.strictObject({
  connectMs: v.optional(count, normal.connectMs),
  keepaliveMs: v.optional(count, normal.keepaliveMs),
  backOffMinMs: v.optional(count, normal.backOffMinMs),
  backOffMaxMs: v.optional(count, normal.backOffMaxMs),
  resendMinMs: v.optional(count, normal.limits.resendMinMs),
  resendMaxMs: v.optional(count, normal.limits.resendMaxMs),
  tickMs: v.optional(count, normal.tickMs),
  window: v.optional(v.pipe(count, v.minValue(1), v.maxValue(64)), normal.window),
  groupRows: v.optional(v.pipe(count, v.minValue(1)), normal.groupRows),
});

const person = v.strictObject({
  role: v.picklist(['legal-person', 'settler']),
  name: v.pipe(text, v.minLength(1)),
  id: v.optional(v.nullable(text), null),
});

/** The one file that the host is started with: `host.js CONFIG.json`. Paths are absolute, or relative to the working directory. */
const schema = v.strictObject({
  /** Holds `keys/` (host.key, host-seal.key), `log/`, and the database. */
  home: v.pipe(v.string(), v.minLength(1)),
  /** Default: `host.db` in `home`. */
  database: v.optional(v.string()),
  /** Unix socket for testers; default: `host.sock` in `home`. */
  control: v.optional(v.string()),
  /** MQTT client id of the host. */
  hostId: v.optional(v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,64}$/)), 'host'),
  /** A broker elsewhere, or the embedded one in this process, on this port (0: any free one). */
  brokerUrl: v.optional(v.string()),
  broker: v.optional(v.strictObject({ port: v.optional(v.pipe(count, v.maxValue(65_535)), 0) })),
  merchant: v.strictObject({
    number: v.pipe(v.string(), v.regex(/^\d{15}$/)),
    name: v.pipe(text, v.minLength(1)),
    /** null: it has none yet and applies for its first one (B-009). */
    account: v.nullable(v.strictObject({ name: text, number: v.pipe(v.string(), v.regex(/^\d{8,32}$/)), bank: text })),
    /** Whose account it may be, beside its own (B-013). */
    people: v.optional(v.array(person), []),
    /** What it begins with (B-002); afterwards it applies for changes. */
    mode: v.optional(modeRecord),
    profile: v.optional(v.partial(profileRecord)),
    /** Only for the first start; afterwards set-parameter changes them. */
    parameters: v.optional(parameterOverrides, {}),
  }),
  terminals: v.pipe(
    v.array(
      v.strictObject({
        terminal: v.pipe(v.string(), v.regex(/^\d{8}$/)),
        /** The terminal's `.pub` file: put there by hand, never trusted on first use. */
        publicKeyFile: v.string(),
      }),
    ),
    v.minLength(1),
  ),
  firstBatch: v.optional(batchNo, '000001'),
  /** The link's times and limits: a storm makes them short. */
  timings: v.optional(timings, {}),
  /** The reviewers' page, on 127.0.0.1 (port 0: any free one); without it there is none. */
  desk: v.optional(v.strictObject({ port: v.pipe(count, v.maxValue(65_535)) })),
  /** Who may log in there; with a desk two at least, since nobody approves what he proposed. `secretHash`: desk/secret.ts. */
  reviewers: v.optional(
    v.array(
      v.strictObject({
        login: v.pipe(v.string(), v.regex(/^[a-z][a-z0-9._-]{1,31}$/)),
        name: v.pipe(text, v.minLength(1)),
        secretHash: v.string(),
      }),
    ),
    [],
  ),
  /** Mail server; without it no e-mail goes out. */
  smtp: v.optional(
    v.strictObject({
      host: v.pipe(v.string(), v.minLength(1)),
      port: v.pipe(count, v.maxValue(65_535)),
      from: v.pipe(v.string(), v.minLength(3)),
      user: v.optional(v.string()),
      password: v.optional(v.string()),
      /** TLS from the first byte; else STARTTLS where the server offers it. */
      secure: v.optional(v.boolean(), false),
    }),
  ),
  /** Of an SMS provider: takes JSON {to, text} with a bearer token; without it no SMS goes out. */
  smsWebhook: v.optional(
    v.strictObject({ url: v.pipe(v.string(), v.url()), token: v.pipe(v.string(), v.minLength(1)) }),
  ),
  /** Stop when standard input ends: a parent that was killed takes the host with it. */
  stopWithStdin: v.optional(v.boolean(), false),
});

export type HostConfig = v.InferOutput<typeof schema>;

/** Throws with the field that is wrong. */
export function readConfig(file: string): HostConfig {
  const parsed = v.safeParse(schema, JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw new Error(`${file}: ${v.getDotPath(issue) ?? 'the file'}: ${issue.message}`);
  }
  const { broker, brokerUrl } = parsed.output;
  if ((broker === undefined) === (brokerUrl === undefined)) {
    throw new Error(`${file}: exactly one of broker and brokerUrl must be given`);
  }
  const { desk, reviewers } = parsed.output;
  if (desk && new Set(reviewers.map(({ login }) => login)).size < 2) {
    throw new Error(`${file}: reviewers: a desk needs two at least`);
  }
  return parsed.output;
}
