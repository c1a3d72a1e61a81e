/**
 * What can go wrong with a device. `code` is stable: callers decide by it, never by the text.
 * The details go into logs, so nothing that a card or a customer brought may stand in them.
 */
export type DeviceErrorCode =
  | 'DEVICE_ABSENT' // not there, or gone while in use
  | 'DEVICE_BUSY' // has a command in flight
  | 'DEVICE_FAULT' // answered with an error, or not as its protocol says
  | 'DEVICE_TIMEOUT' // did not answer in time
  | 'PORT_IN_USE' // another process holds the port
  | 'PAPER_OUT'
  | 'CARD_UNREADABLE'
  | 'CARD_TIMEOUT' // no card was presented in time
  | 'PIN_CANCELLED' // by the customer, at the PIN pad
  | 'PIN_TIMEOUT'
  | 'SCAN_TIMEOUT' // no code was shown in time
  | 'CANCELLED'; // by the caller's signal

export class DeviceError extends Error {
  readonly code: DeviceErrorCode;
  readonly device: string;
  readonly details: Readonly<Record<string, string | number | boolean>>;

  constructor(
    code: DeviceErrorCode,
    device: string,
    message: string,
    details: Readonly<Record<string, string | number | boolean>> = {},
  ) {
    super(`${device}: ${message}`);
    this.name = 'DeviceError';
    this.code = code;
    this.device = device;
    this.details = details;
  }
}

export const isDeviceError = (error: unknown): error is DeviceError => error instanceof DeviceError;
