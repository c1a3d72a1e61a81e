import { Connection, type DriverOptions } from '../connection.ts';
import type { PinPad, PinRequest } from '../devices.ts';
import { DeviceError } from '../errors.ts';
import { k100Decoder } from '../framing/k100.ts';
import type { Link } from '../link.ts';
import {
  ACK,
  cancelCommand,
  KEY_NOTICE,
  KSN_DIGITS,
  modelCommand,
  NAK,
  NAK_CODE,
  nakReason,
  pinCommand,
  RESULT_LENGTH,
} from './k100-codes.ts';
import { PinBlock } from './pin-block.ts';

const SHORT_ANSWER_MS = 1_000;
const keyNotices: ReadonlySet<number> = new Set(Object.values(KEY_NOTICE));

type Answer =
  | { readonly kind: 'pin'; readonly block: PinBlock }
  | { readonly kind: 'failed'; readonly error: DeviceError };

/** What the pad told of its keys: this tells a result from one that belongs to an older entry and comes late. */
interface Keys {
  /** This pad tells of them at all: it has done so before. */
  told: boolean;
  pressed: boolean;
}

/**
 * ID TECH SmartPIN K100. DeviceError DEVICE_BUSY when a PIN is being entered already. A cancel or a time-out brings the pad to rest before
 * the next command; a late result is dropped. PIN_TIMEOUT means that the pad itself was there: it has confirmed the cancel.
 */
export function k100PinPad(options: DriverOptions): PinPad {
  const { name } = options;
  const keys: Keys = { told: false, pressed: false };
  let entering = false;

  const connection = new Connection<Uint8Array>(options, {
    decoder: k100Decoder,
    settle: (link) => cancel(link),
    check: (link) => check(link),
    unsolicited(body) {
      const known = isKeyNotice(body) || isAcknowledgement(body);
      body.fill(0);
      return known;
    },
  });

  return {
    ...connection.device(),
    async readPin(request, signal) {
      if (entering) throw new DeviceError('DEVICE_BUSY', name, 'a PIN is being entered already');
      entering = true;
      try {
        return await connection.use((link) => enter(options, link, keys, request, signal), signal);
      } finally {
        entering = false;
      }
    },
  };
}

/** Ends whatever entry is under way, also one of an earlier life of this process. The pad always gives the same answer to it. */
function cancel(link: Link<Uint8Array>, signal?: AbortSignal): Promise<void> {
  return link
    .exchange(
      {
        label: 'cancel',
        chunks: [cancelCommand()],
        timeoutMs: SHORT_ANSWER_MS,
        match: (body) => nakCode(body) === NAK_CODE.cancelled || undefined,
      },
      signal,
    )
    .then(() => undefined);
}

/** Asks for the model, which changes nothing in the pad. A refusal is a sign of life too. */
async function check(link: Link<Uint8Array>): Promise<void> {
  await link.exchange({
    label: 'model',
    chunks: [modelCommand()],
    timeoutMs: SHORT_ANSWER_MS,
    match(body) {
      const code = nakCode(body);
      return isModel(body) || (code !== undefined && code !== NAK_CODE.cancelled) || undefined;
    },
  });
}

async function enter(
  { name, clock }: DriverOptions,
  link: Link<Uint8Array>,
  keys: Keys,
  request: PinRequest,
  signal: AbortSignal,
): Promise<PinBlock> {
  keys.pressed = false;
  const chunks = [pinCommand(request.card.reveal().pan)];
  // Not the exchange's own time limit: a customer who does not type is no fault of the line, and not counted as one.
  const end = new AbortController();
  const stop = (): void => end.abort();
  const stopTimer = clock.after(request.timeoutMs, stop);
  signal.addEventListener('abort', stop); // by hand: Node 20 never lets go of an AbortSignal.any
  if (signal.aborted) stop();
  const exchange = {
    label: 'pin',
    chunks,
    timeoutMs: request.timeoutMs + SHORT_ANSWER_MS,
    match: (body: Uint8Array) => matchAnswer(name, keys, body),
  };
  try {
    const answer = await link.exchange(exchange, end.signal);
    if (answer.kind === 'failed') throw answer.error;
    return answer.block;
  } catch (error) {
    if (signal.aborted || !end.signal.aborted) throw error;
    // A customer who does not type and a pad that is dead look the same until the pad answers this.
    await cancel(link, signal);
    link.unsettled = false;
    throw new DeviceError('PIN_TIMEOUT', name, 'no PIN was entered');
  } finally {
    stopTimer();
    signal.removeEventListener('abort', stop);
  }
}

function matchAnswer(device: string, keys: Keys, body: Uint8Array): Answer | undefined {
  if (isKeyNotice(body)) {
    keys.told = true;
    keys.pressed = true;
    return undefined;
  }
  const code = nakCode(body);
  // That answers a cancel, and none was sent for this entry.
  if (code === NAK_CODE.cancelled) return undefined;
  if (code !== undefined) return { kind: 'failed', error: refusal(device, code) };
  if (body[0] !== ACK || isAcknowledgement(body) || isModel(body)) return undefined;
  if (keys.told && !keys.pressed) {
    // No PIN without a key: it belongs to an older entry. A second time the pad would be one that has stopped to tell.
    keys.told = false;
    return undefined;
  }
  return result(device, body);
}

function result(device: string, body: Uint8Array): Answer {
  const digits = Buffer.from(body.subarray(1)).toString('latin1');
  body.fill(0);
  if (!/^[\dA-F]{36}$/i.test(digits)) {
    const error = new DeviceError('DEVICE_FAULT', device, 'the result is no PIN block', { reason: 'malformed' });
    return { kind: 'failed', error };
  }
  const block = new PinBlock({ ksn: digits.slice(0, KSN_DIGITS), block: digits.slice(KSN_DIGITS) });
  return { kind: 'pin', block };
}

function refusal(device: string, code: number): DeviceError {
  if (code === NAK_CODE.cancelKey) return new DeviceError('PIN_CANCELLED', device, 'the customer cancelled');
  if (code === NAK_CODE.timeout) return new DeviceError('PIN_TIMEOUT', device, 'no PIN was entered');
  return new DeviceError('DEVICE_FAULT', device, 'the PIN pad refuses', { reason: nakReason(code), errorCode: code });
}

/** undefined: not a refusal. One without a code is 0. */
function nakCode(body: Uint8Array): number | undefined {
  const [first, high = 0, low = 0] = body;
  return first === NAK ? high * 256 + low : undefined;
}

/**
 * `C` is the Cancel key, but also what the pad sends when it clears digits after 20 s; that the customer has cancelled is said by the NAK
 * that follows. The manual does not say whether an ACK goes before the key.
 */
function isKeyNotice(body: Uint8Array): boolean {
  const key = body.length === 2 && body[0] === ACK ? body[1] : body.length === 1 ? body[0] : undefined;
  return key !== undefined && keyNotices.has(key);
}

/** Some firmware confirms the command first, as the L100 does. */
const isAcknowledgement = (body: Uint8Array): boolean => body.length === 1 && body[0] === ACK;

const isModel = (body: Uint8Array): boolean =>
  body[0] === ACK && body.length < RESULT_LENGTH && Buffer.from(body).toString('latin1', 1, 5) === 'IDPA';
