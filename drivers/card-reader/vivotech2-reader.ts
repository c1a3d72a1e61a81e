import { Connection, type DriverOptions } from '../connection.ts';
import type { CardReader, CardRequest } from '../devices.ts';
import { DeviceError } from '../errors.ts';
import { decodeTlv, findTag, toHex } from '../framing/tlv.ts';
import { type Vivotech2Frame, vivotech2Decoder } from '../framing/vivotech2.ts';
import type { Link } from '../link.ts';
import type { CardData } from './card-data.ts';
import { COMMAND, cardReasonOf, STATUS, statusName, TAG } from './codes.ts';
import { activateCommand, amountBcd, cancelCommand, pingCommand, pollOnDemandCommand } from './commands.ts';
import { type ActivateAnswer, decodeActivateAnswer, decodeCard } from './decode-card.ts';

const SHORT_ANSWER_MS = 1_000;
/** The reader's time-out is only the wait for the card; the transaction with it may take this much longer. */
const TRANSACTION_MARGIN_MS = 15_000;

type Answer =
  | { readonly kind: 'card'; readonly answer: ActivateAnswer }
  | { readonly kind: 'failed'; readonly error: DeviceError }
  | { readonly kind: 'restarted' };

/**
 * An ID TECH reader that speaks ViVOtech2, polled on demand: contactless EMV and magnetic stripe. DeviceError DEVICE_BUSY when a card is
 * being read already. After a cancel or a time-out the reader is brought to rest before the next command; a late result is dropped.
 */
export function vivotech2Reader(options: DriverOptions): CardReader {
  const { name } = options;
  let reading = false;

  const connection: Connection<Vivotech2Frame> = new Connection<Vivotech2Frame>(options, {
    decoder: (emit) => vivotech2Decoder('answer', emit),
    settle: (link) => settle(name, link),
    check: (link) => ask(link, 'ping', COMMAND.ping, pingCommand()).then(() => undefined),
    unsolicited(frame) {
      frame.data.fill(0);
      if (frame.command !== COMMAND.boot) return frame.sub === STATUS.userInterfaceEvent;
      // The reader has restarted and forgotten its poll mode.
      connection.settle();
      return true;
    },
  });

  return {
    name,
    start: () => connection.start(),
    stop: () => connection.stop(),
    status: () => connection.status(),
    onStatus: (listener) => connection.onStatus(listener),
    async readCard(request, signal) {
      if (reading) throw new DeviceError('DEVICE_BUSY', name, 'a card is being read already');
      reading = true;
      try {
        return await connection.use((link) => activate(name, link, request, signal), signal);
      } finally {
        reading = false;
      }
    },
  };
}

/**
 * Ends whatever the reader is doing, which may be an activate of an earlier life of this process, and sets its mode. The answers come
 * in order, so a late answer to anything older arrives, and is dropped, before these two.
 */
async function settle(device: string, link: Link<Vivotech2Frame>): Promise<void> {
  await ask(link, 'cancel', COMMAND.cancel, cancelCommand());
  const { sub } = await ask(link, 'poll-mode', COMMAND.pollMode, pollOnDemandCommand());
  if (sub !== STATUS.ok) {
    throw new DeviceError('DEVICE_FAULT', device, 'the poll mode is refused', { reason: statusName(sub) });
  }
}

function ask(link: Link<Vivotech2Frame>, label: string, command: number, bytes: Uint8Array): Promise<Vivotech2Frame> {
  return link.exchange({
    label,
    chunks: [bytes],
    timeoutMs: SHORT_ANSWER_MS,
    match: (frame) => (frame.command === command ? frame : undefined),
  });
}

async function activate(
  device: string,
  link: Link<Vivotech2Frame>,
  request: CardRequest,
  signal: AbortSignal,
): Promise<CardData> {
  const answer = await link.exchange(
    {
      label: 'activate',
      chunks: [activateCommand(request)],
      timeoutMs: request.timeoutMs + TRANSACTION_MARGIN_MS,
      match: (frame) => matchAnswer(device, request, frame),
    },
    signal,
  );
  switch (answer.kind) {
    case 'card':
      return decodeCard(device, answer.answer);
    case 'failed':
      throw answer.error;
    case 'restarted':
      link.unsettled = true;
      throw new DeviceError('DEVICE_ABSENT', device, 'the reader restarted while it waited for a card');
  }
}

function matchAnswer(device: string, request: CardRequest, frame: Vivotech2Frame): Answer | undefined {
  if (frame.command === COMMAND.boot) return { kind: 'restarted' };
  if (frame.command !== COMMAND.activate || frame.sub === STATUS.userInterfaceEvent) return undefined;
  try {
    if (frame.sub !== STATUS.ok && frame.sub !== STATUS.onlineRequest)
      return { kind: 'failed', error: failure(device, frame) };
    const answer = decodeActivateAnswer(device, frame.data);
    if (!isFor(request, answer)) return undefined;
    return { kind: 'card', answer };
  } catch (error) {
    if (error instanceof DeviceError) return { kind: 'failed', error };
    throw error;
  } finally {
    frame.data.fill(0);
  }
}

/** An answer that names another amount belongs to an older command, whatever its place in the stream. */
function isFor(request: CardRequest, answer: ActivateAnswer): boolean {
  const amount = findTag(answer.objects, TAG.amount);
  return amount === undefined || toHex(amount) === toHex(amountBcd(request.amountFen));
}

function failure(device: string, frame: Vivotech2Frame): DeviceError {
  if (frame.sub === STATUS.timeout) return new DeviceError('CARD_TIMEOUT', device, 'no card was presented');
  const code = frame.sub === STATUS.failed ? errorCode(frame.data) : undefined;
  const reason = code === undefined ? undefined : cardReasonOf(code);
  if (reason) return new DeviceError('CARD_UNREADABLE', device, 'the card cannot be used', { reason });
  const details = { reason: statusName(frame.sub), ...(code === undefined ? {} : { errorCode: code }) };
  return new DeviceError('DEVICE_FAULT', device, 'the reader refuses the transaction', details);
}

/** The first byte of FFEE1F for 02-40; without that tag the first data byte, as the older form has it. */
function errorCode(data: Uint8Array): number | undefined {
  for (const tlv of [data, data.subarray(1)]) {
    const decoded = decodeTlv(tlv);
    const found = decoded.ok ? findTag(decoded.objects, TAG.failure) : undefined;
    if (found) return found[0];
  }
  return data[0];
}
