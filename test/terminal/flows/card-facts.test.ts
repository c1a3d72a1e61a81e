import { expect, test } from 'vitest';
import { CardData, type CardVerification } from '../../../drivers/card-reader/card-data.ts';
import { cardFacts } from '../../../terminal/flows/card-facts.ts';

/** What is kept of a card says whether it asked for its PIN: its slip must not say that none was needed. */

const secrets = { pan: '6222021234567890128', track2: undefined, expiry: '3012', emvTags: {} };
const emv = { aid: 'A000000333010101', tvr: undefined, atc: '0001', arqc: undefined };
const chipOf = (verification: CardVerification | undefined, withChip = true) =>
  cardFacts(new CardData('CONTACTLESS', secrets, withChip ? emv : undefined, verification), new Uint8Array(32)).chip;

test.each<[CardVerification | undefined, object]>([
  ['online-pin', { AID: 'A000000333010101', ATC: '0001', CVM: 'online-pin' }],
  ['cdcvm', { AID: 'A000000333010101', ATC: '0001' }],
  [undefined, { AID: 'A000000333010101', ATC: '0001' }],
])('a card that asks for %s', (verification, chip) => expect(chipOf(verification)).toEqual(chip));

test('a stripe has no chip data', () => expect(chipOf('online-pin', false)).toBeNull());
