import { ATTRIBUTION, CRYPTOGRAM, ENTRY_MODE, RESULT, TAG, VERIFICATION } from '../card-reader/codes.ts';
import { encodeTlv, fromHex } from '../framing/tlv.ts';
import type { TestCard } from './test-card.ts';

/** What a reader answers for a card, byte for byte. */

/** What the reader was told about the transaction, hex. */
export interface Activation {
  readonly amount: string;
  readonly type: string;
  readonly currency: string;
}

/** A transaction with a card; `counter` is the card's own count of them. */
export interface Presentation {
  readonly card: TestCard;
  readonly activation: Activation;
  readonly counter: number;
}

type Tags = readonly (readonly [tag: string, hex: string])[];

const UNIONPAY_DEBIT = 'A000000333010101';
const DISCRETIONARY = '00000123';

const track2 = (card: TestCard, serviceCode: string): string =>
  `${card.pan}=${card.expiry}${serviceCode}${DISCRETIONARY}`;
const hex = (...bytes: readonly number[]): string => Buffer.from(bytes).toString('hex');
const tlv = (tags: Tags): Uint8Array => encodeTlv(tags.map(([tag, value]) => [tag, fromHex(value)]));
const even = (digits: string): string => (digits.length % 2 ? `${digits}F` : digits);

/** The data of the answer to activate for a card held to the reader. */
export function contactlessAnswer(presented: Presentation): Uint8Array {
  const tags = [...cardTags(presented.card, ENTRY_MODE.contactless), ...cryptogramTags(presented, CRYPTOGRAM.arqc)];
  return Uint8Array.of(ATTRIBUTION.contactlessEmv, ...tlv(tags));
}

/** The result of 60-10. */
export const chipStartAnswer = ({ card }: Presentation): Uint8Array =>
  chipResult(RESULT.started, cardTags(card, ENTRY_MODE.contact));

/** The result of 60-11. */
export const chipAuthenticateAnswer = (presented: Presentation): Uint8Array =>
  chipResult(RESULT.goOnline, cryptogramTags(presented, CRYPTOGRAM.arqc));

/** The result of 60-11 when the card declines by itself. */
export const chipDeclineAnswer = (presented: Presentation): Uint8Array =>
  chipResult(RESULT.declinedOffline, cryptogramTags(presented, CRYPTOGRAM.aac));

/** The result of 60-12. */
export const chipFinishAnswer = (presented: Presentation, isApproved: boolean): Uint8Array =>
  chipResult(
    isApproved ? RESULT.approved : RESULT.declined,
    cryptogramTags(presented, isApproved ? CRYPTOGRAM.tc : CRYPTOGRAM.aac),
  );

const chipResult = (result: number, tags: Tags): Uint8Array =>
  Uint8Array.of(result >> 8, result & 0xff, ATTRIBUTION.contact, ...tlv(tags));

function cardTags(card: TestCard, entryMode: number): Tags {
  return [
    [TAG.applicationLabel, Buffer.from('UNIONPAY DEBIT', 'latin1').toString('hex')],
    [TAG.track2, even(track2(card, '201').replace('=', 'D'))],
    [TAG.pan, even(card.pan)],
    [TAG.aid, card.aid ?? UNIONPAY_DEBIT],
    [TAG.expiry, `${card.expiry}31`],
    ['5F34', '01'],
    [TAG.entryMode, hex(entryMode)],
  ];
}

function cryptogramTags({ card, activation, counter }: Presentation, kind: number): Tags {
  const { verification } = card;
  return [
    ['82', '7C00'],
    [TAG.tvr, '0000000000'],
    [TAG.transactionType, activation.type],
    [TAG.currency, activation.currency],
    [TAG.amount, activation.amount],
    ['9F10', '07010103A00000010A010000000000'],
    [TAG.arqc, madeUpCryptogram(card, activation, counter + kind)],
    [TAG.cryptogramKind, hex(kind)],
    ['9F33', 'E0E1C8'],
    [TAG.atc, counter.toString(16).padStart(4, '0')],
    ['9F37', (0x1234_0000 + counter).toString(16)],
    ...(verification === undefined ? [] : [[TAG.verification, hex(VERIFICATION[verification])] as const]),
  ];
}

/** Eight bytes that differ with card, amount and counter; nobody checks them here. */
function madeUpCryptogram(card: TestCard, activation: Activation, counter: number): string {
  let state = counter + 0x811c9dc5;
  for (const character of card.pan + activation.amount) state = Math.imul(state ^ character.charCodeAt(0), 0x01000193);
  const word = (value: number): string => (value >>> 0).toString(16).padStart(8, '0');
  return word(state) + word(Math.imul(state, 0x01000193));
}

/** The data of the answer to activate for a card drawn through the slot. */
export function swipeAnswer(swiped: TestCard, isDamaged: boolean): Uint8Array {
  const card = isDamaged ? { ...swiped, pan: misread(swiped.pan) } : swiped;
  const serviceCode = card.serviceCode ?? (card.chip ? '201' : '101');
  const first = Buffer.from(`%B${card.pan}^TEST/CARD^${card.expiry}${serviceCode}${DISCRETIONARY}?`, 'latin1');
  const second = Buffer.from(`;${track2(card, serviceCode)}?`, 'latin1');
  const body = [0x80, 0x3f, first.length, second.length, 0, ...first, ...second];
  const lrc = body.reduce((sum, byte) => sum ^ byte, 0);
  const sum = body.reduce((total, byte) => (total + byte) & 0xff, 0);
  const magnetic = Buffer.from([0x02, body.length & 0xff, body.length >> 8, ...body, lrc, sum, 0x03]).toString('hex');
  const tags: Tags = [
    [TAG.magneticData, magnetic],
    [TAG.entryMode, hex(ENTRY_MODE.swipe)],
  ];
  return Uint8Array.of(ATTRIBUTION.swipeMask, ...tlv(tags));
}

const misread = (pan: string): string => pan.slice(0, -1) + ((Number(pan.slice(-1)) + 1) % 10);

/** The data of a failed transaction: code, SW1, SW2, RF state. */
export const failureData = (errorCode: number): Uint8Array =>
  encodeTlv([[TAG.failure, Uint8Array.of(errorCode, 0, 0, 0)]]);
