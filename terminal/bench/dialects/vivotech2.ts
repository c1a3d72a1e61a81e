import { statusName } from '../../../drivers/card-reader/codes.ts';
import { crc16 } from '../../../drivers/framing/crc16.ts';
import { toHex } from '../../../drivers/framing/tlv.ts';
import { MAX_DATA_LENGTH } from '../../../drivers/framing/vivotech2.ts';
import { allSecret, type Dialect, hexByte, type Reading, type Way } from './dialect.ts';
import { disguise as replace, type Secret } from './secrets.ts';
import { type TlvPlace, tlvPlaces } from './tlv-places.ts';

/** ViVOtech2 (devices.md §2.1), over serial or in HID reports. */

const HEADER = Buffer.from('ViVOtech2\0', 'latin1');
const DATA_AT = 14;
const CRC_LENGTH = 2;
const PASS_THROUGH = 0x2c;

const names: ReadonlyMap<number, string> = new Map([
  [0x01, 'poll-mode'],
  [0x02, 'activate'],
  [0x03, 'result'],
  [0x05, 'cancel'],
  [0x0a, 'leds'],
  [0x0b, 'buzzer'],
  [0x14, 'boot'],
  [0x18, 'ping'],
  [0x29, 'version'],
  [0x30, 'baud'],
  [0x60, 'contact'],
  [0x61, 'ask-host'],
  [0x62, 'pin'],
]);
const exactNames: ReadonlyMap<number, string> = new Map([
  [0x0303, 'host-result'],
  [0x6010, 'contact-start'],
  [0x6011, 'contact-authenticate'],
  [0x6012, 'contact-host-result'],
  [0x6200, 'pin-cancel'],
  [0x6201, 'pin-ask'],
  [0x6202, 'function-key'],
]);
/** Nothing that a card or a customer brought can stand in these. */
const harmless: ReadonlySet<number> = new Set([0x01, 0x05, 0x0a, 0x0b, 0x14, 0x18, 0x29, 0x30]);
const PIN = 0x62;
/** The reader asks, and the terminal answers. */
const ASK_HOST = 0x61;
const ASK_HOST_DISPLAY = 0x01;

const secretTags: ReadonlyMap<string, Secret['as']> = new Map([
  ['5A', 'number-bcd'],
  ['57', 'track2-bcd'],
  ['5F24', 'expiry-bcd'],
  ['9F20', 'bytes'],
  ['5F20', 'bytes'],
  ['56', 'tracks-text'],
  ['9F1F', 'bytes'],
  ['9F6B', 'track2-bcd'],
  ['DFEE23', 'tracks-text'],
]);

export const vivotech2Dialect = (): Dialect => ({ cut, read, disguise });

function cut(_way: Way, bytes: Uint8Array): number | undefined {
  const start = headerAt(bytes);
  if (start > 0) return start;
  if (bytes.length < DATA_AT) return undefined;
  const length = (bytes[12] ?? 0) * 256 + (bytes[13] ?? 0);
  if (length > MAX_DATA_LENGTH) return DATA_AT;
  const whole = DATA_AT + length + CRC_LENGTH;
  return bytes.length < whole ? undefined : whole;
}

/** Where a header begins, or may; the length when nowhere. */
function headerAt(bytes: Uint8Array): number {
  for (let at = 0; at < bytes.length; at++) {
    const part = bytes.subarray(at, at + HEADER.length);
    if (part.every((byte, index) => byte === HEADER[index])) return at;
  }
  return bytes.length;
}

function read(way: Way, piece: Uint8Array): Reading {
  if (piece.length < DATA_AT + CRC_LENGTH || headerAt(piece) !== 0) return allSecret(piece, `junk ${piece.length} B`);
  const [command = 0, sub = 0] = piece.subarray(HEADER.length);
  const isQuestion = (way === 'out') !== (command === ASK_HOST);
  const label = isQuestion
    ? `${exactNames.get(command * 256 + sub) ?? names.get(command) ?? 'command'} ${hexByte(command)}-${hexByte(sub)}`
    : `${names.get(command) ?? `answer ${hexByte(command)}`} ${hexByte(sub)} ${statusName(sub)}`;
  const end = piece.length - CRC_LENGTH;
  const sealed = isSealed(way, piece);
  if (!sealed || piece.length !== DATA_AT + (piece[12] ?? 0) * 256 + (piece[13] ?? 0) + CRC_LENGTH)
    return { words: `${label} bad CRC`, secrets: [{ from: DATA_AT, to: piece.length, as: 'bytes' }] };
  if (harmless.has(command) || end === DATA_AT) return { words: label, secrets: [] };
  if (command === ASK_HOST && (sub === ASK_HOST_DISPLAY || !isQuestion)) return { words: label, secrets: [] };
  if (command === PIN) return readPin(way, piece, label, end);
  return readData(piece, label, end);
}

/** A byte or more in front (time-out, attribution, fallback), then TLV. What is no TLV is not shown. */
function readData(piece: Uint8Array, label: string, end: number): Reading {
  const command = piece[HEADER.length];
  const isContactStart = command === 0x60 && piece[HEADER.length + 1] === 0x10;
  const starts = isContactStart ? [5, 0, 1] : [1, 0];
  const tries = starts.map((skip) => tlvPlaces(piece, DATA_AT + skip, end));
  const { places, end: good } = tries.find((one) => one.end === end) ?? { places: [], end: DATA_AT + 1 };
  const secrets: Secret[] = places.flatMap(({ tag, from, to }) => {
    const as = secretTags.get(tag);
    return as && to > from ? [{ from, to, as }] : [];
  });
  if (good < end) secrets.push({ from: good, to: end, as: 'bytes' });
  const words = places.map((place) => worded(piece, place, secrets)).join(' ');
  return { words: `${label} ${words}`.trimEnd(), secrets };
}

function worded(piece: Uint8Array, { tag, from, to }: TlvPlace, secrets: readonly Secret[]): string {
  if (secrets.some((secret) => secret.from === from && secret.to === to)) return `${tag}=***`;
  const value = toHex(piece.subarray(from, Math.min(to, from + 16)));
  return `${tag}=${value}${to - from > 16 ? '…' : ''}`;
}

/** Out: key type, length and number of the card. In: state, key serial number (may be seen), PIN block. */
function readPin(way: Way, piece: Uint8Array, label: string, end: number): Reading {
  if (way === 'out') return { words: label, secrets: [{ from: DATA_AT, to: end, as: 'number-text' }] };
  const digits = end - DATA_AT - 1;
  const ksnDigits = digits === 20 + 16 || digits === 20 + 32 ? 20 : digits === 24 + 16 || digits === 24 + 32 ? 24 : 0;
  if (ksnDigits === 0)
    return { words: `${label} state ${hexByte(piece[DATA_AT] ?? 0)}`, secrets: secretFrom(DATA_AT + 1, end) };
  const ksn = Buffer.from(piece.subarray(DATA_AT + 1, DATA_AT + 1 + ksnDigits)).toString('latin1');
  return {
    words: `${label} state ${hexByte(piece[DATA_AT] ?? 0)} KSN=${ksn} block=***`,
    secrets: [{ from: DATA_AT + 1 + ksnDigits, to: end, as: 'hex-text' }],
  };
}

const secretFrom = (from: number, to: number): readonly Secret[] => (from < to ? [{ from, to, as: 'bytes' }] : []);

function crcBytes(way: Way, piece: Uint8Array): readonly [number, number] {
  const crc = crc16(piece, 0, piece.length - CRC_LENGTH);
  const command = piece[HEADER.length];
  const highFirst = (way === 'in') !== (command === ASK_HOST) || command === PASS_THROUGH;
  return highFirst ? [crc >> 8, crc & 0xff] : [crc & 0xff, crc >> 8];
}

function isSealed(way: Way, piece: Uint8Array): boolean {
  const [first, second] = crcBytes(way, piece);
  return piece.at(-2) === first && piece.at(-1) === second;
}

function disguise(way: Way, piece: Uint8Array): void {
  const wasSealed = piece.length >= DATA_AT + CRC_LENGTH && headerAt(piece) === 0 && isSealed(way, piece);
  replace(piece, read(way, piece).secrets);
  if (!wasSealed) return;
  const { places } = tlvPlaces(piece, DATA_AT + 1, piece.length - CRC_LENGTH);
  for (const { tag, from, to } of places) if (tag === 'DFEE23') resealTracks(piece.subarray(from, to));
  piece.set(crcBytes(way, piece), piece.length - CRC_LENGTH);
}

/** `02 LL LH body LRC SUM 03`. */
function resealTracks(value: Uint8Array): void {
  const length = (value[1] ?? 0) + (value[2] ?? 0) * 256;
  if (value[0] !== 0x02 || value.length !== length + 6) return;
  const body = value.subarray(3, 3 + length);
  value[3 + length] = body.reduce((sum, byte) => sum ^ byte, 0);
  value[4 + length] = body.reduce((sum, byte) => (sum + byte) & 0xff, 0);
}
