import type { Decoder, Noise } from './decoder.ts';

/**
 * Frames of the ID TECH SmartPIN K100, both directions (devices.md §2.3): `02`, length of the body (low byte first), body, XOR of the
 * body, sum of the body, `03`. The same bytes serve the driver and its simulator.
 */

const START = 0x02;
const END = 0x03;
const BODY_AT = 3;
const TRAILER_LENGTH = 3;
/** The longest body that is used is an answer of 37 bytes. A small bound finds the next frame soon after a damaged length. */
export const MAX_BODY_LENGTH = 64;

/** Throws RangeError for a body that is empty or too long. */
export function encodeK100(body: Uint8Array): Uint8Array {
  if (body.length === 0 || body.length > MAX_BODY_LENGTH)
    throw new RangeError(`a body of ${body.length} bytes does not fit into a frame`);
  return Uint8Array.from([START, body.length & 0xff, body.length >> 8, ...body, xorOf(body), sumOf(body), END]);
}

export interface K100Decoder extends Decoder {
  /** `badCrcs`: frames with a wrong length, check byte or end. */
  readonly noise: Readonly<Required<Noise>>;
}

/**
 * Finds the bodies of frames in a stream. After a bad frame exactly one byte is dropped and the search goes on, so that a good frame
 * inside or right behind a damaged one is still found.
 */
export function k100Decoder(emit: (body: Uint8Array) => void): K100Decoder {
  let buffer = new Uint8Array(0);
  const noise = { junkBytes: 0, badCrcs: 0 };

  const drop = (count: number): void => {
    noise.junkBytes += count;
    buffer = buffer.subarray(count);
  };

  return {
    noise,
    held: () => buffer.length,
    push(bytes) {
      buffer = Uint8Array.from([...buffer, ...bytes]);
      for (;;) {
        drop(startOf(buffer));
        const body = bodyAtStart(buffer);
        if (body === 'incomplete') break;
        if (body === 'bad') {
          noise.badCrcs += 1;
          drop(1);
          continue;
        }
        buffer = buffer.subarray(BODY_AT + body.length + TRAILER_LENGTH);
        emit(body);
      }
      // A copy, so that the rest of a large chunk, which may hold a PIN block, is not kept alive by a small view of it.
      buffer = buffer.slice();
    },
    dropPartial() {
      drop(buffer.length);
      buffer = buffer.slice();
    },
  };
}

function startOf(bytes: Uint8Array): number {
  const at = bytes.indexOf(START);
  return at < 0 ? bytes.length : at;
}

function bodyAtStart(bytes: Uint8Array): Uint8Array | 'incomplete' | 'bad' {
  const [, low, high] = bytes;
  if (low === undefined || high === undefined) return 'incomplete';
  const length = high * 256 + low;
  if (length === 0 || length > MAX_BODY_LENGTH) return 'bad';
  const [xor, sum, end] = bytes.subarray(BODY_AT + length);
  if (xor === undefined || sum === undefined || end === undefined) return 'incomplete';
  const body = bytes.slice(BODY_AT, BODY_AT + length);
  return xor === xorOf(body) && sum === sumOf(body) && end === END ? body : 'bad';
}

const xorOf = (body: Uint8Array): number => body.reduce((xor, byte) => xor ^ byte, 0);
const sumOf = (body: Uint8Array): number => body.reduce((sum, byte) => (sum + byte) & 0xff, 0);
