import { DeviceError } from '../errors.ts';

/** What is used of node-hid: never its synchronous class, which blocks a thread for each open device (devices.md §4). */
export interface HidModule {
  devicesAsync(): Promise<readonly HidInfo[]>;
  readonly HIDAsync: { open(path: string): Promise<HidHandle> };
}

export interface HidInfo {
  readonly vendorId: number;
  readonly productId: number;
  readonly path?: string | undefined;
  readonly usagePage?: number | undefined;
  readonly usage?: number | undefined;
}

/** It reads as long as it has a 'data' listener. Unplugged it says 'error' once and never 'close'. */
export interface HidHandle {
  on(event: 'data', listener: (report: Uint8Array) => void): unknown;
  on(event: 'error', listener: (error: unknown) => void): unknown;
  write(report: Buffer): Promise<number>;
  sendFeatureReport(report: Buffer): Promise<number>;
  close(): Promise<void>;
}

export type LoadHid = () => Promise<HidModule>;

/** Loaded when a HID device is opened: a terminal without one starts faster and needs no native code. */
export const loadNodeHid: LoadHid = async () => (await import('node-hid')).default;

/** node-hid loads its native part, and with it libusb, at the first call, and says what went wrong in words only. */
export function hidError(error: unknown, describe: string): DeviceError {
  if (error instanceof DeviceError) return error;
  const text = error instanceof Error ? error.message : '';
  if (/shared object|libusb|libudev|prebuild|bindings|cannot find (module|package)/i.test(text)) {
    const details = { reason: 'hid-unavailable' };
    return new DeviceError('DEVICE_FAULT', describe, 'HID unavailable: install libusb-1.0-0', details);
  }
  if (/no such file|no such device/i.test(text)) return new DeviceError('DEVICE_ABSENT', describe, 'no such device');
  if (/permission denied/i.test(text)) {
    return new DeviceError('DEVICE_FAULT', describe, 'no permission to open the device', { reason: 'permission' });
  }
  return new DeviceError('DEVICE_FAULT', describe, 'cannot open the device', { reason: text.slice(0, 80) });
}
