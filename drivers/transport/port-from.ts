import type { Clock } from '../clock.ts';
import { DeviceError } from '../errors.ts';
import { findUsbSerial, type UsbId } from './find-usb-serial.ts';
import { type HidSelector, hidPort } from './hid.ts';
import type { PortOptions } from './port-options.ts';
import { type SerialPlace, serialPort } from './serial.ts';
import { tcpPort } from './tcp.ts';
import type { Port } from './transport.ts';

const DEFAULT_BAUD_RATE = 115_200;

/**
 * The port that an address of the configuration names. What it stands for is looked up at every connect.
 * - `serial:/dev/…[@baud]`, 115200 when not given
 * - `serial:usb:VVVV:PPPP[:SERIAL][@baud]`, the tty of the USB adapter with these numbers
 * - `hid:/dev/hidrawN`, `hid:VVVV:PPPP`, `hid:PAGE/USAGE` or `hid:VVVV:PPPP:PAGE/USAGE`, all hexadecimal: `hid:8c/2` is any code scanner
 * - `tcp:host:port`, an IPv6 host in brackets
 * Throws DeviceError DEVICE_FAULT for anything else.
 */
export function portFrom(address: string, clock: Clock, options: PortOptions = {}): Port {
  const place = serialPlace(address, options);
  if (place) return serialPort(place, clock, options);
  const selector = hidSelector(address);
  if (selector) return hidPort(address, selector, clock, options);
  const tcp = /^tcp:(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(address);
  const host = tcp?.[1] ?? tcp?.[2];
  const port = Number(tcp?.[3]);
  if (host && port >= 1 && port <= 65_535) return tcpPort(host, port, clock);
  throw new DeviceError(
    'DEVICE_FAULT',
    address,
    'not a device address; write serial:/dev/…[@baud], serial:usb:VVVV:PPPP[:SERIAL][@baud], hid:VVVV:PPPP, hid:/dev/hidrawN or tcp:host:port',
  );
}

function serialPlace(address: string, { sysRoot }: PortOptions): SerialPlace | undefined {
  const [, where, baud] = /^serial:(.+?)(?:@(\d{3,7}))?$/.exec(address) ?? [];
  if (where === undefined) return undefined;
  const baudRate = baud ? Number(baud) : DEFAULT_BAUD_RATE;
  if (where.startsWith('/')) return { describe: `serial:${where}@${baudRate}`, baudRate, locate: async () => where };
  const [, vendorId, productId, serialNumber] = /^usb:([\da-f]{4}):([\da-f]{4})(?::(.+))?$/i.exec(where) ?? [];
  if (vendorId === undefined || productId === undefined) return undefined;
  const id = { vendorId: vendorId.toLowerCase(), productId: productId.toLowerCase(), serialNumber };
  return usbSerialPlace(`serial:${where}@${baudRate}`, baudRate, id, sysRoot);
}

function usbSerialPlace(address: string, baudRate: number, id: UsbId, sysRoot: string | undefined): SerialPlace {
  let last: string | undefined;
  return {
    get describe() {
      return last ? `${address} (${last})` : address;
    },
    baudRate,
    async locate() {
      const [path, ...others] = await findUsbSerial(id, sysRoot);
      if (path === undefined) throw new DeviceError('DEVICE_ABSENT', address, 'no such USB device');
      if (others.length > 0) {
        const found = [path, ...others].join(' ');
        throw new DeviceError('DEVICE_FAULT', address, `several devices fit: ${found}`, { found });
      }
      last = path;
      return path;
    },
  };
}

function hidSelector(address: string): HidSelector | undefined {
  const [, path] = /^hid:(\/.+)$/.exec(address) ?? [];
  if (path) return { path };
  const hex = (digits: string | undefined): number | undefined => (digits ? Number.parseInt(digits, 16) : undefined);
  const forms = /^hid:(?:([\da-f]{4}:[\da-f]{4})(?::(?=.)|$))?([\da-f]{1,4}\/[\da-f]{1,4})?$/i;
  const [, ids, usages] = forms.exec(address) ?? [];
  if (!ids && !usages) return undefined;
  const [vendorId, productId] = (ids ?? '').split(':').map(hex);
  const [usagePage, usage] = (usages ?? '').split('/').map(hex);
  return { vendorId, productId, usagePage, usage };
}
