import type { Clock } from '../clock.ts';
import type { Decoder } from './decoder.ts';
import { type CodeFrame, isLineBreak, pauseTimer } from './lines.ts';

/** Operation codes of the Simple Serial Interface, as far as a GM72 has them (devices.md §3). */
export const SSI = { startDecode: 0xe4, stopDecode: 0xe5, ack: 0xd0, nak: 0xd1 } as const;

/** Who sent a packet. */
export const SSI_SOURCE = { decoder: 0x00, host: 0x04 } as const;

export interface SsiPacket {
  readonly opcode: number;
  readonly source: number;
  readonly data: Uint8Array;
}

export type SsiFrame = { readonly kind: 'packet'; readonly packet: SsiPacket } | { readonly kind: 'wake' } | CodeFrame;

const HEADER_LENGTH = 4;
const CHECKSUM_LENGTH = 2;
const SOURCE_AT = 2;
const WAKE = 0x00;
const GAP_MS = 40;
const LONGEST_ENDING = 2;

/** Sent before a packet; the scanner takes `SSI_WAKE_MS` to wake up. */
export const ssiWake: Uint8Array = Uint8Array.of(WAKE);
export const SSI_WAKE_MS = 50;

/** `length opcode source status data checksum`; the length is without the checksum. */
export function encodeSsi({ opcode, source, data }: SsiPacket): Uint8Array {
  const bytes = new Uint8Array(HEADER_LENGTH + data.length + CHECKSUM_LENGTH);
  bytes.set([HEADER_LENGTH + data.length, opcode, source, 0x00]);
  bytes.set(data, HEADER_LENGTH);
  const sum = checksum(bytes.subarray(0, HEADER_LENGTH + data.length));
  bytes.set([sum >> 8, sum & 0xff], HEADER_LENGTH + data.length);
  return bytes;
}

/** Two's complement of the sum, 16 bits. */
const checksum = (bytes: Uint8Array): number => -bytes.reduce((sum, byte) => sum + byte, 0) & 0xffff;

/** Packets of which the length is known; a code may stand behind one of them in the same chunk. */
const fixedLength: ReadonlyMap<number, number> = new Map<number, number>([
  [SSI.ack, HEADER_LENGTH],
  [SSI.nak, HEADER_LENGTH + 1],
  [SSI.startDecode, HEADER_LENGTH],
  [SSI.stopDecode, HEADER_LENGTH],
]);

type Mode = 'start' | 'text' | 'packet' | 'skip';

/**
 * Packets and codes out of one stream: a scanner answers in packets, but sends what it has read as plain text, with any ending or none; the pause
 * behind it counts. The third byte tells them apart, for no text has 00 or 04 in it. After a damaged packet everything up to the next pause
 * is left out, because what follows may be a code without its beginning.
 */
export function ssiDecoder({ clock, longest }: SsiOptions, emit: (frame: SsiFrame) => void): Decoder {
  const buffer = new Uint8Array(longest + LONGEST_ENDING);
  let length = 0;
  let mode: Mode = 'start';
  let isTooLong = false;
  const noise = { junkBytes: 0, badCrcs: 0 };
  const pause = pauseTimer(clock, GAP_MS, () => {
    if (mode === 'text' || mode === 'start') endText();
    else lose();
  });

  const reset = (): void => {
    pause.stop();
    length = 0;
    mode = 'start';
    isTooLong = false;
  };

  const lose = (): void => {
    const reason = isTooLong ? 'too-long' : 'damaged';
    reset();
    emit({ kind: 'unusable', reason });
  };

  const endText = (): void => {
    let [start, end] = [0, length];
    while (isLineBreak(buffer[start]) && start < end) start += 1;
    while (isLineBreak(buffer[end - 1]) && end > start) end -= 1;
    if (end - start > longest) {
      isTooLong = true;
      lose();
      return;
    }
    const data = buffer.slice(start, end);
    reset();
    if (data.length > 0) emit({ kind: 'code', data });
  };

  const skipDamaged = (): void => {
    noise.badCrcs += 1;
    mode = 'skip';
  };

  const decide = (byte: number): void => {
    const [first = 0, opcode = 0] = buffer;
    if (length === 1 && byte === WAKE) {
      reset();
      emit({ kind: 'wake' });
    } else if (length === 1 && byte < HEADER_LENGTH) mode = 'skip';
    else if (length === SOURCE_AT + 1) {
      const isPacket = byte === SSI_SOURCE.decoder || byte === SSI_SOURCE.host;
      if (!isPacket) mode = 'text';
      else if ((fixedLength.get(opcode) ?? first) === first) mode = 'packet';
      else skipDamaged();
    }
  };

  const endPacket = (): void => {
    const [first = 0, opcode = 0, source = 0] = buffer;
    const sent = (buffer[first] ?? 0) * 256 + (buffer[first + 1] ?? 0);
    if (checksum(buffer.subarray(0, first)) !== sent) {
      skipDamaged();
      return;
    }
    const data = buffer.slice(HEADER_LENGTH, first);
    reset();
    emit({ kind: 'packet', packet: { opcode, source, data } });
  };

  const take = (byte: number): void => {
    if (mode === 'skip') {
      noise.junkBytes += 1;
      return;
    }
    // The length of an answer, right behind a text that has no ending.
    if (mode === 'text' && (byte === HEADER_LENGTH || byte === HEADER_LENGTH + 1)) endText();
    if (length === buffer.length) {
      isTooLong = true;
      mode = 'skip';
      length = 0;
      return;
    }
    buffer[length++] = byte;
    if (mode === 'start') decide(byte);
    if (mode === 'packet' && length === (buffer[0] ?? 0) + CHECKSUM_LENGTH) endPacket();
  };

  return {
    noise,
    push(bytes) {
      for (const byte of bytes) take(byte);
      if (length > 0 || mode === 'skip') pause.restart();
    },
    dropPartial: reset,
    held: () => length,
  };
}

export interface SsiOptions {
  readonly clock: Clock;
  /** Bytes of the longest code that is delivered; a longer one is left out. At least 300, so that every packet has room. */
  readonly longest: number;
}
