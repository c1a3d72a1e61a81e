import { unreadable } from './card-answer.ts';

/** What is on track 2 of a stripe, or in a chip's copy of it. */
export interface Track2 {
  readonly pan: string;
  /** `PAN=YYMMsss…` without sentinels. */
  readonly track2: string;
  /** YYMM. */
  readonly expiry: string;
  /** Three digits (ISO/IEC 7813): what the card is for, and how its holder is known. */
  readonly serviceCode: string;
}

/** Throws DeviceError CARD_UNREADABLE (`track`) for what cannot be a card's. */
export function readTrack2(device: string, track2: string): Track2 {
  const [, pan, expiry, serviceCode] = /^(\d{12,19})=(\d{4})(\d{3})\d*$/.exec(track2) ?? [];
  if (pan === undefined || expiry === undefined || serviceCode === undefined) throw unreadable(device, 'track');
  return checkNumbers(device, { pan, track2, expiry, serviceCode });
}

/** A misread track nearly always fails one of these. Throws DeviceError CARD_UNREADABLE (`track`). */
export function checkNumbers<Card extends Pick<Track2, 'pan' | 'expiry'>>(device: string, card: Card): Card {
  const month = Number(card.expiry.slice(2));
  const plausible =
    /^\d{12,19}$/.test(card.pan) && passesLuhn(card.pan) && /^\d{4}$/.test(card.expiry) && month >= 1 && month <= 12;
  if (!plausible) throw unreadable(device, 'track');
  return card;
}

/** The card has a chip (first digit of the service code), so its stripe is for emergencies. */
export const hasChip = ({ serviceCode }: Track2): boolean => /^[26]/.test(serviceCode);

/** The third digit asks for a PIN: always (0, 3, 5), or where there is a PIN pad (6, 7). */
export const asksForPin = ({ serviceCode }: Track2): boolean => /[03567]$/.test(serviceCode);

/** ISO/IEC 7812-1, annex B. */
function passesLuhn(pan: string): boolean {
  let sum = 0;
  for (let fromRight = 0; fromRight < pan.length; fromRight++) {
    const digit = Number(pan[pan.length - 1 - fromRight]);
    const weighted = fromRight % 2 === 1 ? digit * 2 : digit;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return sum % 10 === 0;
}
