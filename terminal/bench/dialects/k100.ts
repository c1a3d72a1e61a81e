import { MAX_BODY_LENGTH } from '../../../drivers/framing/k100.ts';
import { allSecret, type Dialect, hexByte, type Reading, type Way } from './dialect.ts';
import { disguise as replace, type Secret } from './secrets.ts';

/** SmartPIN K100 (devices.md §2.3): `02 LenL LenH body LRC SUM 03`; LRC is the XOR of the body, SUM its sum. */

const STX = 0x02;
const ETX = 0x03;
const BODY_AT = 3;
const AROUND = 6;

const requests: ReadonlyMap<number, string> = new Map([
  [0x07, 'ask PIN'],
  [0x09, 'cancel'],
  [0x0b, 'ask function key'],
  [0x28, 'ask any key'],
]);

export const k100Dialect = (): Dialect => ({
  cut,
  read,
  disguise(way, piece) {
    const wasSealed = isFrame(piece) && isSealed(piece);
    replace(piece, read(way, piece).secrets);
    if (wasSealed) seal(piece);
  },
});

const bodyLength = (bytes: Uint8Array): number => (bytes[1] ?? 0) + (bytes[2] ?? 0) * 256;

function cut(_way: Way, bytes: Uint8Array): number | undefined {
  if (bytes[0] !== STX) return bytes.includes(STX) ? bytes.indexOf(STX) : bytes.length;
  if (bytes.length < BODY_AT) return undefined;
  const length = bodyLength(bytes);
  if (length > MAX_BODY_LENGTH) return 1;
  return bytes.length < length + AROUND ? undefined : length + AROUND;
}

const isFrame = (piece: Uint8Array): boolean =>
  piece[0] === STX && piece.length === bodyLength(piece) + AROUND && piece.at(-1) === ETX;

function read(way: Way, piece: Uint8Array): Reading {
  if (!isFrame(piece)) return allSecret(piece, `junk ${piece.length} B`);
  const end = piece.length - 3;
  const body = piece.subarray(BODY_AT, end);
  const bad = isSealed(piece) ? '' : ' bad LRC';
  const [first = 0, second = 0, third = 0] = body;
  if (way === 'out' && first === 0x75 && second === 0x46) {
    const label = `${requests.get(third) ?? `75-46-${hexByte(third)}`}${bad}`;
    return third === 0x07 ? { words: label, secrets: secretIn(piece, 'number-text') } : { words: label, secrets: [] };
  }
  if (way === 'in' && first === 0x15) return { words: `NAK ${hexByte(second)}-${hexByte(third)}${bad}`, secrets: [] };
  if (way === 'in' && first === 0x06) return readAnswer(body, bad);
  return { words: `body ${body.length} B${bad}`, secrets: [{ from: BODY_AT, to: end, as: 'bytes' }] };
}

/** A key serial number of 20 digits, which may be seen, and a PIN block of 16; or the key that was pressed. */
function readAnswer(body: Uint8Array, bad: string): Reading {
  if (body.length === 1) return { words: `ACK${bad}`, secrets: [] };
  const text = Buffer.from(body.subarray(1)).toString('latin1');
  if (text.length !== 36)
    return { words: `key${bad}`, secrets: [{ from: BODY_AT + 1, to: BODY_AT + body.length, as: 'bytes' }] };
  return {
    words: `PIN KSN=${text.slice(0, 20)} block=***${bad}`,
    secrets: [{ from: BODY_AT + 21, to: BODY_AT + 37, as: 'hex-text' }],
  };
}

/** The digits at the end of a request: a card number. */
function secretIn(piece: Uint8Array, as: Secret['as']): readonly Secret[] {
  return [{ from: BODY_AT + 4, to: piece.length - 3, as }];
}

function checks(piece: Uint8Array): readonly [number, number] {
  const body = piece.subarray(BODY_AT, piece.length - 3);
  return [body.reduce((xor, byte) => xor ^ byte, 0), body.reduce((sum, byte) => (sum + byte) & 0xff, 0)];
}

function isSealed(piece: Uint8Array): boolean {
  const [lrc, sum] = checks(piece);
  return piece.at(-3) === lrc && piece.at(-2) === sum;
}

const seal = (piece: Uint8Array): void => piece.set(checks(piece), piece.length - 3);
