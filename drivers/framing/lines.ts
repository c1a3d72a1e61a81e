import type { Clock } from '../clock.ts';
import type { Decoder } from './decoder.ts';

/** What ends a code on a serial line. `gap`: nothing does, only the pause after it. */
export type LineEnding = 'cr' | 'crlf' | 'lf' | 'gap';

/** One code as it was sent, or a sign that one was lost. */
export type CodeFrame =
  /** `aim`: the AIM id, as `]Q1`, of scanners that send it beside the code. */
  | { readonly kind: 'code'; readonly data: Uint8Array; readonly aim?: string }
  /** `incomplete`: its end did not come. `damaged`: not a frame of the protocol. */
  | { readonly kind: 'unusable'; readonly reason: 'too-long' | 'incomplete' | 'damaged' };

export interface LineOptions {
  readonly clock: Clock;
  readonly ending: LineEnding;
  /** Bytes of the longest code that is delivered; a longer one is left out. */
  readonly longest: number;
}

/** At 9600 baud a byte takes 1 ms, so a pause of this length is the end of a code that has no other (devices.md §3). */
const GAP_MS = 40;
/** After this pause the ending will not come any more. */
const STALL_MS = 500;
/** The ending may have to be kept until it is known to be one. */
const LONGEST_ENDING = 2;
const CR = 0x0d;
const LF = 0x0a;

export const isLineBreak = (byte: number | undefined): boolean => byte === CR || byte === LF;

/**
 * Codes out of the bytes of a serial scanner. Line breaks before and behind a code never belong to it, so that CR reads what a CR LF scanner
 * sends. What is not ended in time is `incomplete`: it may be half a code, or the scanner sends another ending.
 */
export function lines({ clock, ending, longest }: LineOptions, emit: (frame: CodeFrame) => void): Decoder {
  const buffer = new Uint8Array(longest + LONGEST_ENDING);
  let length = 0;
  let isTooLong = false;
  let previous: number | undefined;
  const pause = pauseTimer(clock, ending === 'gap' ? GAP_MS : STALL_MS, () => {
    if (ending === 'gap' || isTooLong) end();
    else {
      reset();
      emit({ kind: 'unusable', reason: 'incomplete' });
    }
  });

  const reset = (): void => {
    pause.stop();
    length = 0;
    isTooLong = false;
    previous = undefined;
  };

  const end = (): void => {
    while (isLineBreak(buffer[length - 1])) length -= 1;
    const data = buffer.slice(0, length);
    const wasTooLong = isTooLong || length > longest;
    reset();
    if (wasTooLong) emit({ kind: 'unusable', reason: 'too-long' });
    else if (data.length > 0) emit({ kind: 'code', data });
  };

  const isEnd = (byte: number): boolean => {
    if (ending === 'crlf') return previous === CR && byte === LF;
    return byte === (ending === 'cr' ? CR : LF) && ending !== 'gap';
  };

  const take = (byte: number): void => {
    if (isEnd(byte)) {
      end();
      return;
    }
    previous = byte;
    if (isTooLong || (length === 0 && isLineBreak(byte))) return;
    if (length < buffer.length) buffer[length++] = byte;
    else {
      isTooLong = true;
      length = 0;
    }
  };

  return {
    push(bytes) {
      for (const byte of bytes) take(byte);
      if (length > 0 || isTooLong) pause.restart();
    },
    dropPartial: reset,
    held: () => length,
  };
}

/**
 * Runs `fn` when nothing has restarted it for `ms`. In two steps, because after a moment in which the process did nothing a timer comes
 * before the bytes that have waited meanwhile, and a code must not be cut in two by that.
 */
export function pauseTimer(clock: Clock, ms: number, fn: () => void): { restart(): void; stop(): void } {
  const LAST_STEP_MS = 5;
  let stop = (): void => undefined;
  return {
    restart() {
      stop();
      stop = clock.after(ms - LAST_STEP_MS, () => {
        stop = clock.after(LAST_STEP_MS, fn);
      });
    },
    stop: () => stop(),
  };
}
