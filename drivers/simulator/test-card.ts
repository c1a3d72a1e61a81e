import { ATTRIBUTION, TAG } from '../card-reader/codes.ts';
import { encodeTlv, fromHex } from '../framing/tlv.ts';

/** A card of a tester. Never a real one. */
export interface TestCard {
  /** 12 to 19 digits; the last one is its Luhn digit unless the card shall be unreadable. */
  readonly pan: string;
  /** YYMM. */
  readonly expiry: string;
  /** Of the magnetic stripe; 201 (a card with a chip) when not given. */
  readonly serviceCode?: string;
  /** Application on the chip; UnionPay debit when not given. */
  readonly aid?: string;
}

/** What the reader was told about the transaction, hex. */
export interface Activation {
  readonly amount: string;
  readonly type: string;
  readonly currency: string;
}

const UNIONPAY_DEBIT = 'A000000333010101';
const DISCRETIONARY = '00000123';

const track2 = (card: TestCard): string => `${card.pan}=${card.expiry}${card.serviceCode ?? '201'}${DISCRETIONARY}`;

/** The data of the answer to activate for a card held to the reader. `counter` is the card's transaction counter. */
export function contactlessAnswer(card: TestCard, activation: Activation, counter: number): Uint8Array {
  const equivalent = track2(card).replace('=', 'D');
  const tags: [string, string][] = [
    [TAG.applicationLabel, Buffer.from('UNIONPAY DEBIT', 'latin1').toString('hex')],
    [TAG.track2, equivalent.length % 2 ? `${equivalent}F` : equivalent],
    [TAG.pan, card.pan.length % 2 ? `${card.pan}F` : card.pan],
    ['82', '7C00'],
    [TAG.aid, card.aid ?? UNIONPAY_DEBIT],
    [TAG.tvr, '0000000000'],
    [TAG.transactionType, activation.type],
    [TAG.expiry, `${card.expiry}31`],
    [TAG.currency, activation.currency],
    ['5F34', '01'],
    [TAG.amount, activation.amount],
    ['9F10', '07010103A00000010A010000000000'],
    [TAG.arqc, madeUpCryptogram(card, activation, counter)],
    ['9F27', '80'],
    ['9F33', 'E0E1C8'],
    [TAG.atc, counter.toString(16).padStart(4, '0')],
    ['9F37', (0x1234_0000 + counter).toString(16)],
    ['9F39', '07'],
  ];
  return Uint8Array.of(ATTRIBUTION.contactlessEmv, ...encodeTlv(tags.map(([tag, value]) => [tag, fromHex(value)])));
}

/** Eight bytes that differ with card, amount and counter; nobody checks them here. */
function madeUpCryptogram(card: TestCard, activation: Activation, counter: number): string {
  let state = counter + 0x811c9dc5;
  for (const character of card.pan + activation.amount) state = Math.imul(state ^ character.charCodeAt(0), 0x01000193);
  const word = (value: number): string => (value >>> 0).toString(16).padStart(8, '0');
  return word(state) + word(Math.imul(state, 0x01000193));
}

/** The data of the answer to activate for a card drawn through the slot. */
export function swipeAnswer(card: TestCard): Uint8Array {
  const first = Buffer.from(`%B${card.pan}^TEST/CARD^${card.expiry}201${DISCRETIONARY}?`, 'latin1');
  const second = Buffer.from(`;${track2(card)}?`, 'latin1');
  const body = [0x80, 0x3f, first.length, second.length, 0, ...first, ...second];
  const lrc = body.reduce((sum, byte) => sum ^ byte, 0);
  const sum = body.reduce((total, byte) => (total + byte) & 0xff, 0);
  const magnetic = Uint8Array.of(0x02, body.length & 0xff, body.length >> 8, ...body, lrc, sum, 0x03);
  return Uint8Array.of(
    ATTRIBUTION.swipeMask,
    ...encodeTlv([
      [TAG.magneticData, magnetic],
      ['9F39', Uint8Array.of(0x90)],
    ]),
  );
}
