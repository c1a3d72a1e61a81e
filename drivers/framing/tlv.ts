/** One BER-TLV object as EMV uses it. */
export interface Tlv {
  /** Upper-case hex, e.g. `9F02`. */
  readonly tag: string;
  readonly value: Uint8Array;
  /** Of a constructed object (bit 6 of the tag). */
  readonly children?: readonly Tlv[];
}

export type TlvFault = 'truncated' | 'indefinite' | 'oversized' | 'tag' | 'depth' | 'count';

/** `at` is the offset of the object that is wrong. Whoever reads from a card must not use what came before it. */
export type TlvResult =
  | { readonly ok: true; readonly objects: readonly Tlv[] }
  | { readonly ok: false; readonly fault: TlvFault; readonly at: number };

const MAX_TAG_BYTES = 4;
const MAX_LENGTH_BYTES = 3;
const MAX_DEPTH = 8;
const MAX_OBJECTS = 512;
/** ID TECH's own tags begin with FF EE, so an FF is padding only where no EE follows. */
const IDTECH_TAG = [0xff, 0xee] as const;
/** Constructed by its bit 6, but holds four plain bytes. */
const IDTECH_FAILURE = 'FFEE1F';

/**
 * Decodes a list of BER-TLV objects (devices.md §2.4). Padding (00, FF) between objects is skipped; indefinite, oversized and truncated
 * objects are refused. Never throws.
 */
export function decodeTlv(bytes: Uint8Array): TlvResult {
  const reader = { bytes, count: 0 };
  const result = readObjects(reader, 0, bytes.length, 0);
  return Array.isArray(result) ? { ok: true, objects: result } : { ok: false, ...result };
}

interface Reader {
  readonly bytes: Uint8Array;
  count: number;
}

interface Fault {
  readonly fault: TlvFault;
  readonly at: number;
}

function readObjects(reader: Reader, start: number, end: number, depth: number): Tlv[] | Fault {
  if (depth > MAX_DEPTH) return { fault: 'depth', at: start };
  const objects: Tlv[] = [];
  let at = start;
  while (at < end) {
    const first = reader.bytes[at];
    if (first === 0x00 || (first === IDTECH_TAG[0] && reader.bytes[at + 1] !== IDTECH_TAG[1])) {
      at += 1;
      continue;
    }
    reader.count += 1;
    if (reader.count > MAX_OBJECTS) return { fault: 'count', at };
    const head = readHead(reader.bytes, at, end);
    if ('fault' in head) return head;
    const value = reader.bytes.slice(head.valueAt, head.valueAt + head.length);
    if ((first ?? 0) & 0x20 && head.tag !== IDTECH_FAILURE) {
      const children = readObjects(reader, head.valueAt, head.valueAt + head.length, depth + 1);
      if (!Array.isArray(children)) return children;
      objects.push({ tag: head.tag, value, children });
    } else {
      objects.push({ tag: head.tag, value });
    }
    at = head.valueAt + head.length;
  }
  return objects;
}

function readHead(
  bytes: Uint8Array,
  at: number,
  end: number,
): { tag: string; valueAt: number; length: number } | Fault {
  let next = at + 1;
  if (((bytes[at] ?? 0) & 0x1f) === 0x1f) {
    do {
      if (next >= end) return { fault: 'truncated', at };
      if (next - at >= MAX_TAG_BYTES) return { fault: 'tag', at };
      next += 1;
    } while ((bytes[next - 1] ?? 0) & 0x80);
  }
  const tag = toHex(bytes.subarray(at, next));
  if (next >= end) return { fault: 'truncated', at };
  let length = bytes[next] ?? 0;
  next += 1;
  if (length === 0x80) return { fault: 'indefinite', at };
  if (length > 0x80) {
    const lengthBytes = length & 0x7f;
    if (lengthBytes > MAX_LENGTH_BYTES) return { fault: 'oversized', at };
    if (next + lengthBytes > end) return { fault: 'truncated', at };
    length = bytes.subarray(next, next + lengthBytes).reduce((sum, byte) => sum * 256 + byte, 0);
    next += lengthBytes;
  }
  return next + length > end ? { fault: 'truncated', at } : { tag, valueAt: next, length };
}

/** The value of the first object with this tag, at any depth. */
export function findTag(objects: readonly Tlv[], tag: string): Uint8Array | undefined {
  for (const object of objects) {
    if (object.tag === tag) return object.value;
    const inside = object.children && findTag(object.children, tag);
    if (inside) return inside;
  }
  return undefined;
}

/** Encodes primitive objects, `[tag, value]` each, in this order. */
export function encodeTlv(objects: readonly (readonly [tag: string, value: Uint8Array])[]): Uint8Array {
  return Uint8Array.from(objects.flatMap(([tag, value]) => [...fromHex(tag), ...encodeLength(value.length), ...value]));
}

function encodeLength(length: number): number[] {
  if (length < 0x80) return [length];
  if (length < 0x100) return [0x81, length];
  return [0x82, length >> 8, length & 0xff];
}

export const toHex = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex').toUpperCase();

/** Hex digits to bytes; spaces are allowed. */
export const fromHex = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
