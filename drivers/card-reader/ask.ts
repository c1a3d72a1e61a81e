import type { Clock } from '../clock.ts';
import { DeviceError, isDeviceError } from '../errors.ts';
import type { Vivotech2Frame } from '../framing/vivotech2.ts';
import type { Link } from '../link.ts';
import { COMMAND, STATUS } from './codes.ts';
import { hostAnswer } from './commands.ts';

const SHORT_ANSWER_MS = 1_000;
/** Of a command that is answered twice: the first answer comes at once. */
const FIRST_ANSWER_MS = 2_000;

/** A reader that somebody may talk to now. */
export interface Wire {
  readonly device: string;
  readonly link: Link<Vivotech2Frame>;
  readonly clock: Clock;
}

/** A question that the reader answers at once. Throws as Link.exchange. */
export function ask(
  link: Link<Vivotech2Frame>,
  label: string,
  command: number,
  bytes: Uint8Array,
): Promise<Vivotech2Frame> {
  return link.exchange({
    label,
    chunks: [bytes],
    timeoutMs: SHORT_ANSWER_MS,
    match: (frame) => (frame.command === command ? frame : undefined),
  });
}

/** A question that takes as long as a person with a card. */
export interface LongQuestion<Answer> {
  readonly label: string;
  readonly command: number;
  readonly bytes: Uint8Array;
  readonly timeoutMs: number;
  /** It is answered twice: at once that it was taken (`taken`), later with its result. */
  readonly twice: boolean;
  /** Of a frame of this command. undefined: not the answer. Throws DeviceError. The frame's data is overwritten afterwards. */
  answerOf(frame: Vivotech2Frame): { readonly answer: Answer } | 'taken' | undefined;
}

type Outcome<Answer> = { readonly answer: Answer } | { readonly error: DeviceError };

/** Throws as Link.exchange, and what `answerOf` throws; DEVICE_ABSENT when the reader restarts. */
export async function askLong<Answer>(
  { device, link, clock }: Wire,
  question: LongQuestion<Answer>,
  signal: AbortSignal,
): Promise<Answer> {
  const { label, bytes, timeoutMs, twice } = question;
  const stop = new AbortController();
  const abort = (): void => stop.abort();
  signal.addEventListener('abort', abort);
  if (signal.aborted) abort();
  const taken = twice ? clock.after(FIRST_ANSWER_MS, abort) : () => undefined;
  const match = (frame: Vivotech2Frame): Outcome<Answer> | undefined => {
    const outcome = outcomeOf(device, link, question, frame);
    if (outcome !== undefined) taken();
    return outcome === 'taken' ? undefined : outcome;
  };
  try {
    const outcome = await link.exchange({ label, chunks: [bytes], timeoutMs, match }, stop.signal);
    if ('error' in outcome) throw outcome.error;
    return outcome.answer;
  } catch (error) {
    if (!isDeviceError(error)) throw error;
    // Nobody cancelled: the first answer did not come.
    if (error.code === 'CANCELLED' && !signal.aborted)
      throw new DeviceError('DEVICE_TIMEOUT', device, `${label} was not taken`);
    throw error;
  } finally {
    taken();
    signal.removeEventListener('abort', abort);
  }
}

function outcomeOf<Answer>(
  device: string,
  link: Link<Vivotech2Frame>,
  { label, command, answerOf }: LongQuestion<Answer>,
  frame: Vivotech2Frame,
): Outcome<Answer> | 'taken' | undefined {
  if (frame.command === COMMAND.boot) {
    link.unsettled = true;
    return { error: new DeviceError('DEVICE_ABSENT', device, `the reader restarted during ${label}`) };
  }
  if (frame.command === COMMAND.askHost) {
    link.send(hostAnswer(frame.sub)).catch(() => undefined);
    return undefined;
  }
  if (frame.command !== command || frame.sub === STATUS.userInterfaceEvent) return undefined;
  try {
    return answerOf(frame);
  } catch (error) {
    if (isDeviceError(error)) return { error };
    throw error;
  } finally {
    frame.data.fill(0);
  }
}
