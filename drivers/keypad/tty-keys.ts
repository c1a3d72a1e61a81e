import type { Clock } from '../clock.ts';
import type { Key } from '../devices.ts';
import type { Decoder } from '../framing/decoder.ts';

/** What was typed: a key of the keypad, or something else that a face may give a meaning: a printable character, or Ctrl-C. */
export type Typed = { readonly kind: 'key'; readonly key: Key } | { readonly kind: 'other'; readonly text: string };

/** Ctrl-C as `Typed.text`. */
export const CTRL_C = 'ctrl-c';

const ESC = 0x1b;
const LF = 0x0a;
const CR = 0x0d;
/** A terminal sends an escape sequence in one go; an Esc with nothing behind it for this long was the key itself. */
const LONE_ESC_MS = 30;
const LONGEST_SEQUENCE = 16;

const keys: ReadonlyMap<number, Key> = new Map<number, Key>([
  [0x30, '0'],
  [0x31, '1'],
  [0x32, '2'],
  [0x33, '3'],
  [0x34, '4'],
  [0x35, '5'],
  [0x36, '6'],
  [0x37, '7'],
  [0x38, '8'],
  [0x39, '9'],
  [0x08, 'clear'],
  [0x7f, 'clear'],
  [CR, 'enter'],
  [LF, 'enter'],
  [0x2e, 'dot'],
  [0x66, 'function'], // f
  [0x7a, 'doubleZero'], // z
]);

/** Last byte of the sequences of the arrow keys, in both modes: ESC [ A and ESC O A. */
const arrows: ReadonlyMap<number, Key> = new Map<number, Key>([
  [0x41, 'up'],
  [0x42, 'down'],
]);

const isSequenceEnd = (byte: number): boolean => byte >= 0x40 && byte <= 0x7e;

/** Keys out of the bytes of a terminal, or of a serial keypad that sends the same. Unknown bytes and sequences are ignored. */
export function ttyKeys(clock: Clock, emit: (typed: Typed) => void): Decoder {
  /** The bytes since an ESC that may begin a sequence. */
  let sequence: number[] | undefined;
  let stopTimer = (): void => undefined;
  let afterCr = false;

  const press = (key: Key): void => emit({ kind: 'key', key });

  const endSequence = (): void => {
    stopTimer();
    sequence = undefined;
  };

  const lone = (): void => {
    const [, second] = sequence ?? [];
    endSequence();
    // ESC [ and then nothing is a key that we do not know; ESC alone is the key Esc.
    if (second === undefined) press('cancel');
  };

  const plain = (byte: number): void => {
    const secondOfLineEnd = byte === LF && afterCr;
    afterCr = byte === CR;
    if (secondOfLineEnd) return;
    if (byte === ESC) {
      sequence = [byte];
      stopTimer = clock.after(LONE_ESC_MS, lone);
      return;
    }
    const key = keys.get(byte);
    if (key) press(key);
    else if (byte === 0x03) emit({ kind: 'other', text: CTRL_C });
    else if (byte >= 0x20 && byte < 0x7f) emit({ kind: 'other', text: String.fromCharCode(byte) });
  };

  const continueSequence = (bytes: number[], byte: number): void => {
    const introducer = bytes[1];
    if (introducer === undefined && byte !== 0x5b && byte !== 0x4f) {
      lone();
      plain(byte);
      return;
    }
    bytes.push(byte);
    if (introducer === undefined) return;
    if (isSequenceEnd(byte) || bytes.length > LONGEST_SEQUENCE) {
      endSequence();
      const arrow = bytes.length === 3 ? arrows.get(byte) : undefined;
      if (arrow) press(arrow);
    }
  };

  return {
    push(bytes) {
      for (const byte of bytes) {
        if (sequence) continueSequence(sequence, byte);
        else plain(byte);
      }
    },
    dropPartial: endSequence,
    held: () => sequence?.length ?? 0,
  };
}
