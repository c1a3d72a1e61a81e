/** Tables of ViVOtech2 (devices.md §2.1), for the driver and its simulator. */

export const COMMAND = { activate: 0x02, cancel: 0x05, pollMode: 0x01, boot: 0x14, ping: 0x18 } as const;
/** Sub-command of each, where there is one that is used. */
export const SUB = { activate: 0x40, cancel: 0x01, pollMode: 0x01, ping: 0x01 } as const;
export const POLL_ON_DEMAND = 0x01;

export const STATUS = {
  ok: 0x00,
  unknownCommand: 0x02,
  badParameter: 0x05,
  timeout: 0x08,
  failed: 0x0a,
  notAllowed: 0x0b,
  userInterfaceEvent: 0x0e,
  onlineRequest: 0x23,
} as const;

const statusNames: ReadonlyMap<number, string> = new Map([
  [0x01, 'bad-header'],
  [0x02, 'unknown-command'],
  [0x03, 'unknown-sub-command'],
  [0x04, 'crc-error'],
  [0x05, 'bad-parameter'],
  [0x06, 'not-supported'],
  [0x07, 'malformed'],
  [0x08, 'timeout'],
  [0x0a, 'failed'],
  [0x0b, 'command-not-allowed'],
  [0x0c, 'sub-command-not-allowed'],
  [0x0d, 'buffer-overflow'],
  [0x1d, 'tamper'],
]);

/** A stable word for a status byte. */
export const statusName = (status: number): string =>
  statusNames.get(status) ?? `status-${status.toString(16).padStart(2, '0')}`;

/** Why a card could not be used, as DeviceError CARD_UNREADABLE says it in `details.reason`. */
export type CardReason = 'two-cards' | 'removed' | 'expired' | 'blocked' | 'unsupported' | 'track' | 'chip';

/** Error codes of a failed transaction that are about the card. All others are faults of the reader or of its set-up. */
const cardReasons: ReadonlyMap<number, CardReason> = new Map([
  [0x02, 'chip'], // go to the contact interface
  [0x20, 'chip'], // card returned an error
  [0x21, 'two-cards'], // collision
  [0x22, 'chip'], // over the contactless limit
  [0x24, 'removed'], // communication with the card failed
  [0x25, 'blocked'],
  [0x26, 'expired'],
  [0x27, 'unsupported'],
  [0x30, 'removed'], // card does not respond
  [0x42, 'chip'], // AAC: the card declined
  [0x44, 'chip'], // data authentication, and so are 50 to 54
  [0x50, 'chip'],
  [0x51, 'chip'],
  [0x52, 'chip'],
  [0x53, 'chip'],
  [0x54, 'chip'],
  [0x55, 'chip'], // restrictions
  [0x56, 'chip'], // terminal risk management
  [0x57, 'chip'], // cardholder verification
  [0x58, 'chip'], // terminal action analysis
  [0x73, 'removed'], // torn transaction
]);

export const cardReasonOf = (errorCode: number): CardReason | undefined => cardReasons.get(errorCode);

/** The error codes that a simulator sends. */
export const ERROR_CODE: Readonly<Record<Exclude<CardReason, 'track'>, number>> = {
  'two-cards': 0x21,
  removed: 0x24,
  blocked: 0x25,
  expired: 0x26,
  unsupported: 0x27,
  chip: 0x20,
};

/** TLV tags by name. */
export const TAG = {
  aid: '84',
  amount: '9F02',
  applicationLabel: '50',
  arqc: '9F26',
  atc: '9F36',
  cardholderName: '5F20',
  currency: '5F2A',
  expiry: '5F24',
  failure: 'FFEE1F',
  magneticData: 'DFEE23',
  pan: '5A',
  track2: '57',
  track2Discretionary: '9F20',
  transactionType: '9C',
  tvr: '95',
} as const;

/** Attribution: the first data byte of an answer to activate. Bits 4, 3 and 0 tell the interface, 7 and 6 that data is encrypted. */
export const ATTRIBUTION = { interfaceMask: 0x19, contactlessEmv: 0x01, swipeMask: 0x08, encryptedMask: 0xc0 } as const;
