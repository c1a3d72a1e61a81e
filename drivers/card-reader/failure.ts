import { DeviceError } from '../errors.ts';
import { decodeTlv, findTag } from '../framing/tlv.ts';
import type { Vivotech2Frame } from '../framing/vivotech2.ts';
import { unreadable } from './card-answer.ts';
import { cardReasonOf, STATUS, statusName, TAG } from './codes.ts';

/** The error that an answer with a bad status is: CARD_TIMEOUT, CARD_UNREADABLE or DEVICE_FAULT (details.reason, details.errorCode). */
export function failure(device: string, frame: Vivotech2Frame): DeviceError {
  if (frame.sub === STATUS.timeout) return new DeviceError('CARD_TIMEOUT', device, 'no card was presented');
  const code = errorCode(frame);
  const reason = code === undefined ? undefined : cardReasonOf(code);
  if (reason) return unreadable(device, reason);
  const details = { reason: statusName(frame.sub), ...(code === undefined ? {} : { errorCode: code }) };
  return new DeviceError('DEVICE_FAULT', device, 'the reader refuses the transaction', details);
}

/** Result and attribution may stand before the TLV objects of a failure. */
const LONGEST_HEAD = 3;

/** Of a failed transaction: the first byte of FFEE1F; without that tag the first data byte, as the older form has it. */
export function errorCode({ sub, data }: Vivotech2Frame): number | undefined {
  if (sub !== STATUS.failed) return undefined;
  for (let head = 0; head <= LONGEST_HEAD; head++) {
    const decoded = decodeTlv(data.subarray(head));
    const found = decoded.ok ? findTag(decoded.objects, TAG.failure) : undefined;
    if (found) return found[0];
  }
  return data[0];
}
