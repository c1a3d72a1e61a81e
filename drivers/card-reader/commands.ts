import type { CardRequest } from '../devices.ts';
import { encodeTlv } from '../framing/tlv.ts';
import { encodeVivotech2 } from '../framing/vivotech2.ts';
import { COMMAND, POLL_ON_DEMAND, SUB, TAG } from './codes.ts';

/** The commands that the driver sends (devices.md §2.1). */

const CURRENCY_CNY = Uint8Array.of(0x01, 0x56);
const TYPE_CODE = { sale: 0x00, refund: 0x20 } as const;
const LONGEST_WAIT_S = 255;

const command = (code: number, sub: number, data: Uint8Array = new Uint8Array(0)): Uint8Array =>
  encodeVivotech2('command', { command: code, sub, data });

export const pingCommand = (): Uint8Array => command(COMMAND.ping, SUB.ping);
export const cancelCommand = (): Uint8Array => command(COMMAND.cancel, SUB.cancel);
export const pollOnDemandCommand = (): Uint8Array =>
  command(COMMAND.pollMode, SUB.pollMode, Uint8Array.of(POLL_ON_DEMAND));

/** Starts the wait for a card. Date and time (9A, 9F21) are left out: both are optional together, and some readers refuse them. */
export function activateCommand(request: CardRequest): Uint8Array {
  const tags = encodeTlv([
    [TAG.amount, amountBcd(request.amountFen)],
    [TAG.transactionType, Uint8Array.of(TYPE_CODE[request.type])],
    [TAG.currency, CURRENCY_CNY],
  ]);
  return command(COMMAND.activate, SUB.activate, Uint8Array.of(waitSeconds(request.timeoutMs), ...tags));
}

const waitSeconds = (timeoutMs: number): number => Math.min(LONGEST_WAIT_S, Math.max(1, Math.ceil(timeoutMs / 1000)));

/** n12: twelve decimal digits in six bytes. Throws RangeError for what is not a whole number of fen that fits. */
export function amountBcd(amountFen: number): Uint8Array {
  if (!Number.isSafeInteger(amountFen) || amountFen < 0 || amountFen > 999_999_999_999) {
    throw new RangeError(`amount of ${amountFen} fen does not fit the reader`);
  }
  return Buffer.from(String(amountFen).padStart(12, '0'), 'hex');
}
