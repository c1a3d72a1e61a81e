import type { Clock } from '../clock.ts';
import { DeviceError } from '../errors.ts';
import { serialPort } from './serial.ts';
import { tcpPort } from './tcp.ts';
import type { Port } from './transport.ts';

const DEFAULT_BAUD_RATE = 115_200;

/**
 * The port that an address of the configuration names: `serial:/dev/…[@baud]` (115200 when not given) or `tcp:host:port`, an IPv6
 * host in brackets. Throws DeviceError DEVICE_FAULT for anything else.
 */
export function portFrom(address: string, clock: Clock): Port {
  const serial = /^serial:(\/.+?)(?:@(\d{3,7}))?$/.exec(address);
  if (serial?.[1]) return serialPort(serial[1], serial[2] ? Number(serial[2]) : DEFAULT_BAUD_RATE, clock);
  const tcp = /^tcp:(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(address);
  const host = tcp?.[1] ?? tcp?.[2];
  const port = Number(tcp?.[3]);
  if (host && port >= 1 && port <= 65_535) return tcpPort(host, port, clock);
  throw new DeviceError('DEVICE_FAULT', address, 'not a device address; write serial:/dev/…[@baud] or tcp:host:port');
}
