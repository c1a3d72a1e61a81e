import type { displayFaults } from '../../drivers/simulator/display-faults.ts';
import type { keypadFaults } from '../../drivers/simulator/keypad-faults.ts';
import type { pinPadFaults } from '../../drivers/simulator/pin-pad-faults.ts';
import type { readerFaults } from '../../drivers/simulator/reader-faults.ts';
import type { scannerFaults } from '../../drivers/simulator/scanner-faults.ts';

import { driver, type Proof, type Proofs, scene, story } from './proof.ts';

/** What proves what becomes of each fault of a device. */

/** What the customer or the cashier does when a reader has the fault. */
const readerDoes =
  (deed: string): Proof =>
  (fault) =>
    `${driver('card-reader-faults')} > each fault of a card reader, once > '${fault}', '${deed}', …`;
const tap = readerDoes('tap');
const insert = readerDoes('insert');
const swipe = readerDoes('swipe');
const finish = readerDoes('finish');
const finishDeclined = readerDoes('finish-declined');
const pin = readerDoes('pin');
const cancel = readerDoes('cancel');
const nothing = readerDoes('nothing');
const answered = (title: string): string =>
  `${driver('card-reader-faults')} > the status of the wait for a card > ${title}`;
const readerPin = (title: string): string =>
  `${driver('card-reader-pin')} > a PIN at the keys of the reader > ${title}`;
const chipUnknown = (given: string): string => story('chip', `插卡 > ${given}`);

export const cardReaderProofs: Proofs<keyof typeof readerFaults> = {
  status: [tap, swipe, insert, answered('5: DEVICE_FAULT bad-parameter')],
  tamper: [tap, swipe, insert, scene('reader-tampered')],
  'online-without-data': [tap, swipe, insert],
  'card-events': [tap, swipe],
  'crc-byte-order': [tap, swipe, insert],
  'two-cards': [tap, insert, scene('card-two-at-once')],
  expired: [tap, insert, scene('card-expired')],
  blocked: [tap, insert, scene('card-blocked')],
  unsupported: [tap, insert, scene('card-unsupported')],
  removed: [tap, insert, scene('card-removed-early')],
  'no-response': [tap, insert],
  'card-error': [tap, insert, scene('chip-broken-fallback')],
  'over-limit': [tap, scene('card-over-contactless-limit')],
  'card-declined': [tap, insert, scene('card-declines-itself')],
  'error-code': [tap, insert, answered('failed with error code …')],
  'go-to-contact': [tap, insert],
  'removed-in-authentication': [insert, scene('chip-removed-while-read')],
  'removed-before-finish': [finish, chipUnknown('a card that was pulled out, although the host approved')],
  aac: [tap, insert],
  'tc-offline': [tap, insert, scene('chip-approves-offline')],
  'finish-aac': [finish, scene('chip-refuses-approval')],
  'finish-arqc': [finish, chipUnknown('a chip that asks for the host again, although the host approved')],
  'finish-tc': [finish, finishDeclined],
  'finish-of-another': [finish],
  'finish-without-result': [finish],
  'cvm-none': [tap, insert],
  'cvm-signature': [tap, insert, scene('sale-chip-by-signature')],
  'cvm-online-pin': [tap, insert, scene('sale-chip-with-pin')],
  'cvm-cdcvm': [tap, insert, scene('sale-telephone-over-limit')],
  'cvm-unknown': [tap, insert],
  encrypted: [tap, swipe, insert, scene('reader-encrypted')],
  'contactless-stripe': [tap],
  'damaged-stripe': [swipe, scene('card-bad-track')],
  'chip-broken': [insert],
  'tlv-long-lengths': [tap, swipe, insert],
  'tlv-padding': [tap, swipe, insert],
  'tlv-unknown-tags': [tap, swipe, insert],
  'tlv-truncated': [tap, swipe, insert],
  'tlv-indefinite': [tap, swipe, insert],
  'tlv-repeated': [tap, swipe, insert],
  'tlv-contradiction': [tap, insert],
  'answer-1500-bytes': [tap, swipe, insert],
  'cancel-races-result': [cancel],
  'result-after-cancel': [cancel, scene('wire-late-card-answer')],
  'cancel-unanswered': [cancel],
  'cancelled-by-ping': [tap, swipe, insert],
  'boot-message': [nothing, tap, finish, pin],
  'restart-while-waiting': [tap, swipe, insert, scene('wire-reader-restarts')],
  'restart-before-finish': [finish, scene('chip-reader-restarts')],
  'chip-not-taken': [insert],
  'asks-for-menu': [insert, finish],
  'asks-for-pin': [insert, finish],
  'asks-for-stripe': [insert, finish],
  'pin-cancel': [pin, readerPin('that the customer cancels can be asked for again')],
  'pin-timeout': [pin, readerPin('that does not come ends with PIN_TIMEOUT, and the reader is told')],
  'pin-key-absent': [pin],
  'pin-keys-exhausted': [pin],
  'pin-state': [pin, readerPin('state …')],
  'pin-malformed': [pin],
  'pin-unknown': [pin],
  'pin-not-taken': [pin],
  'pin-result-only': [pin],
  'hid-lost-first': [tap, insert],
  'hid-lost-middle': [tap, scene('hid-reader-lost-report')],
  'hid-lost-last': [tap, insert],
  'hid-out-of-order': [tap],
  'hid-unknown-id': [tap],
};

const once: Proof = (fault) => `${driver('pin-pad')} > each fault once, and then a good pad again > ${fault}: …`;
const nextCustomer: Proof = (fault) =>
  `${driver('pin-pad')} > time-out and cancel > ${fault}: the next customer’s PIN is the one that he typed`;

export const pinPadProofs: Proofs<keyof typeof pinPadFaults> = {
  'pin-cancel': [once, scene('pin-cancelled-by-customer')],
  'pin-timeout': [once],
  'key-absent': [once, scene('pin-key-absent')],
  'keys-exhausted': [once],
  'card-number-refused': [once],
  'parameters-refused': [once],
  'unknown-command': [once],
  'battery-low': [once],
  tampered: [once, scene('pin-pad-tampered')],
  suspended: [once],
  busy: [once],
  'frame-refused': [once],
  nak: [once],
  'bad-lrc': [once, scene('pin-result-damaged')],
  'bad-sum': [once],
  'bad-end': [once],
  'bad-length': [once],
  'truncated-result': [once],
  'short-result': [once],
  'malformed-result': [once],
  'lost-result': [once],
  'late-result': [
    once,
    `${driver('pin-pad')} > time-out and cancel > a result that comes while the next customer is asked is not his`,
  ],
  'result-crosses-cancel': [nextCustomer],
  'result-after-cancel': [nextCustomer],
  'cancel-confirmed-twice': [nextCustomer],
  'cancel-ignored': [
    `${driver('pin-pad')} > time-out and cancel > obeys a cancel within 300 ms, also when the pad does not`,
  ],
  restart: [once],
  'digits-cleared': [once],
  'acknowledged-first': [once],
  'bare-key-notices': [once],
  'no-key-notices': [once],
  'other-card': [once, scene('pin-block-of-another-card')],
};

const scanned: Proof = (fault) => `${driver('scanner-faults')} > each fault of a scanner > ${fault} on …`;
const unasked = 'drops a code that nobody asked for, and does not give it to the next who asks';

export const scannerProofs: Proofs<keyof typeof scannerFaults> = {
  'ends-with-cr': [scanned],
  'ends-with-lf': [scanned],
  'ends-with-crlf': [scanned],
  'ends-with-nothing': [scanned],
  split: [scanned],
  'two-codes': [scanned],
  'long-code': [
    scanned,
    `${driver('scanner-faults')} > each fault of a scanner > a code longer than the bound is left out, and the scan goes on`,
  ],
  'non-ascii': [scanned],
  'non-ascii-gbk': [scanned],
  duplicate: [
    scanned,
    `${driver('scanner-faults')} > each fault of a scanner > a duplicate that comes later than 300 ms …`,
  ],
  'scan-when-not-asked': [
    scanned,
    `${driver('scanner')} > a scanner of the profile text-cr > ${unasked}`,
    scene('scanner-code-unasked'),
  ],
  'hid-multi-report': [scanned],
  'hid-aim-at-2': [scanned],
  'hid-aim-at-3': [scanned],
  'hid-lost-report': [scanned],
  'hid-extra-report': [scanned],
  'ssi-nak': [scanned, `${driver('scanner-faults')} > each fault of a scanner > a refusal tells its reason`],
  'ssi-not-host-mode': [scanned, scene('scanner-not-host-mode')],
  'ssi-no-ack': [scanned],
  'ssi-bad-checksum': [scanned],
};

const typed: Proof = (fault) => [
  `${driver('hid-keypad')} > each fault of a keypad > ${fault}`,
  `${driver('hid-keypad')} > each fault of a keypad > on a serial keypad, which has its contacts to itself: ${fault}`,
];

export const keypadProofs: Proofs<keyof typeof keypadFaults> = {
  'roll-over': [typed, scene('keypad-roll-over')],
  'stuck-key': [typed, scene('keypad-stuck-key')],
  bounce: [typed, scene('keypad-bounce')],
  'fast-typing': [typed, scene('keypad-fast-typing')],
  'cancel-during-timeout': [typed, scene('keypad-cancel-at-timeout')],
};

const putRight: Proof = (fault) =>
  `${driver('display')} > each fault of a display > ${fault} is put right a few seconds later`;
const byNextText: Proof = (fault) =>
  `${driver('display')} > each fault of a display > ${fault} is put right by the next text`;

export const displayProofs: Proofs<keyof typeof displayFaults> = {
  'power-cycle': [putRight, byNextText, scene('display-power-cycle')],
  'ignores-commands': [putRight],
  'overlong-line': [putRight, byNextText, scene('display-written-by-another')],
  'non-ascii': [putRight, byNextText, scene('display-written-by-another')],
};

const slip: Proof = (fault) => [
  `${driver('printer-faults')} > a fault of escpos-58 > ${fault}`,
  `${driver('printer-faults')} > a fault of epson-80 > ${fault}`,
];
const bit: Proof = (fault) => [
  `${driver('printer-status')} > each bit of a printer’s status > ${fault}: …`,
  `${driver('printer-status')} > each bit of a printer’s status > ${fault} is shown at once …`,
  `${driver('printer-status')} > each bit of a printer’s status > ${fault} is shown within five seconds …`,
];
const resumed: Proof = (fault) => `${driver('printer-resume')} > a slip that failed on escpos-58 > ${fault} …`;
const broken = (title: string): string => `${driver('printer-faults')} > the printer, broken > ${title}`;
const trouble: Proof = (fault) => story('paper', `打印机 with another trouble > ${fault}`);

export const printerProofs: Proofs = {
  'paper-out': [
    slip,
    bit,
    scene('printer-paper-out-mended'),
    story('sale', '小票 does not come out > the paper is out'),
  ],
  'paper-out-after': [slip, resumed, scene('printer-paper-ends-mid-slip')],
  'near-end': [slip, bit, scene('printer-near-end')],
  'cover-open': [slip, bit],
  'cover-open-after': [slip, resumed, trouble, scene('printer-cover-opened-mid-slip')],
  'cutter-jam': [slip, bit, trouble, scene('printer-cutter-jam')],
  'cutter-error': [slip, resumed, scene('printer-cut-fails')],
  hot: [
    slip,
    bit,
    resumed,
    broken('says while it prints that its head is too hot, and goes on when it has cooled'),
    scene('printer-hot'),
  ],
  mechanical: [slip, bit, trouble, scene('printer-mechanical')],
  unrecoverable: [slip, bit, trouble, scene('printer-unrecoverable')],
  offline: [slip, bit, trouble],
  'awaits-recovery': [
    slip,
    bit,
    broken('is told to go on only when somebody asks for paper, and only while it waits for that'),
  ],
  'feed-button': [slip, bit],
  'drawer-open': [slip, bit],
  'small-buffer': [
    slip,
    `${driver('printer-status')} > a buffer that fills, in escpos-58 > …`,
    `${driver('printer-status')} > a buffer that fills, in epson-80 > …`,
    `${driver('printer-picture')} > a picture on a slip > as long as a picture may be goes through 4 kB, …`,
    scene('printer-small-buffer'),
  ],
  'no-status-line': [slip, `${driver('printer-faults')} > a printer with no line back > …`, scene('printer-tx-only')],
  'xoff-in-status': [
    slip,
    `${driver('framing-escpos-status')} > what a printer sends back > tells apart automatic status with XOFF and XON inside`,
  ],
  'power-cycle': [
    slip,
    `${driver('printer-status')} > a printer that was switched off and on > …`,
    story(
      'paper',
      '缺纸 in the middle of a slip > the printer is switched off and on, with the rest of the slip in its buffer',
    ),
  ],
  'power-cycle-mid-slip': [
    slip,
    `${driver('printer-resume')} > a slip that failed on escpos-58 > a power cut: …`,
    scene('printer-power-cycle-mid-slip'),
  ],
  'lose-confirmation': [slip, scene('printer-confirmation-lost')],
  'late-confirmation': [slip],
};
