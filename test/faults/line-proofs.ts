import type { LinkRequest } from '../../terminal/bench/contract.ts';
import { driver, type Proof, type Proofs, scene, story } from './proof.ts';

/** What proves what becomes of each fault of a wire, and of the line to the host. */

const broken = (title: string): string => `${driver('printer-faults')} > the printer, broken > ${title}`;

/** Over the wire of each device that a fault of wires can reach. */
const everywhere: Proof = (fault) => [
  `${driver('wire-faults')} > a card is read over a wire with > '${fault}': …`,
  `${driver('wire-faults')} > a slip is printed over a wire with > '${fault}': …`,
  `${driver('wire-faults-others')} > a PIN is entered over a wire with > ${fault}: …`,
  ...['text-cr', 'gm72-ssi', 'hid-pos'].map(
    (profile) => `${driver('wire-faults-others')} > a code is read by ${profile} over a wire with > ${fault}: …`,
  ),
  ...['serial', 'HID'].map(
    (kind) => `${driver('wire-faults-others')} > a ${kind} keypad is typed on over a wire with > ${fault}: …`,
  ),
  `${driver('wire-faults-others')} > the customer display over a wire with > ${fault}: …`,
];
const more: Proof = (fault) => `${driver('wire-faults')} > a card is read over a wire with > ${fault}: …`;
const native = `${driver('hang-up')} > a serial line that is hung up while data flows is closed within 100 ms, …`;

export const wireProofs: Proofs = {
  'baud-pacing': [everywhere, broken('prints whole over a line of 9600 baud')],
  'single-bytes': [everywhere, scene('wire-single-bytes')],
  'random-chunks': [everywhere, scene('wire-random-chunks')],
  'coalesced-frames': [everywhere],
  'junk-before': [everywhere, scene('wire-junk')],
  'junk-between': [everywhere, scene('wire-junk')],
  'junk-inside': [everywhere],
  'flipped-bit': [everywhere, scene('wire-flipped-bit')],
  'flipped-bit-out': [everywhere],
  'dropped-byte': [everywhere],
  'dropped-byte-out': [everywhere],
  'duplicated-frame': [everywhere, scene('wire-duplicated-frames')],
  'truncated-frame': [everywhere, scene('wire-truncated')],
  silence: [everywhere, scene('wire-reader-silent', 'pin-pad-dead')],
  'late-answer': [everywhere, more, scene('wire-late-answer', 'wire-too-late-answer')],
  'unsolicited-frame': [everywhere, more],
  'unsolicited-bytes': [everywhere],
  'unplug-idle': [everywhere, scene('reader-replugged-elsewhere', 'printer-unplugged-idle', 'pin-pad-unplugged')],
  'unplug-mid-frame': [everywhere, scene('wire-unplug-mid-frame')],
  'unplug-while-writing': [
    everywhere,
    `${driver('printer-resume')} > a slip that failed on escpos-58 > unplugged while writing, …`,
    scene('wire-unplug-while-writing'),
  ],
  'hang-up': [everywhere, native, scene('wire-hang-up')],
  'write-error': [everywhere],
  'write-stall': [
    everywhere,
    broken('waits while flow control stops a section, and is lost when that never ends'),
    scene('wire-write-stall'),
  ],
  'write-blocked': [everywhere, broken('waits while flow control stops a section, and is lost when that never ends')],
  'replug-elsewhere': [everywhere, scene('reader-replugged-elsewhere')],
  'device-reset': [everywhere],
  'port-busy': [
    everywhere,
    `${driver('transport-serial')} > drivers over a serial port > say which other program has it, …`,
    scene('wire-port-busy'),
  ],
  'permission-denied': [
    everywhere,
    `${driver('hot-plug')} > a device that appears > whose permissions come late is tried again soon`,
    scene('wire-permission-denied'),
  ],
  'absent-at-start': [everywhere, more, scene('wire-absent-at-start')],
  'wrong-baud': [everywhere, scene('wire-wrong-baud')],
  'slow-open': [everywhere, more],
};

const host = (file: string, title: string): string => `test/sync/host/${file}.test.ts > ${title}`;
const link = (given: string): string => story('link', `联机 > ${given}`);
const lostOrDoubled = 'fault 5: acknowledgements and rows from above that are lost or doubled';
const rows = `test/sync/link-faults.test.ts > the link on the embedded broker, MQTT 3.1.1 > ${lostOrDoubled}`;
const closeTwice = story(
  'close-restart',
  '批结算 and the host > every message of the close comes twice, and acknowledgements are lost',
);

/** Faults of the host and of the line to it. */
export const linkProofs: Proofs<Extract<LinkRequest, { fault: string }>['fault']> = {
  'drop-answer': [
    host('authorise', 'faults for testers > drop-answer: booked, not answered once; asked again it is answered'),
    story('reversal', '消费 without an answer > the host books and its answer is lost (amount …99)'),
    scene('host-reversal-answer-lost'),
  ],
  'delay-answer': [
    host('authorise', 'faults for testers > delay-answer: answered so much later'),
    story('reversal', '消费 without an answer > the approval comes after the reversal was created (amount …68)'),
    scene('host-answer-in-time'),
  ],
  silence: [
    host('authorise', 'faults for testers > silence: nothing is heard, so nothing is booked, until it is over'),
    story('reversal', '消费 without an answer > the host falls silent for a while in the middle of a sale'),
  ],
  'delay-link': [
    host('control', 'faults > faults of the link are handed on, and reset takes everything back'),
    link('everything from the host comes half a second late'),
    link('everything from the host comes later than a sale waits'),
  ],
  'duplicate-rows': [rows, closeTwice],
  'drop-rows': [
    rows,
    story('close-restart', '批结算 and the host > the verdict is lost again and again, and the link is cut'),
  ],
  'drop-ack': [rows, closeTwice],
  'drop-welcome': [rows, link('the link is cut, and the host’s welcome is lost twice')],
  'forget-approval': [
    host('reverse', 'an approval that the host forgot has no original: 25'),
    story('close', '批结算, not balanced (B-053) > the host forgot an approval'),
  ],
  decline: [host('transactions', 'fault decline: the next sale is declined, once'), scene('void-declined')],
  'forward-refuse': [host('forward', 'completions by advice > a tester’s refusal'), scene('stored-sale-refused-later')],
  'refund-refuse': [host('refunds', 'refused > a tester’s refusal'), scene('refund-refused')],
  'refund-fail': [
    host('refunds', 'a sale with a refund, under way or done, is not voided: 12; after one that failed it is'),
    scene('refund-fails'),
  ],
  'invoice-fail': [
    host('invoices', 'a tester’s failure: it may be asked for again under a new number'),
    scene('invoice-fails'),
  ],
  'wallet-silent': [
    host('code-orders', 'the merchant shows a code 收款码 > a tester’s customer decides, pays …'),
    scene('code-shown-paid', 'code-shown-cancelled'),
  ],
  'settle-fail': [
    host('settle', 'failed > for a reason of the bank: the account stays ACTIVE'),
    story('settlement', '资金结算 > J-22, B-050: the bank refuses the transfer'),
  ],
  'settle-return': [
    host('settle', 'returned by the bank after success'),
    story('settlement', '资金结算 > J-23, B-050: the bank sends the money back later (退票)'),
  ],
};
