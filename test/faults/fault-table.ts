import {
  cardReaderProofs,
  displayProofs,
  keypadProofs,
  pinPadProofs,
  printerProofs,
  scannerProofs,
} from './device-proofs.ts';
import { linkProofs, wireProofs } from './line-proofs.ts';
import { driver, type Proofs } from './proof.ts';

/**
 * The fault list (devices.md §6), item by item. Each has the names of the faults that stand for it, as `owner:fault` of the tables in
 * drivers/simulator; what is no behaviour of a device (a good card, what strict mode refuses, how paper is shown) has the test that proves it.
 */

const status = (title: string): string =>
  `${driver('card-reader-faults')} > the status of the wait for a card > ${title}`;
const reading = (title: string): string => `${driver('card-reader')} > reading a card > ${title}`;
const strictReader = (title: string): string =>
  `${driver('simulated-reader')} > what a driver must not do to a reader > ${title}`;
const strictPrinter = (title: string): string =>
  `${driver('printer-slip')} > the simulated printer is strict > notes ${title}`;
const inBytes = (title: string): string => `${driver('printer-slip')} > a slip in bytes > ${title}`;
const shown = (title: string): string => `${driver('display')} > a customer display > a text that is ${title}`;
const bits = `${driver('printer-status')} > each bit of a printer’s status > is one that a fault sets`;

type Items = Readonly<Record<string, readonly string[]>>;

const transport: Items = {
  'bytes at the pace of the baud rate': ['wire:baud-pacing'],
  'chunks of one byte': ['wire:single-bytes'],
  'random chunks': ['wire:random-chunks'],
  'several frames in a chunk': ['wire:coalesced-frames'],
  'junk before a frame': ['wire:junk-before'],
  'junk between frames': ['wire:junk-between', 'wire:unsolicited-bytes'],
  'junk inside a frame': ['wire:junk-inside'],
  'a flipped bit': ['wire:flipped-bit', 'wire:flipped-bit-out'],
  'a dropped byte': ['wire:dropped-byte', 'wire:dropped-byte-out'],
  'a frame twice': ['wire:duplicated-frame'],
  'a frame cut short, then silence': ['wire:truncated-frame'],
  'no answer': ['wire:silence'],
  'an answer behind the time limit, never that of the next command': ['wire:late-answer'],
  'a frame that nobody asked for': ['wire:unsolicited-frame'],
  'unplugged while idle': ['wire:unplug-idle'],
  'unplugged in mid-frame': ['wire:unplug-mid-frame'],
  'unplugged while writing': ['wire:unplug-while-writing'],
  'hung up: read() gives 0': ['wire:hang-up'],
  'EIO on write': ['wire:write-error'],
  'a write that stalls and goes on': ['wire:write-stall', 'wire:write-blocked'],
  'plugged in under another path': ['wire:replug-elsewhere'],
  'the device resets and says so': ['wire:device-reset', 'card-reader:boot-message'],
  'the port is locked': ['wire:port-busy'],
  'no permission': ['wire:permission-denied'],
  'absent at start': ['wire:absent-at-start'],
  'wrong baud rate': ['wire:wrong-baud'],
  'slow open': ['wire:slow-open'],
};

const cardReader: Items = {
  'status 01': ['card-reader:status', status('1: DEVICE_FAULT bad-header')],
  'status 02': ['card-reader:status', status('2: DEVICE_FAULT unknown-command')],
  'status 03': ['card-reader:status', status('3: DEVICE_FAULT unknown-sub-command')],
  'status 04': ['card-reader:status', status('4: DEVICE_FAULT crc-error')],
  'status 05': ['card-reader:status', status('5: DEVICE_FAULT bad-parameter')],
  'status 06': ['card-reader:status', status('6: DEVICE_FAULT not-supported')],
  'status 07': ['card-reader:status', status('7: DEVICE_FAULT malformed')],
  'status 08': ['card-reader:status', status('8: CARD_TIMEOUT')],
  'status 0A': ['card-reader:status', status('10: DEVICE_FAULT failed')],
  'status 0B': ['card-reader:status', status('11: DEVICE_FAULT command-not-allowed')],
  'status 0C': ['card-reader:status', status('12: DEVICE_FAULT sub-command-not-allowed')],
  'status 0D': ['card-reader:status', status('13: DEVICE_FAULT buffer-overflow')],
  'status 0E, events': ['card-reader:card-events', status('14: DEVICE_TIMEOUT')],
  'status 1D, tamper': ['card-reader:tamper', status('29: DEVICE_FAULT tamper')],
  'status 23': ['card-reader:online-without-data', status('35: DEVICE_FAULT empty')],
  'a CRC in the wrong byte order': ['card-reader:crc-byte-order'],
  'contactless data': [
    'card-reader:contactless-stripe',
    reading('reads a contactless card with what the host and the slip need'),
  ],
  'contact data': [
    'card-reader:go-to-contact',
    `${driver('card-reader-chip')} > reading a chip > reads an inserted card with what the host and the slip need`,
  ],
  'swipe data': ['card-reader:damaged-stripe', reading('reads a swiped card')],
  'fallback data': [
    'card-reader:chip-broken',
    `${driver('card-reader-idle')} > the stripe of a card with a chip > service code 201, fallback true: MAG`,
  ],
  'card removed early (24)': [
    'card-reader:removed',
    'card-reader:removed-in-authentication',
    status('failed with error code 36: CARD_UNREADABLE removed'),
  ],
  'card removed early (30)': [
    'card-reader:no-response',
    'card-reader:removed-before-finish',
    status('failed with error code 48: CARD_UNREADABLE removed'),
  ],
  'two cards (21)': ['card-reader:two-cards', status('failed with error code 33: CARD_UNREADABLE two-cards')],
  expired: ['card-reader:expired'],
  blocked: ['card-reader:blocked'],
  unsupported: ['card-reader:unsupported'],
  AAC: ['card-reader:aac', 'card-reader:finish-aac'],
  ARQC: ['card-reader:finish-arqc', reading('reads a contactless card with what the host and the slip need')],
  TC: ['card-reader:tc-offline', 'card-reader:finish-tc'],
  'CVM none': ['card-reader:cvm-none'],
  'CVM signature': ['card-reader:cvm-signature'],
  'CVM on-line PIN': ['card-reader:cvm-online-pin'],
  'CVM of a telephone': ['card-reader:cvm-cdcvm'],
  'CVM unknown': ['card-reader:cvm-unknown'],
  declined: ['card-reader:card-declined'],
  'encrypted, with a KSN': ['card-reader:encrypted'],
  'TLV long lengths': ['card-reader:tlv-long-lengths'],
  'TLV padding': ['card-reader:tlv-padding'],
  'TLV unknown tags': ['card-reader:tlv-unknown-tags'],
  'TLV truncated': ['card-reader:tlv-truncated', 'card-reader:tlv-indefinite'],
  'an answer of 1500 bytes': ['card-reader:answer-1500-bytes'],
  'duplicate tags': ['card-reader:tlv-repeated', 'card-reader:tlv-contradiction'],
  'a cancel races with a result': ['card-reader:cancel-races-result'],
  'a ping while it waits cancels': [
    'card-reader:cancelled-by-ping',
    strictReader('a ping while it waits for a card'),
    strictReader('is taken for a cancel while it waits, and refused while a PIN is entered'),
  ],
  'a result behind a cancel': ['card-reader:result-after-cancel'],
  'a PIN answered in two stages': ['card-reader:pin-not-taken', 'card-reader:pin-result-only'],
  'PIN cancelled': ['card-reader:pin-cancel', 'pin-pad:pin-cancel'],
  'PIN time-out': ['card-reader:pin-timeout', 'pin-pad:pin-timeout'],
  'PIN key absent': ['card-reader:pin-key-absent', 'pin-pad:key-absent'],
  'HID report IDs out of order': ['card-reader:hid-out-of-order', 'card-reader:hid-unknown-id'],
  'a lost middle HID report': [
    'card-reader:hid-lost-middle',
    'card-reader:hid-lost-first',
    'card-reader:hid-lost-last',
  ],
};

const printer: Items = {
  'each bit: drawer': ['printer:drawer-open', bits],
  'each bit: off-line': ['printer:offline', bits],
  'each bit: waits for recovery': ['printer:awaits-recovery', bits],
  'each bit: feed button, feeding': ['printer:feed-button', bits],
  'each bit: cover open': ['printer:cover-open', bits],
  'each bit: paper end': ['printer:paper-out', bits],
  'each bit: mechanical error': ['printer:mechanical', bits],
  'each bit: cutter error': ['printer:cutter-jam', bits],
  'each bit: unrecoverable error': ['printer:unrecoverable', bits],
  'each bit: error that ends by itself': ['printer:hot', bits],
  'each bit: near end': ['printer:near-end', bits],
  'near end': ['printer:near-end'],
  'paper ends in mid-receipt': ['printer:paper-out-after'],
  'cover opened in mid-receipt': ['printer:cover-open-after'],
  'cutter jam': ['printer:cutter-jam', 'printer:cutter-error'],
  'too hot, pauses and goes on': ['printer:hot'],
  unrecoverable: ['printer:unrecoverable'],
  'a buffer of 4 kB is full': ['printer:small-buffer', 'wire:write-stall', 'wire:write-blocked'],
  'no line back': ['printer:no-status-line'],
  'XOFF inside automatic status': ['printer:xoff-in-status'],
  'power cycle: the buffer is lost': ['printer:power-cycle', 'printer:power-cycle-mid-slip'],
  'power cycle: automatic status is off': [
    'printer:power-cycle',
    inBytes('turns automatic status on again, because initialising has turned it off'),
  ],
  'power cycle: Chinese mode is off': ['printer:power-cycle', strictPrinter('Chinese outside of Chinese mode')],
  'printed, but the answer is lost': ['printer:lose-confirmation', 'printer:late-confirmation'],
  'shown as text with Chinese in two cells': [
    inBytes('prints what the screen shows, on both papers'),
    inBytes('looks like this'),
  ],
  'shown with what a QR code says': [
    `${driver('printer-picture')} > a picture on a slip > comes out dot for dot, with the text around it, as rows that can be drawn`,
    'test/support/receipt-reader.test.ts > receipts on escpos-58 > 签购单 is read back as it was written',
  ],
  'shown with its cuts': [inBytes('divides the bytes between lines, at each cut and after ten lines, and loses none')],
  'shown with the pulse for the drawer': [
    `${driver('printer-faults')} > the cash drawer at escpos-58, pin 2 > is opened by one pulse, behind the slip that is being printed`,
  ],
  'unknown commands fail the test': [strictPrinter('an unknown command'), strictPrinter('a control byte')],
  'four bytes of GB18030 fail the test': [strictPrinter('a four-byte character')],
  'lines wider than the paper fail the test': [
    strictPrinter('a line that is too wide'),
    strictPrinter('a double line that is too wide'),
  ],
};

const scanner: Items = {
  'ends with CR': ['scanner:ends-with-cr'],
  'ends with LF': ['scanner:ends-with-lf'],
  'ends with CR LF': ['scanner:ends-with-crlf'],
  'ends with nothing': ['scanner:ends-with-nothing'],
  split: ['scanner:split'],
  'two codes at once': ['scanner:two-codes'],
  'a code of 2 kB': ['scanner:long-code'],
  'not ASCII': ['scanner:non-ascii', 'scanner:non-ascii-gbk'],
  'twice within 300 ms': ['scanner:duplicate'],
  'scanned when not asked': ['scanner:scan-when-not-asked'],
  'several HID reports': ['scanner:hid-multi-report', 'scanner:hid-lost-report', 'scanner:hid-extra-report'],
  'AIM id at byte 2': ['scanner:hid-aim-at-2'],
  'AIM id at byte 3': ['scanner:hid-aim-at-3'],
};

const keypad: Items = {
  'roll-over': ['keypad:roll-over'],
  'a stuck key': ['keypad:stuck-key'],
  bounce: ['keypad:bounce'],
  'fast typing': ['keypad:fast-typing'],
  'cancel at a time-out': ['keypad:cancel-during-timeout'],
};

const display: Items = {
  'an overlong line': ['display:overlong-line', shown('too long')],
  'not ASCII': ['display:non-ascii', shown('Chinese'), shown('a yen sign'), shown('outside the basic plane')],
};

export const listed: Readonly<Record<string, Items>> = {
  transport,
  'card reader': cardReader,
  printer,
  scanner,
  keypad,
  display,
};

const tables: Readonly<Record<string, Proofs>> = {
  'card-reader': cardReaderProofs,
  'pin-pad': pinPadProofs,
  scanner: scannerProofs,
  keypad: keypadProofs,
  display: displayProofs,
  printer: printerProofs,
  wire: wireProofs,
  link: linkProofs,
};

/**
 * What proves what becomes of each fault of the code, by `owner:fault`: in test/drivers and test/sync what the driver or the link makes of
 * it, in test/scenarios what a person at the counter sees. Besides, every fault of a device and of its wire is tried at each step of a sale
 * (test/faults/<device>.test.ts): charged once or not at all, and the screen says which.
 */
export const proofs: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(tables).flatMap(([owner, table]) =>
    Object.entries(table).map(([fault, all]) => [
      `${owner}:${fault}`,
      all.flatMap((proof) => (typeof proof === 'string' ? proof : proof(fault))),
    ]),
  ),
);
