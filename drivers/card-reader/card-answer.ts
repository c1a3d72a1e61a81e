import { DeviceError } from '../errors.ts';
import { decodeTlv, findTag, type Tlv, toHex } from '../framing/tlv.ts';
import { ATTRIBUTION, type CardReason, TAG } from './codes.ts';
import { amountBcd } from './commands.ts';

/** What the reader says of a card: an attribution byte, then TLV objects. */
export interface CardAnswer {
  readonly attribution: number;
  readonly objects: readonly Tlv[];
}

/** What the reader says of a step with a chip. */
export interface ContactAnswer extends CardAnswer {
  /** One of RESULT, or another. */
  readonly result: number;
}

const RESULT_LENGTH = 2;
/** What decides who pays how much. */
const ONLY_ONCE = [TAG.pan, TAG.track2, TAG.expiry, TAG.amount, TAG.arqc, TAG.atc, TAG.cryptogramKind];

/**
 * Splits the data of an answer to activate. Throws DeviceError DEVICE_FAULT when it is not TLV, contradicts itself or is encrypted (for
 * which nobody here has the key).
 */
export function decodeCardAnswer(device: string, data: Uint8Array): CardAnswer {
  const fault = (reason: string, message: string): DeviceError =>
    new DeviceError('DEVICE_FAULT', device, message, { reason });
  const [attribution] = data;
  if (attribution === undefined) throw fault('empty', 'answer without data');
  const decoded = decodeTlv(data.subarray(1));
  if (attribution & ATTRIBUTION.encryptedMask) throw fault('encrypted', 'the reader sends encrypted card data');
  if (!decoded.ok) throw fault(`tlv-${decoded.fault}`, 'answer is not TLV');
  if (ONLY_ONCE.some((tag) => contradicts(decoded.objects, tag)))
    throw fault('tlv-duplicate', 'answer contradicts itself');
  return { attribution, objects: decoded.objects };
}

/** The same for a step with a chip: two bytes of result come first. Throws as `decodeCardAnswer`. */
export function decodeContactAnswer(device: string, data: Uint8Array): ContactAnswer {
  const [high, low] = data;
  if (high === undefined || low === undefined)
    throw new DeviceError('DEVICE_FAULT', device, 'answer without data', { reason: 'empty' });
  const rest = data.subarray(RESULT_LENGTH);
  // A step that failed may have nothing more to say.
  const card = rest.length === 0 ? { attribution: ATTRIBUTION.contact, objects: [] } : decodeCardAnswer(device, rest);
  return { result: high * 256 + low, ...card };
}

function contradicts(objects: readonly Tlv[], tag: string): boolean {
  const values = allObjects(objects).filter((object) => object.tag === tag);
  return new Set(values.map(({ value }) => toHex(value))).size > 1;
}

/** An answer that names another amount belongs to an older command, whatever its place in the stream. */
export function isFor(amountFen: number, answer: CardAnswer): boolean {
  const amount = findTag(answer.objects, TAG.amount);
  return amount === undefined || toHex(amount) === toHex(amountBcd(amountFen));
}

/** Overwrites what the card said. */
export function eraseAnswer({ objects }: CardAnswer): void {
  for (const { value } of allObjects(objects)) value.fill(0);
}

/** The objects and everything inside them. */
export const allObjects = (objects: readonly Tlv[]): Tlv[] =>
  objects.flatMap((object) => [object, ...(object.children ? allObjects(object.children) : [])]);

export const unreadable = (device: string, reason: CardReason): DeviceError =>
  new DeviceError('CARD_UNREADABLE', device, 'the card cannot be used', { reason });
