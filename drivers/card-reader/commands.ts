import type { CardRequest, HostResult } from '../devices.ts';
import { encodeTlv } from '../framing/tlv.ts';
import { encodeVivotech2 } from '../framing/vivotech2.ts';
import { COMMAND, PIN_KEY_TYPE, PIN_PAN_DIGITS, POLL_ON_DEMAND, STATUS, SUB, TAG } from './codes.ts';

/** What the driver sends (devices.md §2.1). */

const CURRENCY_CNY = Uint8Array.of(0x01, 0x56);
const TYPE_CODE = { sale: 0x00, refund: 0x20 } as const;
const LONGEST_WAIT_S = 255;
/** How long the reader keeps the chip powered between two steps. */
const NEXT_STEP_S = 30;
const PIN_DIGITS = { max: 6, min: 4 } as const;
/** What the chip is told (tag 8A) in place of a response code: the host could not be reached. */
const HOST_UNREACHABLE = 'Z3';
const DO_NOT_HONOUR = '05';

const command = (code: number, sub: number, data: Uint8Array = new Uint8Array(0)): Uint8Array =>
  encodeVivotech2('command', { command: code, sub, data });

export const pingCommand = (): Uint8Array => command(COMMAND.ping, SUB.ping);
export const cancelCommand = (): Uint8Array => command(COMMAND.cancel, SUB.cancel);
export const pollOnDemandCommand = (): Uint8Array =>
  command(COMMAND.pollMode, SUB.pollMode, Uint8Array.of(POLL_ON_DEMAND));

/** Starts the wait for a card. */
export function activateCommand(request: CardRequest): Uint8Array {
  const seconds = Math.min(LONGEST_WAIT_S, waitSeconds(request.timeoutMs));
  return command(COMMAND.activate, SUB.activate, Uint8Array.of(seconds, ...transactionTags(request)));
}

/** Starts the transaction with a chip. That the reader itself asks for the stripe of a broken chip is not wanted: the flow decides that. */
export function contactStartCommand(request: CardRequest): Uint8Array {
  const wait = Math.min(0xffff, waitSeconds(request.timeoutMs));
  const times = [wait >> 8, wait & 0xff, NEXT_STEP_S >> 8, NEXT_STEP_S];
  return command(COMMAND.contact, SUB.contactStart, Uint8Array.of(0x00, ...times, ...transactionTags(request)));
}

export const contactAuthenticateCommand = (): Uint8Array => command(COMMAND.contact, SUB.contactAuthenticate);

/** The host's word for the chip. */
export function contactFinishCommand(result: HostResult): Uint8Array {
  const code = Buffer.from(responseCode(result), 'latin1');
  return command(COMMAND.contact, SUB.contactFinish, encodeTlv([[TAG.responseCode, code]]));
}

function responseCode({ kind, code }: HostResult): string {
  switch (kind) {
    case 'approved':
      return '00';
    case 'no-answer':
      return HOST_UNREACHABLE;
    case 'declined':
      return code !== undefined && /^[0-9A-Z]{2}$/.test(code) && code !== '00' ? code : DO_NOT_HONOUR;
  }
}

/** Date and time (9A, 9F21) are left out: both are optional together, and some readers refuse them. */
function transactionTags(request: CardRequest): Uint8Array {
  return encodeTlv([
    [TAG.amount, amountBcd(request.amountFen)],
    [TAG.transactionType, Uint8Array.of(TYPE_CODE[request.type])],
    [TAG.currency, CURRENCY_CNY],
  ]);
}

/** Asks for a PIN for a card number of 12 to 19 digits; which of them go into the PIN block is the same for all lengths. No text is shown. */
export function pinReadCommand(pan: string): Uint8Array {
  const digits = Buffer.from(pan.slice(-PIN_PAN_DIGITS).padStart(PIN_PAN_DIGITS, '0'), 'latin1');
  const data = Uint8Array.of(PIN_KEY_TYPE, digits.length, ...digits, PIN_DIGITS.max, PIN_DIGITS.min, 0);
  digits.fill(0);
  return command(COMMAND.pin, SUB.pinRead, data);
}

export const pinCancelCommand = (): Uint8Array => command(COMMAND.pin, SUB.pinCancel);

/**
 * The answer to what the reader asks in the middle of a transaction with a chip: its texts are shown (by the terminal's own screen, which
 * needs none of them); no PIN and no stripe is given here, because the terminal asks for both by itself.
 */
export function hostAnswer(asked: number): Uint8Array {
  const answer = (status: number, data: Uint8Array): Uint8Array =>
    encodeVivotech2('answer', { command: COMMAND.askHost, sub: status, data });
  if (asked === SUB.askDisplay) return answer(STATUS.ok, new Uint8Array(0));
  if (asked === SUB.askPin) return answer(STATUS.ok, Uint8Array.of(0x00));
  return answer(STATUS.failed, new Uint8Array(0));
}

const waitSeconds = (timeoutMs: number): number => Math.max(1, Math.ceil(timeoutMs / 1000));

/** n12: twelve decimal digits in six bytes. Throws RangeError for what is not a whole number of fen that fits. */
export function amountBcd(amountFen: number): Uint8Array {
  if (!Number.isSafeInteger(amountFen) || amountFen < 0 || amountFen > 999_999_999_999) {
    throw new RangeError(`amount of ${amountFen} fen does not fit the reader`);
  }
  return Buffer.from(String(amountFen).padStart(12, '0'), 'hex');
}
