import { createHmac } from 'node:crypto';
import type { CardData } from '../../drivers/card-reader/card-data.ts';
import type { Sealed } from '../../sync/protocol/requests.ts';
import type { CardFacts } from '../payments/payment.ts';
import type { World } from './world.ts';

/** What may be kept of a card: 6+4, entry mode, keyed hash, and the chip data that stand on the slip. */
export function cardFacts(card: CardData, hashKey: Uint8Array): CardFacts {
  const chip = Object.entries(card.emvForSlip ?? {}).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return {
    entry: card.entry,
    card: card.masked,
    cardHash: createHmac('sha256', hashKey).update(card.reveal().pan).digest(),
    chip: chip.length === 0 ? null : Object.fromEntries(chip.map(([name, value]) => [name.toUpperCase(), value])),
  };
}

/** The card as it leaves: sealed to the host for this payment only. Afterwards the secrets are wiped from memory. */
export function sealAndErase(world: Pick<World, 'seal'>, payment: string, card: CardData): Sealed {
  const { pan, track2, expiry, emvTags } = card.reveal();
  try {
    return world.seal({ pan, track2: track2 ?? null, expiry, emv: emvTags }, payment);
  } finally {
    card.erase();
  }
}
