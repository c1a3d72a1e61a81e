import type { CardRequest, HostResult } from '../devices.ts';
import { DeviceError } from '../errors.ts';
import { findTag, toHex } from '../framing/tlv.ts';
import { TRANSACTION_MARGIN_MS } from './activate.ts';
import { askLong, type Wire } from './ask.ts';
import { type ContactAnswer, decodeContactAnswer, eraseAnswer, isFor, unreadable } from './card-answer.ts';
import type { CardData } from './card-data.ts';
import { COMMAND, CRYPTOGRAM, RESULT, STATUS, TAG } from './codes.ts';
import { contactAuthenticateCommand, contactFinishCommand, contactStartCommand } from './commands.ts';
import { decodeChip } from './decode-card.ts';
import { failure } from './failure.ts';

/** A chip that has the host's word needs a second or two; the customer waits. */
const FINISH_MS = 8_000;

/**
 * 60-10 and 60-11: reads the chip and lets it make the cryptogram for the host. It then waits for `finishChip`. Throws DeviceError
 * CARD_TIMEOUT, CARD_UNREADABLE, DEVICE_*, CANCELLED.
 */
export async function readChip(wire: Wire, request: CardRequest, signal: AbortSignal): Promise<CardData> {
  const { device } = wire;
  const waitMs = request.timeoutMs + TRANSACTION_MARGIN_MS;
  const answers: ContactAnswer[] = [];
  const go = async (label: string, bytes: Uint8Array, timeoutMs: number, expected: number): Promise<ContactAnswer> => {
    const answer = await step(wire, label, bytes, timeoutMs, signal);
    answers.push(answer);
    if (answer.result !== expected) throw stopped(device, answer.result);
    if (isFor(request.amountFen, answer)) return answer;
    throw new DeviceError('DEVICE_FAULT', device, 'the chip was asked for another amount', { reason: 'amount' });
  };
  try {
    const started = await go('contact-start', contactStartCommand(request), waitMs, RESULT.started);
    const proven = await go(
      'contact-authenticate',
      contactAuthenticateCommand(),
      TRANSACTION_MARGIN_MS,
      RESULT.goOnline,
    );
    return decodeChip(device, started, proven);
  } finally {
    for (const answer of answers) eraseAnswer(answer);
  }
}

/**
 * 60-12: the host's word for the chip, and what the chip makes of it. `atc` is the transaction's counter as `readChip` gave it: an answer with
 * another one was made for another payment. Throws DeviceError CARD_UNREADABLE, DEVICE_*.
 */
export async function finishChip(
  wire: Wire,
  atc: string | undefined,
  result: HostResult,
): Promise<'accepted' | 'refused'> {
  const never = new AbortController().signal;
  const answer = await step(wire, 'contact-finish', contactFinishCommand(result), FINISH_MS, never);
  try {
    const counter = findTag(answer.objects, TAG.atc);
    if (counter && atc !== undefined && toHex(counter) !== atc)
      throw new DeviceError('DEVICE_FAULT', wire.device, 'the chip answers for another payment', { reason: 'atc' });
    const kind = findTag(answer.objects, TAG.cryptogramKind)?.[0] ?? CRYPTOGRAM.aac;
    return (kind & CRYPTOGRAM.mask) === CRYPTOGRAM.tc ? 'accepted' : 'refused';
  } finally {
    eraseAnswer(answer);
  }
}

function step(
  wire: Wire,
  label: string,
  bytes: Uint8Array,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<ContactAnswer> {
  const { device } = wire;
  return askLong<ContactAnswer>(
    wire,
    {
      label,
      command: COMMAND.contact,
      bytes,
      timeoutMs,
      twice: true,
      answerOf(frame) {
        if (frame.sub === STATUS.accepted) return 'taken';
        if (frame.sub !== STATUS.ok && frame.sub !== STATUS.onlineRequest) throw failure(device, frame);
        return { answer: decodeContactAnswer(device, frame.data) };
      },
    },
    signal,
  );
}

/** A step that ended otherwise than by going on: there is nothing for the host to decide. */
function stopped(device: string, result: number): DeviceError {
  switch (result) {
    case RESULT.declined:
    case RESULT.declinedOffline:
      return unreadable(device, 'declined');
    // An approval off-line would have to be stored and forwarded, which nobody here does.
    case RESULT.approved:
    case RESULT.approvedOffline:
      return unreadable(device, 'unsupported');
    case RESULT.timeout:
      return new DeviceError('CARD_TIMEOUT', device, 'no card was inserted');
    default:
      return unreadable(device, 'chip');
  }
}
