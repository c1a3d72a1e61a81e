import * as v from 'valibot';
import { SyncError } from '../errors.ts';
import { isSignedBy, isSignedByLater, type SigningKey, signBytes, type VerifyKey } from './signing.ts';

/**
 * A message on the wire: one line `{"v":1,"key":"<key id>","sig":"<base64>"}`, a line feed, then the payload as JSON in UTF-8.
 * The signature is over a domain tag, the topic and the payload bytes as they are.
 */

/** Bytes of a whole message; also the limit of the embedded broker and of the sample for mosquitto. */
export const maxMessageBytes = 262_144;

const maxHeaderBytes = 256;
const header = v.object({
  v: v.literal(1),
  key: v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/)),
  sig: v.pipe(v.string(), v.maxLength(88)),
});

/** Signs `payload` (JSON text) for `topic`. Throws BAD_MESSAGE when the result is too large. */
export function pack(topic: string, payload: string, key: SigningKey): Buffer {
  const body = Buffer.from(payload, 'utf8');
  const sig = signBytes(topic, body, key).toString('base64');
  const message = Buffer.concat([Buffer.from(`{"v":1,"key":"${key.id}","sig":"${sig}"}\n`, 'utf8'), body]);
  if (message.length > maxMessageBytes) {
    throw new SyncError('BAD_MESSAGE', 'message too large', { bytes: message.length, limit: maxMessageBytes });
  }
  return message;
}

/** The payload of a message as parsed JSON, after its signature was verified. Throws BAD_MESSAGE, BAD_SIGNATURE. */
export function unpack(topic: string, message: Buffer, from: VerifyKey): unknown {
  const { payload, signature } = opened(message, from);
  if (!isSignedBy(topic, payload, signature, from)) throw notSigned(from.id);
  return parseJson(payload);
}

/** The same, with the signature verified on another thread. Rejects with BAD_MESSAGE, BAD_SIGNATURE. */
export async function unpackLater(topic: string, message: Buffer, from: VerifyKey): Promise<unknown> {
  const { payload, signature } = opened(message, from);
  if (!(await isSignedByLater(topic, payload, signature, from))) throw notSigned(from.id);
  return parseJson(payload);
}

function opened(message: Buffer, from: VerifyKey): { readonly payload: Buffer; readonly signature: Buffer } {
  if (message.length > maxMessageBytes) {
    throw new SyncError('BAD_MESSAGE', 'message too large', { bytes: message.length, limit: maxMessageBytes });
  }
  const end = message.subarray(0, maxHeaderBytes).indexOf(10);
  if (end < 0) throw new SyncError('BAD_MESSAGE', 'no header line', { bytes: message.length });
  const head = v.safeParse(header, parseJson(message.subarray(0, end)));
  if (!head.success) throw new SyncError('BAD_MESSAGE', 'bad header', { bytes: message.length });
  if (head.output.key !== from.id) throw notSigned(head.output.key);
  return { payload: message.subarray(end + 1), signature: Buffer.from(head.output.sig, 'base64') };
}

const notSigned = (key: string) => new SyncError('BAD_SIGNATURE', 'not signed by the expected key', { key });

/** Checks a payload against the contract of its topic. Unknown fields are dropped. Throws BAD_MESSAGE with the place, never the value. */
export function parseAs<S extends v.GenericSchema>(schema: S, payload: unknown): v.InferOutput<S> {
  const parsed = v.safeParse(schema, payload, { abortEarly: true });
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new SyncError('BAD_MESSAGE', 'payload breaks its contract', { at: v.getDotPath(issue) ?? '', is: issue.type });
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new SyncError('BAD_MESSAGE', 'not JSON', { bytes: bytes.length });
  }
}
