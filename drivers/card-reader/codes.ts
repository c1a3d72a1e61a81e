/** Tables of ViVOtech2 (devices.md §2.1), for the driver and its simulator. */

export const COMMAND = {
  pollMode: 0x01,
  activate: 0x02,
  cancel: 0x05,
  boot: 0x14,
  ping: 0x18,
  contact: 0x60,
  /** The reader asks the terminal. */
  askHost: 0x61,
  pin: 0x62,
} as const;

/** Sub-commands that are used. */
export const SUB = {
  pollMode: 0x01,
  activate: 0x40,
  cancel: 0x01,
  ping: 0x01,
  contactStart: 0x10,
  contactAuthenticate: 0x11,
  contactFinish: 0x12,
  askDisplay: 0x01,
  askPin: 0x02,
  askStripe: 0x03,
  pinCancel: 0x00,
  pinRead: 0x01,
} as const;

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
  /** First of two answers: the command was taken, its result follows. */
  accepted: 0x63,
} as const;

const statusNames: ReadonlyMap<number, string> = new Map([
  [0x00, 'ok'],
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
  [0x0e, 'card-seen'],
  [0x1d, 'tamper'],
  [0x23, 'online-request'],
  [0x60, 'contact-data-missing'],
  [0x61, 'contact-data-full'],
  [0x63, 'first-response'],
]);

/** A stable word for a status byte. */
export const statusName = (status: number): string =>
  statusNames.get(status) ?? `status-${status.toString(16).padStart(2, '0')}`;

/** Why a card could not be used, as DeviceError CARD_UNREADABLE says it in `details.reason`. */
export type CardReason =
  | 'two-cards'
  | 'removed'
  | 'expired'
  | 'blocked'
  | 'unsupported'
  | 'track'
  | 'chip'
  | 'declined'
  | 'use-chip';

/** Error codes that mean something else than a card that cannot be used. */
export const ERROR = { goToContact: 0x02, amountZero: 0x03, noResponse: 0x30 } as const;

/** Error codes of a failed transaction that are about the card. All others are faults of the reader or of its set-up. */
const cardReasons: ReadonlyMap<number, CardReason> = new Map([
  [ERROR.goToContact, 'chip'],
  [0x20, 'chip'], // card returned an error
  [0x21, 'two-cards'], // collision
  [0x22, 'use-chip'], // over the contactless limit
  [0x24, 'removed'], // communication with the card failed
  [0x25, 'blocked'],
  [0x26, 'expired'],
  [0x27, 'unsupported'],
  [ERROR.noResponse, 'removed'],
  [0x42, 'declined'], // AAC
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
  declined: 0x42,
  'use-chip': 0x22,
};

/** How a step with a chip ended: the first two bytes of its result. */
export const RESULT = {
  approvedOffline: 0x0000,
  declinedOffline: 0x0001,
  approved: 0x0002,
  declined: 0x0003,
  goOnline: 0x0004,
  useStripe: 0x0007,
  timeout: 0x0008,
  started: 0x0010,
} as const;

/** Cryptogram information data: which cryptogram the card made, in its two highest bits. */
export const CRYPTOGRAM = { mask: 0xc0, aac: 0x00, tc: 0x40, arqc: 0x80 } as const;

/** How the card's holder is known, in DF52. */
export const VERIFICATION = { none: 0x00, signature: 0x01, 'online-pin': 0x02, cdcvm: 0x03 } as const;

/** Key type of 62-01: the card number comes in the command, the key is DUKPT. */
export const PIN_KEY_TYPE = 0x11;
/** DUKPT with triple DES takes exactly so many digits: the last ones of a longer number, zeros before a shorter one. */
export const PIN_PAN_DIGITS = 16;

/** First data byte of the result of 62-01. */
export const PIN_STATE = {
  ok: 0x00,
  keypadCancel: 0x01,
  externalCancel: 0x02,
  parameters: 0x03,
  keyAbsent: 0x05,
  keysExhausted: 0x06,
} as const;

/** TLV tags by name. */
export const TAG = {
  aid: '84',
  aidOfDirectory: '4F',
  amount: '9F02',
  applicationLabel: '50',
  arqc: '9F26',
  atc: '9F36',
  cardholderName: '5F20',
  cryptogramKind: '9F27',
  currency: '5F2A',
  entryMode: '9F39',
  expiry: '5F24',
  failure: 'FFEE1F',
  ksn: 'DFEE12',
  magneticData: 'DFEE23',
  pan: '5A',
  responseCode: '8A',
  track2: '57',
  track2Discretionary: '9F20',
  transactionType: '9C',
  tvr: '95',
  verification: 'DF52',
  verificationResults: '9F34',
} as const;

/** Attribution: a byte before the TLV objects of an answer. Bits 4, 3 and 0 tell the interface, 7 and 6 that data is encrypted. */
export const ATTRIBUTION = {
  interfaceMask: 0x19,
  contact: 0x00,
  contactlessEmv: 0x01,
  contactlessStripe: 0x11,
  swipeMask: 0x08,
  encryptedMask: 0xc0,
} as const;

/** Entry mode 9F39 of a stripe that was read because the chip failed. */
export const ENTRY_MODE = { contact: 0x05, contactless: 0x07, fallback: 0x80, swipe: 0x90 } as const;
