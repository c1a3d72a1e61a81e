import type { PinRequest } from '../devices.ts';
import { DeviceError, isDeviceError } from '../errors.ts';
import type { Vivotech2Frame } from '../framing/vivotech2.ts';
import { PinBlock } from '../pin-pad/pin-block.ts';
import { askLong, type LongQuestion, type Wire } from './ask.ts';
import { COMMAND, PIN_STATE, STATUS, statusName } from './codes.ts';
import { pinReadCommand } from './commands.ts';

/**
 * 62-01: lets the customer enter a PIN at the reader's own keys. Throws DeviceError PIN_TIMEOUT, PIN_CANCELLED, DEVICE_FAULT (`key-absent`,
 * `keys-exhausted`, `parameters`, `external-cancel`, `pin-format`, or the reader's status), DEVICE_*, CANCELLED. When no result came, the
 * entry is still under way.
 */
export async function readPin(wire: Wire, { card, timeoutMs }: PinRequest, signal: AbortSignal): Promise<PinBlock> {
  const { device } = wire;
  let isTaken = false;
  const question: LongQuestion<PinBlock> = {
    label: 'pin',
    command: COMMAND.pin,
    bytes: pinReadCommand(card.reveal().pan),
    timeoutMs,
    twice: true,
    answerOf(frame) {
      const isResult = frame.data.length > 0;
      // The result of an earlier entry that was given up.
      if (isResult && !isTaken) return undefined;
      isTaken = true;
      return frame.sub === STATUS.ok && !isResult ? 'taken' : { answer: pinOf(device, frame) };
    },
  };
  try {
    return await askLong(wire, question, signal);
  } catch (error) {
    if (isTaken && isDeviceError(error) && error.code === 'DEVICE_TIMEOUT') throw pinTimeout(device);
    throw error;
  } finally {
    question.bytes.fill(0);
  }
}

function pinOf(device: string, { sub, data }: Vivotech2Frame): PinBlock {
  if (sub === STATUS.timeout) throw pinTimeout(device);
  const fault = (reason: string): DeviceError =>
    new DeviceError('DEVICE_FAULT', device, 'the PIN entry failed', { reason });
  const [state] = data;
  if (state === undefined || (sub !== STATUS.ok && sub !== STATUS.failed)) throw fault(statusName(sub));
  switch (state) {
    case PIN_STATE.ok:
      break;
    case PIN_STATE.keypadCancel:
      throw new DeviceError('PIN_CANCELLED', device, 'the customer cancelled the PIN entry');
    case PIN_STATE.externalCancel:
      throw fault('external-cancel');
    case PIN_STATE.keyAbsent:
      throw fault('key-absent');
    case PIN_STATE.keysExhausted:
      throw fault('keys-exhausted');
    default:
      throw fault('parameters');
  }
  const [, ksn, block] = /^([0-9A-F]{20})([0-9A-F]{16})$/i.exec(Buffer.from(data.subarray(1)).toString('latin1')) ?? [];
  if (ksn === undefined || block === undefined) throw fault('pin-format');
  return new PinBlock({ ksn, block });
}

const pinTimeout = (device: string): DeviceError => new DeviceError('PIN_TIMEOUT', device, 'no PIN was entered');
