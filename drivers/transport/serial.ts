import { readSync } from 'node:fs';
import { type Clock, sleep } from '../clock.ts';
import { DeviceError, isDeviceError } from '../errors.ts';
import { Channel } from './channel.ts';
import { portHolder } from './port-holder.ts';
import type { PortOptions } from './port-options.ts';
import type { Port, Transport } from './transport.ts';

/** What this file uses of a port of the native binding on Linux; on other systems serialport is not supported here. */
export interface NativePort {
  readonly fd: number | null;
  readonly poller: { once(event: 'readable', callback: (error: Error | null) => void): unknown };
  write(bytes: Buffer): Promise<void>;
  close(): Promise<void>;
}

const ZERO_READS = 3;
const ZERO_READ_PAUSE_MS = 5;

/** Where a serial device is. */
export interface SerialPlace {
  /** For people; what was found last belongs to it. */
  readonly describe: string;
  readonly baudRate: number;
  /** Called for each connection. Throws DeviceError. */
  locate(): Promise<string>;
}

/**
 * A serial device, 8N1 without flow control. The native binding of serialport is used without its stream, which queues writes while
 * closed, closes twice and cannot be reopened, and without its `read`, which spins for ever after a hang-up (devices.md §5.3).
 */
export function serialPort(place: SerialPlace, clock: Clock, { watch, procRoot }: PortOptions = {}): Port {
  return {
    get describe() {
      return place.describe;
    },
    async connect(): Promise<Transport> {
      const path = await place.locate();
      const { describe, baudRate } = place;
      const native = await openNative(path, baudRate, describe).catch((error: unknown) =>
        nameHolder(error, path, procRoot),
      );
      const channel = new Channel({
        describe,
        clock,
        write: (bytes) => native.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)),
        close: () => native.close(),
      });
      pump(native, channel, clock).then(
        () => channel.end('lost'),
        () => channel.end('lost'),
      );
      return channel;
    },
    ...(watch ? { onAppear: (listener) => watch.onChange(listener) } : {}),
  };
}

async function nameHolder(error: unknown, path: string, procRoot: string | undefined): Promise<never> {
  if (!isDeviceError(error) || error.code !== 'PORT_IN_USE') throw error;
  const holder = await portHolder(path, procRoot);
  if (!holder) throw error;
  throw new DeviceError('PORT_IN_USE', error.device, `${holder} holds the port`, { holder });
}

/**
 * Reads until the port is closed or hung up. Throws what the poller says: it is asked before each read, and reports most hang-ups as an
 * error, and so does `close`.
 */
export async function pump(
  native: Pick<NativePort, 'fd' | 'poller'>,
  channel: Pick<Channel, 'receive'>,
  clock: Clock,
): Promise<void> {
  const buffer = Buffer.alloc(4096);
  let zeroReads = 0;
  while (native.fd !== null) {
    await readable(native);
    const count = readNow(native.fd, buffer);
    if (count === undefined) continue;
    if (count > 0) {
      zeroReads = 0;
      channel.receive(Uint8Array.from(buffer.subarray(0, count)));
      buffer.fill(0, 0, count);
      continue;
    }
    // A hung-up line is readable for ever and gives nothing. One empty read may be chance, three in a row are not.
    zeroReads += 1;
    if (zeroReads >= ZERO_READS) return;
    await sleep(clock, ZERO_READ_PAUSE_MS);
  }
}

function readable(native: Pick<NativePort, 'poller'>): Promise<void> {
  return new Promise((resolve, reject) => {
    native.poller.once('readable', (error) => (error ? reject(error) : resolve()));
  });
}

/** The port is non-blocking, so this returns at once; undefined when there was nothing after all. */
function readNow(fd: number | null, buffer: Buffer): number | undefined {
  if (fd === null) return undefined;
  try {
    return readSync(fd, buffer, 0, buffer.length, null);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EAGAIN' || code === 'EINTR') return undefined;
    throw error;
  }
}

async function openNative(path: string, baudRate: number, describe: string): Promise<NativePort> {
  const binding = await loadBinding(describe);
  try {
    // hupcl off: some readers restart when DTR falls.
    const port = await binding.open({ path, baudRate, lock: true, hupcl: false });
    if ('poller' in port) return port;
    await port.close();
  } catch (error) {
    throw openError(error, describe);
  }
  throw new DeviceError('DEVICE_FAULT', describe, 'serial ports are supported on Linux only');
}

async function loadBinding(describe: string) {
  try {
    // Loaded when a serial port is opened: a terminal without one starts faster and needs no native code.
    const { default: serialport } = await import('serialport');
    return serialport.SerialPort.binding;
  } catch {
    throw new DeviceError('DEVICE_FAULT', describe, 'the serialport package cannot be loaded');
  }
}

/** The binding throws plain errors without a code; their texts come from strerror. */
function openError(error: unknown, describe: string): DeviceError {
  const text = error instanceof Error ? error.message : '';
  if (/cannot lock port/i.test(text)) return new DeviceError('PORT_IN_USE', describe, 'another process holds the port');
  if (/no such file|no such device/i.test(text)) return new DeviceError('DEVICE_ABSENT', describe, 'no such port');
  if (/permission denied/i.test(text)) {
    return new DeviceError('DEVICE_FAULT', describe, 'no permission to open the port', { reason: 'permission' });
  }
  return new DeviceError('DEVICE_FAULT', describe, 'cannot open the port', { reason: text.slice(0, 80) });
}
