import type { CardReader, ReceiptPrinter } from '../../drivers/devices.ts';
import type { Port, Transport } from '../../drivers/transport/transport.ts';
import type { Clock } from '../base/clock.ts';
import type { DeviceName } from './contract.ts';
import { type Called, watchedPrinter, watchedReader } from './watched.ts';

/** What passed between a driver and its device: one write (`out`), one chunk that came (`in`), or a note. */
export interface Passed {
  readonly t: number;
  readonly device: DeviceName;
  readonly dir: 'out' | 'in' | 'note';
  readonly bytes: Uint8Array;
  /** Of a note: `connected`, or why the connection ended. */
  readonly note: string;
}

interface Watchable {
  readonly reader: CardReader;
  readonly printer: ReceiptPrinter;
}

/** Listens on the wires of a simulated terminal, those of its real devices too, and to what their drivers are asked for. Costs nothing unheard. */
export interface WireTap {
  /** The same port, listened to. */
  port(device: DeviceName, port: Port): Port;
  /** The same drivers, listened to. */
  watched<D extends Watchable>(devices: D): D;
  onPassed(listener: (passed: Passed) => void): () => void;
  onCalled(listener: (called: Called) => void): () => void;
  /** Cuts the connections of a device, or of all; their drivers connect anew. */
  cut(device: DeviceName | undefined): void;
}

const NO_BYTES = new Uint8Array(0);

export function wireTap(clock: Clock): WireTap {
  const listeners = new Set<(passed: Passed) => void>();
  const callListeners = new Set<(called: Called) => void>();
  const open = new Map<Transport, DeviceName>();

  /** Each listener owns its copy: it overwrites what it was given, and so may the driver. */
  const passed = (device: DeviceName, dir: 'out' | 'in', bytes: Uint8Array): void => {
    for (const listener of [...listeners])
      listener({ t: clock.now(), device, dir, bytes: Uint8Array.from(bytes), note: '' });
  };
  const noted = (device: DeviceName, note: string): void => {
    for (const listener of [...listeners]) listener({ t: clock.now(), device, dir: 'note', bytes: NO_BYTES, note });
  };
  const called = (one: Called): void => {
    for (const listener of [...callListeners]) listener(one);
  };

  const listened = (device: DeviceName, transport: Transport): Transport => {
    open.set(transport, device);
    noted(device, 'connected');
    return {
      write(bytes, timeoutMs) {
        passed(device, 'out', bytes);
        return transport.write(bytes, timeoutMs);
      },
      onData: (listener) =>
        transport.onData((bytes) => {
          passed(device, 'in', bytes);
          listener(bytes);
        }),
      onClose: (listener) =>
        transport.onClose((reason) => {
          open.delete(transport);
          noted(device, reason);
          listener(reason);
        }),
      close: () => transport.close(),
    };
  };

  return {
    port: (device, port) => ({
      get describe() {
        return port.describe;
      },
      connect: async () => listened(device, await port.connect()),
      ...(port.onAppear && { onAppear: (appeared) => port.onAppear?.(appeared) ?? (() => undefined) }),
    }),
    watched: (devices) => ({
      ...devices,
      reader: watchedReader(devices.reader, called),
      printer: watchedPrinter(devices.printer, called),
    }),
    onPassed(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onCalled(listener) {
      callListeners.add(listener);
      return () => callListeners.delete(listener);
    },
    cut(device) {
      for (const [transport, of] of [...open]) if (device === undefined || of === device) void transport.close();
    },
  };
}
