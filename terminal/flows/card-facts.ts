import { createHmac } from 'node:crypto';
import type { CardData } from '../../drivers/card-reader/card-data.ts';
import type { PinBlock } from '../../drivers/pin-pad/pin-block.ts';
import type { Sealed } from '../../sync/protocol/sealed.ts';
import type { CardFacts } from '../payments/payment.ts';
import type { World } from './world.ts';

/** What may be kept of a card: 6+4, entry mode, keyed hash, and the chip data that stand on the slip. */
export function cardFacts(card: CardData, hashKey: Uint8Array): CardFacts {
  const chip = Object.entries(card.emvForSlip ?? {}).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  // Its slip must not say that no PIN was needed.
  if (chip.length > 0 && card.verification === 'online-pin') chip.push(['CVM', card.verification]);
  return {
    entry: card.entry,
    card: card.masked,
    cardHash: createHmac('sha256', hashKey).update(card.reveal().pan).digest(),
    chip: chip.length === 0 ? null : Object.fromEntries(chip.map(([name, value]) => [name.toUpperCase(), value])),
  };
}

/**
 * The card and its PIN as they leave: sealed to the host for this payment only. Afterwards the PIN is wiped from memory, and the card too unless
 * it is kept for another try of the PIN.
 */
export function sealAndErase(
  world: Pick<World, 'seal'>,
  payment: string,
  { card, pin, keepCard }: { readonly card: CardData; readonly pin: PinBlock | undefined; readonly keepCard: boolean },
): Sealed {
  try {
    const { pan, track2, expiry, emvTags } = card.reveal();
    return world.seal({ pan, track2: track2 ?? null, expiry, emv: emvTags, pin: pin?.reveal() ?? null }, payment);
  } finally {
    pin?.erase();
    if (!keepCard) card.erase();
  }
}
