import { DeviceError } from '../errors.ts';
import { decodeTlv, findTag, type Tlv, toHex } from '../framing/tlv.ts';
import { CardData, type EmvForSlip } from './card-data.ts';
import { ATTRIBUTION, type CardReason, TAG } from './codes.ts';

/** Tags that repeat what CardSecrets has as fields, or that are nobody's business. */
const KEPT_APART: ReadonlySet<string> = new Set([
  TAG.pan,
  TAG.track2,
  TAG.expiry,
  TAG.cardholderName,
  TAG.track2Discretionary,
  TAG.magneticData,
]);

/** The data of a successful answer to activate: an attribution byte, then TLV objects. */
export interface ActivateAnswer {
  readonly attribution: number;
  readonly objects: readonly Tlv[];
}

/** Splits the data of an answer to activate. Throws DeviceError DEVICE_FAULT when it is not TLV. */
export function decodeActivateAnswer(device: string, data: Uint8Array): ActivateAnswer {
  const [attribution] = data;
  const decoded = decodeTlv(data.subarray(1));
  if (attribution === undefined)
    throw new DeviceError('DEVICE_FAULT', device, 'answer without data', { reason: 'empty' });
  if (!decoded.ok)
    throw new DeviceError('DEVICE_FAULT', device, 'answer is not TLV', { reason: `tlv-${decoded.fault}` });
  return { attribution, objects: decoded.objects };
}

/**
 * The card in an answer to activate. Throws DeviceError: CARD_UNREADABLE (`track`, `unsupported`), DEVICE_FAULT when the reader sends
 * encrypted data, for which nobody here has the key. The answer is overwritten.
 */
export function decodeCard(device: string, answer: ActivateAnswer): CardData {
  try {
    return cardOf(device, answer);
  } finally {
    for (const { value } of allObjects(answer.objects)) value.fill(0);
  }
}

function cardOf(device: string, { attribution, objects }: ActivateAnswer): CardData {
  if (attribution & ATTRIBUTION.encryptedMask) {
    throw new DeviceError('DEVICE_FAULT', device, 'the reader sends encrypted card data', { reason: 'encrypted' });
  }
  if (attribution & ATTRIBUTION.swipeMask) return swipedCard(device, objects);
  if ((attribution & ATTRIBUTION.interfaceMask) === ATTRIBUTION.contactlessEmv) return contactlessCard(device, objects);
  throw unreadable(device, 'unsupported');
}

function swipedCard(device: string, objects: readonly Tlv[]): CardData {
  const magnetic = findTag(objects, TAG.magneticData) ?? new Uint8Array(0);
  // Vendors wrap the tracks differently; the sentinels of track 2 are the same everywhere.
  const track2 = /;(\d{12,19}=\d{4}\d{3}\d*)\?/.exec(Buffer.from(magnetic).toString('latin1'))?.[1];
  if (track2 === undefined) throw unreadable(device, 'track');
  return new CardData('MAG', { ...readTrack2(device, track2), emvTags: {} });
}

function contactlessCard(device: string, objects: readonly Tlv[]): CardData {
  const equivalent = findTag(objects, TAG.track2);
  const hex = (tag: string): string | undefined => {
    const value = findTag(objects, tag);
    return value && toHex(value);
  };
  const emvForSlip: EmvForSlip = { aid: hex(TAG.aid), tvr: hex(TAG.tvr), atc: hex(TAG.atc), arqc: hex(TAG.arqc) };
  const secrets = equivalent
    ? readTrack2(device, toHex(equivalent).replace(/F$/, '').replace('D', '='))
    : { pan: (hex(TAG.pan) ?? '').replace(/F+$/, ''), track2: undefined, expiry: (hex(TAG.expiry) ?? '').slice(0, 4) };
  checkNumbers(device, secrets);
  return new CardData('CONTACTLESS', { ...secrets, emvTags: emvTags(objects) }, emvForSlip);
}

function readTrack2(device: string, track2: string): { pan: string; track2: string; expiry: string } {
  const [, pan, expiry] = /^(\d{12,19})=(\d{4})\d*$/.exec(track2) ?? [];
  if (pan === undefined || expiry === undefined) throw unreadable(device, 'track');
  const card = { pan, track2, expiry };
  checkNumbers(device, card);
  return card;
}

/** A misread track nearly always fails one of these. */
function checkNumbers(device: string, card: { readonly pan: string; readonly expiry: string }): void {
  const month = Number(card.expiry.slice(2));
  const plausible =
    /^\d{12,19}$/.test(card.pan) && passesLuhn(card.pan) && /^\d{4}$/.test(card.expiry) && month >= 1 && month <= 12;
  if (!plausible) throw unreadable(device, 'track');
}

/** ISO/IEC 7812-1, annex B. */
export function passesLuhn(pan: string): boolean {
  let sum = 0;
  for (let fromRight = 0; fromRight < pan.length; fromRight++) {
    const digit = Number(pan[pan.length - 1 - fromRight]);
    const weighted = fromRight % 2 === 1 ? digit * 2 : digit;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return sum % 10 === 0;
}

function emvTags(objects: readonly Tlv[]): Record<string, string> {
  const kept = allObjects(objects).filter(({ tag, children }) => !children && !KEPT_APART.has(tag));
  return Object.fromEntries(kept.map(({ tag, value }) => [tag, toHex(value)]));
}

/** The objects and everything inside them. */
const allObjects = (objects: readonly Tlv[]): Tlv[] =>
  objects.flatMap((object) => [object, ...(object.children ? allObjects(object.children) : [])]);

const unreadable = (device: string, reason: CardReason): DeviceError =>
  new DeviceError('CARD_UNREADABLE', device, 'the card cannot be read', { reason });
