import { findTag, type Tlv, toHex } from '../framing/tlv.ts';
import { allObjects, type CardAnswer, eraseAnswer, unreadable } from './card-answer.ts';
import { CardData, type CardEntry, type CardVerification, type EmvForSlip } from './card-data.ts';
import { ATTRIBUTION, CRYPTOGRAM, ENTRY_MODE, TAG, VERIFICATION } from './codes.ts';
import { asksForPin, checkNumbers, hasChip, readTrack2 } from './track2.ts';

/** Tags that repeat what CardSecrets has as fields, or that are nobody's business. */
const KEPT_APART: ReadonlySet<string> = new Set([
  TAG.pan,
  TAG.track2,
  TAG.expiry,
  TAG.cardholderName,
  TAG.track2Discretionary,
  TAG.magneticData,
]);

/**
 * The card in an answer to activate. `fallback`: its stripe is taken although it has a chip, which tag 9F39 then says. Throws DeviceError
 * CARD_UNREADABLE (`track`, `use-chip`, `declined`, `unsupported`). The answer is overwritten.
 */
export function decodeCard(device: string, answer: CardAnswer, fallback: boolean): CardData {
  try {
    const { attribution, objects } = answer;
    if (attribution & ATTRIBUTION.swipeMask) return swipedCard(device, objects, fallback);
    if ((attribution & ATTRIBUTION.interfaceMask) === ATTRIBUTION.contactlessEmv)
      return emvCard(device, objects, 'CONTACTLESS');
    throw unreadable(device, 'unsupported');
  } finally {
    eraseAnswer(answer);
  }
}

/** The card whose chip went through two steps, the newer of which has the last word. Throws as `decodeCard`. */
export function decodeChip(device: string, started: CardAnswer, authenticated: CardAnswer): CardData {
  const newer = new Set(authenticated.objects.map(({ tag }) => tag));
  const older = started.objects.filter(({ tag }) => !newer.has(tag));
  return emvCard(device, [...older, ...authenticated.objects], 'CHIP');
}

function swipedCard(device: string, objects: readonly Tlv[], fallback: boolean): CardData {
  const magnetic = findTag(objects, TAG.magneticData) ?? new Uint8Array(0);
  // Vendors wrap the tracks differently; the sentinels of track 2 are the same everywhere.
  const found = /;(\d{12,19}=\d{4}\d{3}\d*)\?/.exec(Buffer.from(magnetic).toString('latin1'))?.[1];
  if (found === undefined) throw unreadable(device, 'track');
  const card = readTrack2(device, found);
  if (hasChip(card) && !fallback) throw unreadable(device, 'use-chip');
  const emvTags = hasChip(card) ? { [TAG.entryMode]: toHex(Uint8Array.of(ENTRY_MODE.fallback)) } : {};
  const { pan, track2, expiry } = card;
  return new CardData('MAG', { pan, track2, expiry, emvTags }, undefined, asksForPin(card) ? 'online-pin' : undefined);
}

function emvCard(device: string, objects: readonly Tlv[], entry: CardEntry): CardData {
  checkCryptogram(device, objects);
  const hex = (tag: string): string | undefined => {
    const value = findTag(objects, tag);
    return value && toHex(value);
  };
  const track2 = hex(TAG.track2)?.replace(/F$/, '').replace('D', '=');
  const numbers = track2
    ? readTrack2(device, track2)
    : checkNumbers(device, {
        pan: (hex(TAG.pan) ?? '').replace(/F+$/, ''),
        expiry: (hex(TAG.expiry) ?? '').slice(0, 4),
      });
  const slip: EmvForSlip = {
    aid: hex(TAG.aid) ?? hex(TAG.aidOfDirectory),
    tvr: hex(TAG.tvr),
    atc: hex(TAG.atc),
    arqc: hex(TAG.arqc),
  };
  const secrets = { pan: numbers.pan, track2, expiry: numbers.expiry, emvTags: emvTags(objects) };
  return new CardData(entry, secrets, slip, verificationOf(objects));
}

/** Only what the host is to decide is taken. A card that approved by itself would have to be stored and forwarded, which nobody here does. */
function checkCryptogram(device: string, objects: readonly Tlv[]): void {
  const kind = findTag(objects, TAG.cryptogramKind)?.[0];
  if (kind === undefined || (kind & CRYPTOGRAM.mask) === CRYPTOGRAM.arqc) return;
  throw unreadable(device, (kind & CRYPTOGRAM.mask) === CRYPTOGRAM.aac ? 'declined' : 'unsupported');
}

const verifications: ReadonlyMap<number, CardVerification> = new Map([
  [VERIFICATION.none, 'none'],
  [VERIFICATION.signature, 'signature'],
  [VERIFICATION['online-pin'], 'online-pin'],
  [VERIFICATION.cdcvm, 'cdcvm'],
]);

/** EMV Book 3, annex C3: the method, in the lower six bits of 9F34, for a reader that does not say it in its own tag. */
const methods: ReadonlyMap<number, CardVerification> = new Map([
  [0x02, 'online-pin'],
  [0x1e, 'signature'],
  [0x1f, 'none'],
]);

function verificationOf(objects: readonly Tlv[]): CardVerification | undefined {
  const own = findTag(objects, TAG.verification)?.[0];
  if (own !== undefined) return verifications.get(own);
  return methods.get((findTag(objects, TAG.verificationResults)?.[0] ?? 0) & 0x3f);
}

/** Tags of the private class say something about the reader, at any length; a request with them may become too long for the host. */
const isPrivate = (tag: string): boolean => (Number.parseInt(tag.slice(0, 2), 16) & 0xc0) === 0xc0;

function emvTags(objects: readonly Tlv[]): Record<string, string> {
  const kept = allObjects(objects).filter(({ tag, children }) => !children && !isPrivate(tag) && !KEPT_APART.has(tag));
  return Object.fromEntries(kept.map(({ tag, value }) => [tag, toHex(value)]));
}
