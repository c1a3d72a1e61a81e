import { toHex } from '../../../drivers/framing/tlv.ts';

/** Where a value stands. The decoder of the drivers gives values away as copies; here their places are wanted, also those before a fault. */
export interface TlvPlace {
  readonly tag: string;
  readonly from: number;
  readonly to: number;
}

/** ID TECH's tags begin with FF EE; any other FF, and 00, is padding between objects. */
const isPadding = (bytes: Uint8Array, at: number): boolean =>
  bytes[at] === 0x00 || (bytes[at] === 0xff && bytes[at + 1] !== 0xee);
const FLAT = 'FFEE1F';
const DEEPEST = 8;

/** Primitive objects in order; `end` is where it stopped making sense, or the end. */
export function tlvPlaces(
  bytes: Uint8Array,
  start: number,
  end: number,
  depth = 0,
): { places: TlvPlace[]; end: number } {
  const places: TlvPlace[] = [];
  let at = start;
  while (at < end) {
    if (isPadding(bytes, at)) {
      at += 1;
      continue;
    }
    const head = headAt(bytes, at, end);
    if (!head) break;
    const isConstructed = ((bytes[at] ?? 0) & 0x20) !== 0 && head.tag !== FLAT && depth < DEEPEST;
    if (isConstructed) {
      const inside = tlvPlaces(bytes, head.from, head.to, depth + 1);
      places.push(...inside.places);
      if (inside.end < head.to) return { places, end: inside.end };
    } else places.push(head);
    at = head.to;
  }
  return { places, end: at };
}

function headAt(bytes: Uint8Array, at: number, end: number): TlvPlace | undefined {
  let next = at + 1;
  if (((bytes[at] ?? 0) & 0x1f) === 0x1f) {
    while (next < end && ((bytes[next] ?? 0) & 0x80) !== 0) next += 1;
    next += 1;
  }
  if (next >= end || next - at > 4) return undefined;
  const tag = toHex(bytes.subarray(at, next));
  const short = bytes[next] ?? 0;
  const lengthBytes = short > 0x80 ? short & 0x7f : 0;
  if (short === 0x80 || lengthBytes > 3 || next + 1 + lengthBytes > end) return undefined;
  const from = next + 1 + lengthBytes;
  const length = lengthBytes === 0 ? short : bytes.subarray(next + 1, from).reduce((sum, byte) => sum * 256 + byte, 0);
  return from + length > end ? undefined : { tag, from, to: from + length };
}
