import { COMMAND, RESULT, STATUS, SUB } from '../card-reader/codes.ts';
import { decodeTlv, encodeTlv, findTag, toHex } from '../framing/tlv.ts';
import { encodeVivotech2, type Vivotech2Frame, vivotech2Decoder } from '../framing/vivotech2.ts';
import type { Behaviour } from './behaviours.ts';
import type { Fault } from './fault.ts';
import type { SimulatedReader } from './simulated-reader.ts';
import { failureData } from './simulated-reader-answers.ts';

/** Ways for a reader to be wrong, from which reader-faults.ts makes its table. */

type ReaderFault = Fault<SimulatedReader>;
type Value = NonNullable<ReaderFault['value']>;
/** Frames are made into bytes as the reader sends them. */
type Sent = Vivotech2Frame | Uint8Array;

/** What an answer says of a card: of one at the outside of the reader, or of a step with a chip. */
export type CardStep = 'card' | 'start' | 'authenticate' | 'finish';

const NO_DATA = new Uint8Array(0);
const NO_AMOUNT = '000000000000';

const fault = (zh: string, en: string, value: Value | undefined, apply: ReaderFault['apply']): ReaderFault => ({
  zh,
  en,
  ...(value && { value }),
  apply,
});

/** It happens when it is armed, once. */
export const now = (zh: string, en: string, act: (reader: SimulatedReader) => void): ReaderFault =>
  fault(zh, en, undefined, (reader, { chance }) => {
    if (chance()) act(reader);
  });

/** Instead of what a good reader does with such a command. */
function onCommand(
  isMeant: (frame: Vivotech2Frame, reader: SimulatedReader) => boolean,
): (
  zh: string,
  en: string,
  act: (reader: SimulatedReader, value: number, frame: Vivotech2Frame) => void,
  value?: Value,
) => ReaderFault {
  return (zh, en, act, takes) =>
    fault(zh, en, takes, (reader, { value, times, chance }) => {
      const behaviour: Behaviour<Vivotech2Frame> = {
        onCommand(frame) {
          if (!isMeant(frame, reader)) return false;
          act(reader, value, frame);
          return true;
        },
      };
      reader.use(behaviour, times, chance);
    });
}

/** The wait for a card at idle is left alone: a fault is meant for a payment. */
export const onActivation = onCommand(({ command, data }) => {
  const tags = decodeTlv(data.subarray(1));
  const amount = tags.ok ? findTag(tags.objects, '9F02') : undefined;
  return command === COMMAND.activate && amount !== undefined && toHex(amount) !== NO_AMOUNT;
});
export const onChipStart = onCommand(({ command, sub }) => command === COMMAND.contact && sub === SUB.contactStart);
export const onChipFinish = onCommand(({ command, sub }) => command === COMMAND.contact && sub === SUB.contactFinish);
export const onPinRead = onCommand(({ command, sub }) => command === COMMAND.pin && sub === SUB.pinRead);
/** Of a cancel that has something to cancel. */
export const onCancel = onCommand(({ command }, reader) => command === COMMAND.cancel && reader.isWaiting());

/** Instead of the answers that say something of a card, in these steps. One for which `change` has nothing is left alone. */
export function onAnswer(
  steps: readonly CardStep[],
  zh: string,
  en: string,
  change: (frame: Vivotech2Frame, value: number) => readonly Sent[] | undefined,
  takes?: Value,
): ReaderFault {
  return onFrame(
    (frame) => {
      const step = stepOf(frame);
      return step !== undefined && steps.includes(step);
    },
    zh,
    en,
    change,
    takes,
  );
}

/** Instead of what the reader asks the terminal in the middle of a transaction with a chip. */
export const askingInstead = (zh: string, en: string, sub: number, data: Uint8Array): ReaderFault =>
  onFrame(
    ({ command }) => command === COMMAND.askHost,
    zh,
    en,
    () => [encodeVivotech2('command', { command: COMMAND.askHost, sub, data })],
  );

function onFrame(
  isMeant: (frame: Vivotech2Frame) => boolean,
  zh: string,
  en: string,
  change: (frame: Vivotech2Frame, value: number) => readonly Sent[] | undefined,
  takes?: Value,
): ReaderFault {
  return fault(zh, en, takes, (reader, { value, times, chance }) => {
    const behaviour: Behaviour<Vivotech2Frame> = {
      onSend(bytes, deliver) {
        const frame = frameOf(bytes);
        const changed = frame && isMeant(frame) ? change(frame, value) : undefined;
        if (!changed) return deliver(bytes);
        for (const sent of changed) deliver(sent instanceof Uint8Array ? sent : encodeVivotech2('answer', sent));
      },
    };
    reader.use(behaviour, times, chance);
  });
}

/** Instead of a report with this ID, at a reader at HID. */
export const onReport = (
  zh: string,
  en: string,
  id: number,
  change: (report: Uint8Array) => readonly Uint8Array[],
): ReaderFault =>
  fault(zh, en, undefined, (reader, { times, chance }) => {
    reader.useReports(
      {
        onSend(report, deliver) {
          for (const sent of report[0] === id ? change(report) : [report]) deliver(sent);
        },
      },
      times,
      chance,
    );
  });

/** The transaction failed, with this error code, in the first step that concerns the card. */
export const failing = (zh: string, en: string, errorCode: number): ReaderFault =>
  onAnswer(['card', 'start'], zh, en, (frame) => [failed(frame, errorCode)]);

export const failed = ({ command }: Vivotech2Frame, errorCode: number): Vivotech2Frame => ({
  command,
  sub: STATUS.failed,
  data: failureData(errorCode),
});

/** A first answer to 62-01, then this. */
export function answerPin(reader: SimulatedReader, status: number, ...data: readonly number[]): void {
  reader.send({ command: COMMAND.pin, sub: STATUS.ok, data: NO_DATA });
  reader.send({ command: COMMAND.pin, sub: status, data: Uint8Array.from(data) });
}

function frameOf(bytes: Uint8Array): Vivotech2Frame | undefined {
  const frames: Vivotech2Frame[] = [];
  vivotech2Decoder('answer', (frame) => frames.push(frame)).push(bytes);
  return frames[0];
}

const RESULT_HEAD = 3;
const ATTRIBUTION_HEAD = 1;

function stepOf({ command, sub, data }: Vivotech2Frame): CardStep | undefined {
  if (command === COMMAND.activate && data.length > ATTRIBUTION_HEAD)
    return sub === STATUS.ok || sub === STATUS.onlineRequest ? 'card' : undefined;
  if (command !== COMMAND.contact || sub !== STATUS.ok || data.length < RESULT_HEAD) return undefined;
  switch ((data[0] ?? 0) * 256 + (data[1] ?? 0)) {
    case RESULT.started:
      return 'start';
    case RESULT.goOnline:
    case RESULT.declinedOffline:
      return 'authenticate';
    default:
      return 'finish';
  }
}

const headOf = ({ command }: Vivotech2Frame): number => (command === COMMAND.contact ? RESULT_HEAD : ATTRIBUTION_HEAD);

/** The TLV part of an answer, made anew by `change`. */
export function withBody(frame: Vivotech2Frame, change: (tlv: Uint8Array) => Uint8Array): Vivotech2Frame {
  const head = headOf(frame);
  const data = Uint8Array.of(...frame.data.subarray(0, head), ...change(frame.data.subarray(head)));
  return { ...frame, data };
}

/** The same, object by object. */
export function withEach(
  frame: Vivotech2Frame,
  change: (tag: string, value: Uint8Array) => Uint8Array,
): Vivotech2Frame {
  return withBody(frame, (tlv) => {
    const decoded = decodeTlv(tlv);
    const objects = decoded.ok ? decoded.objects : [];
    return Uint8Array.from(objects.flatMap(({ tag, value }) => [...change(tag, value)]));
  });
}

/** With this value of the tag, added when the answer has none. */
export const withTag = (frame: Vivotech2Frame, tag: string, ...value: readonly number[]): Vivotech2Frame => {
  const without = withEach(frame, (other, bytes) => (other === tag ? NO_DATA : encodeTlv([[other, bytes]])));
  return withBody(without, (tlv) => Uint8Array.of(...tlv, ...encodeTlv([[tag, Uint8Array.from(value)]])));
};

/** With another result of a step with a chip; any other answer is left as it is. */
export function withResult(frame: Vivotech2Frame, result: number): Vivotech2Frame {
  if (frame.command !== COMMAND.contact) return frame;
  return { ...frame, data: Uint8Array.of(result >> 8, result & 0xff, ...frame.data.subarray(2)) };
}

/** The byte that says where the data comes from. */
export const attributionOf = (frame: Vivotech2Frame): number => frame.data[headOf(frame) - 1] ?? 0;

/** With another such byte. */
export function withAttribution(frame: Vivotech2Frame, change: (attribution: number) => number): Vivotech2Frame {
  const at = headOf(frame) - 1;
  return { ...frame, data: frame.data.map((byte, i) => (i === at ? change(byte) : byte)) };
}
