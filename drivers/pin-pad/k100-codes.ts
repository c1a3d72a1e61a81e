import { encodeK100 } from '../framing/k100.ts';

/**
 * Commands, answers and error codes of the SmartPIN K100: devices.md §2.3, the manual 80114510-001 pages 12 to 15, and the error table in the
 * headers of the maker's own library. For the driver and its simulator.
 */

/** What a command begins with. */
export const COMMAND = {
  pin: Uint8Array.of(0x75, 0x46, 0x07, 0x01),
  cancel: Uint8Array.of(0x75, 0x46, 0x09),
  model: Uint8Array.of(0x75, 0x46, 0x0a),
} as const;

export const ACK = 0x06;
export const NAK = 0x15;
/** Of the body that answers a PIN: ACK, 20 digits of key serial number, 16 of PIN block, all ASCII. */
export const RESULT_LENGTH = 37;
export const KSN_DIGITS = 20;
/** Keys that the pad tells of while a PIN is entered: `*` a digit, `B` Backspace, `C` Cancel or digits that were cleared after 20 s. */
export const KEY_NOTICE = { digit: 0x2a, backspace: 0x42, cleared: 0x43 } as const;

/** The two bytes after NAK. */
export const NAK_CODE = {
  keyAbsent: 0x0400,
  cardNumber: 0x0702,
  batteryLow: 0x1000,
  cancelled: 0x1800,
  cancelKey: 0x1900,
  removed: 0x3000,
  unknownCommand: 0x6a00,
  parameters: 0x6b00,
  suspended: 0x7200,
  keysExhausted: 0x7300,
  busy: 0x7400,
  timeout: 0xe700,
  frame: 0xef00,
} as const;

const reasons: ReadonlyMap<number, string> = new Map([
  [NAK_CODE.keyAbsent, 'key-absent'],
  [NAK_CODE.cardNumber, 'card-number'],
  [NAK_CODE.batteryLow, 'battery-low'],
  [0x30ff, 'tampered'], // no security chip
  [NAK_CODE.removed, 'tampered'], // taken off its place
  [0x3101, 'tampered'],
  [NAK_CODE.unknownCommand, 'unknown-command'],
  [0x6a01, 'unknown-command'],
  [NAK_CODE.parameters, 'parameters'],
  [0x6c00, 'parameters'],
  [NAK_CODE.suspended, 'suspended'], // too many PINs in a short time
  [NAK_CODE.keysExhausted, 'keys-exhausted'],
  [NAK_CODE.busy, 'busy'],
  [NAK_CODE.frame, 'frame'], // our frame did not arrive whole
]);

/** A stable word for an error code. */
export const nakReason = (code: number): string => reasons.get(code) ?? `nak-${code.toString(16).padStart(4, '0')}`;

const PAN_DIGITS = 16;

/**
 * Asks for a PIN for this card number. The pad takes exactly 16 digits, check digit included [M]: of a longer number the last 16, a shorter
 * one after zeros. Format 0 uses the last 12 before the check digit, so the PIN block is that of the whole number.
 */
export function pinCommand(pan: string): Uint8Array {
  const digits = pan.padStart(PAN_DIGITS, '0').slice(-PAN_DIGITS);
  return encodeK100(Uint8Array.from([...COMMAND.pin, ...Buffer.from(digits, 'latin1')]));
}

export const cancelCommand = (): Uint8Array => encodeK100(COMMAND.cancel);
export const modelCommand = (): Uint8Array => encodeK100(COMMAND.model);
