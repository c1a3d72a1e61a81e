import { COMMAND, SUB } from '../card-reader/codes.ts';
import { toHex } from '../framing/tlv.ts';
import type { Vivotech2Frame } from '../framing/vivotech2.ts';

/** What the reader is doing when a command arrives. */
export interface ReaderState {
  readonly isWaiting: boolean;
  readonly isPinOpen: boolean;
  readonly chip: 'none' | 'busy' | 'open';
  /** Nobody can know what was begun over an earlier connection. */
  readonly isFirstCommand: boolean;
  /** A command whose answer is not out yet. */
  readonly unanswered: { readonly frame: Vivotech2Frame; readonly sinceMs: number } | undefined;
}

/** As `02-40`. */
export const nameOf = ({ command, sub }: Vivotech2Frame): string =>
  `${toHex(Uint8Array.of(command))}-${toHex(Uint8Array.of(sub))}`;

export const isCancel = ({ command }: Vivotech2Frame): boolean => command === COMMAND.cancel;
export const isPinCancel = ({ command, sub }: Vivotech2Frame): boolean =>
  command === COMMAND.pin && sub === SUB.pinCancel;

/** So long a driver must wait for an answer before it may take the command for lost. */
const ANSWER_MS = 1_000;

/** What is wrong with sending this command now; undefined when nothing is. */
export function violationOf(frame: Vivotech2Frame, state: ReaderState): string | undefined {
  const what = nameOf(frame);
  const { unanswered } = state;
  if (state.isPinOpen) return isPinCancel(frame) || state.isFirstCommand ? undefined : `${what} while a PIN is entered`;
  if (!isCancel(frame)) {
    if (state.isWaiting || state.chip === 'busy') return `${what} while waiting for a card`;
    const mayMeetChip = frame.command === COMMAND.contact || frame.command === COMMAND.pin;
    if (state.chip === 'open' && !mayMeetChip) return `${what} in a transaction with a chip`;
  }
  const mayInterrupt = (isCancel(frame) || isPinCancel(frame)) && unanswered && !isCancel(unanswered.frame);
  if (!unanswered || unanswered.sinceMs >= ANSWER_MS || mayInterrupt) return undefined;
  return `${what} before the answer to ${nameOf(unanswered.frame)}`;
}
