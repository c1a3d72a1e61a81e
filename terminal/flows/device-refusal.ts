import { type ErrorCode, errorTable } from '../base/error-table.ts';
import { TerminalError } from '../base/errors.ts';
import { deviceName } from './attached-devices.ts';

/** What is wrong with a device, by its code or the word of its status, as a refusal; `problem` stays in the details. */
export function deviceRefusal(problem: string, name: string): TerminalError {
  const code: ErrorCode = isErrorCode(problem) ? problem : problem === 'LOST' ? 'DEVICE_ABSENT' : 'DEVICE_FAULT';
  return new TerminalError(code, { device: `${deviceName(name, 'zh')} ${deviceName(name, 'en')}`, problem });
}

const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(errorTable, code);
