import { crc16 } from './crc16.ts';
import type { Decoder, Noise } from './decoder.ts';

/** ViVOtech2 frames, both directions (devices.md §2.1). The same bytes serve the driver and its simulator. */
export interface Vivotech2Frame {
  /** Command byte; an answer repeats it. */
  readonly command: number;
  /** Sub-command in a command, status in an answer. */
  readonly sub: number;
  readonly data: Uint8Array;
}

export type Direction = 'command' | 'answer';

const HEADER = Uint8Array.from(Buffer.from('ViVOtech2\0', 'latin1'));
const DATA_AT = 14;
const CRC_LENGTH = 2;
export const MAX_DATA_LENGTH = 1500;
export const MAX_FRAME_LENGTH = DATA_AT + MAX_DATA_LENGTH + CRC_LENGTH;
const LENGTH_AT = 12;
/** Pass-through commands send their CRC most significant byte first in both directions. */
const PASS_THROUGH = 0x2c;
/** Here the reader asks too (61-01 …) and is answered: both byte orders come from both sides. */
const EITHER_ASKS = 0x61;

const crcFirstByteIsHigh = (direction: Direction, command: number): boolean =>
  direction === 'answer' || command === PASS_THROUGH;

export function encodeVivotech2(direction: Direction, frame: Vivotech2Frame): Uint8Array {
  const { command, sub, data } = frame;
  if (data.length > MAX_DATA_LENGTH) throw new RangeError(`data of ${data.length} bytes is too long for a frame`);
  const bytes = new Uint8Array(DATA_AT + data.length + CRC_LENGTH);
  bytes.set(HEADER);
  bytes.set([command, sub, data.length >> 8, data.length & 0xff], HEADER.length);
  bytes.set(data, DATA_AT);
  const crc = crc16(bytes, 0, DATA_AT + data.length);
  const [high, low] = [crc >> 8, crc & 0xff];
  bytes.set(crcFirstByteIsHigh(direction, command) ? [high, low] : [low, high], DATA_AT + data.length);
  return bytes;
}

export interface Vivotech2Decoder extends Decoder {
  readonly noise: Readonly<Required<Noise>>;
}

/**
 * Finds frames in a stream. After a bad length or CRC exactly one byte is dropped and the search goes on, so that a good frame
 * inside or right behind a damaged one is still found.
 */
export function vivotech2Decoder(direction: Direction, emit: (frame: Vivotech2Frame) => void): Vivotech2Decoder {
  const noise = { junkBytes: 0, badCrcs: 0 };
  let buffer = new Uint8Array(0);

  const drop = (count: number): void => {
    noise.junkBytes += count;
    buffer = buffer.subarray(count);
  };

  return {
    noise,
    push(bytes) {
      buffer = concat(buffer, bytes);
      for (;;) {
        drop(headerAt(buffer));
        const found = frameAtStart(direction, buffer);
        if (found === 'incomplete') break;
        if (typeof found === 'string') {
          if (found === 'bad-crc') noise.badCrcs += 1;
          drop(1);
          continue;
        }
        buffer = buffer.subarray(DATA_AT + found.data.length + CRC_LENGTH);
        emit(found);
      }
      // A copy, so that the rest of a large chunk, which may hold card data, is not kept alive by a small view of it.
      buffer = buffer.slice();
    },
    dropPartial() {
      drop(buffer.length);
    },
    held: () => buffer.length,
  };
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}

/** Where the first header begins, or the longest end of the bytes that may be the beginning of one. */
function headerAt(bytes: Uint8Array): number {
  for (let at = bytes.indexOf(HEADER[0] ?? 0); at >= 0; at = bytes.indexOf(HEADER[0] ?? 0, at + 1)) {
    const length = Math.min(HEADER.length, bytes.length - at);
    let same = 1;
    while (same < length && bytes[at + same] === HEADER[same]) same += 1;
    if (same === length) return at;
  }
  return bytes.length;
}

function frameAtStart(
  direction: Direction,
  bytes: Uint8Array,
): Vivotech2Frame | 'incomplete' | 'bad-length' | 'bad-crc' {
  const [command, sub, lengthHigh, lengthLow] = bytes.subarray(HEADER.length, DATA_AT);
  if (command === undefined || sub === undefined || lengthHigh === undefined || lengthLow === undefined)
    return 'incomplete';
  const length = lengthHigh * 256 + lengthLow;
  if (length > MAX_DATA_LENGTH) return 'bad-length';
  const end = DATA_AT + length;
  const [first, second] = bytes.subarray(end, end + CRC_LENGTH);
  if (first === undefined || second === undefined) return 'incomplete';
  const crc = crc16(bytes, 0, end);
  const isHighFirst = crc === first * 256 + second;
  const isLowFirst = crc === second * 256 + first;
  const isGood = crcFirstByteIsHigh(direction, command) ? isHighFirst : isLowFirst;
  if (!isGood && !(command === EITHER_ASKS && (isHighFirst || isLowFirst))) return 'bad-crc';
  return { command, sub, data: bytes.slice(DATA_AT, end) };
}

/** How long the frame that begins here says that it is; undefined when no frame does. */
export function frameLength(bytes: Uint8Array): number | undefined {
  if (bytes.length < DATA_AT || HEADER.some((byte, at) => bytes[at] !== byte)) return undefined;
  return DATA_AT + (bytes[LENGTH_AT] ?? 0) * 256 + (bytes[LENGTH_AT + 1] ?? 0) + CRC_LENGTH;
}
