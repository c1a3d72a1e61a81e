import type { Clock } from '../clock.ts';
import { DeviceError } from '../errors.ts';
import { Channel } from './channel.ts';
import { type HidHandle, type HidInfo, type HidModule, hidError, loadNodeHid } from './hid-module.ts';
import { portHolder } from './port-holder.ts';
import type { PortOptions } from './port-options.ts';
import type { Port, Transport } from './transport.ts';

/** Which HID device is meant: by its node, or by what it says of itself. What is undefined may be anything. */
export interface HidSelector {
  readonly path?: string | undefined;
  readonly vendorId?: number | undefined;
  readonly productId?: number | undefined;
  readonly usagePage?: number | undefined;
  readonly usage?: number | undefined;
}

/**
 * A HID device: one report is one chunk, in both directions, its report ID first (where the device numbers its reports; a report that is
 * written always begins with it, 00 for none).
 */
export function hidPort(address: string, selector: HidSelector, clock: Clock, options: PortOptions = {}): Port {
  const { watch, loadHid = loadNodeHid, featureAfterOpen = [], procRoot } = options;
  let found = selector.path;
  const describe = (): string => (found && !selector.path ? `${address} (${found})` : address);
  return {
    get describe() {
      return describe();
    },
    async connect() {
      try {
        const hid = await loadHid();
        found = selector.path ?? (await find(hid, selector, address));
        await mustBeFree(found, describe(), procRoot);
        const handle = await hid.HIDAsync.open(found);
        return await opened(handle, featureAfterOpen, clock, describe());
      } catch (error) {
        throw hidError(error, describe());
      }
    },
    ...(watch ? { onAppear: (listener) => watch.onChange(listener) } : {}),
  };
}

async function find(hid: HidModule, selector: HidSelector, address: string): Promise<string> {
  const fits = (info: HidInfo): boolean =>
    (['vendorId', 'productId', 'usagePage', 'usage'] as const).every(
      (what) => selector[what] === undefined || selector[what] === info[what],
    );
  // A device with several usages is listed once for each.
  const paths = new Set((await hid.devicesAsync()).filter(fits).flatMap(({ path }) => path ?? []));
  const [path, ...others] = paths;
  if (path === undefined) throw new DeviceError('DEVICE_ABSENT', address, 'no such device');
  if (others.length === 0) return path;
  const all = [path, ...others].sort().join(' ');
  throw new DeviceError('DEVICE_FAULT', address, `several devices fit: ${all}`, { found: all });
}

/** The kernel lets any number of processes read, and each would see every card. */
async function mustBeFree(path: string, describe: string, procRoot: string | undefined): Promise<void> {
  const holder = await portHolder(path, procRoot);
  if (holder) throw new DeviceError('PORT_IN_USE', describe, 'another process holds the device', { holder });
}

async function opened(
  handle: HidHandle,
  featureAfterOpen: readonly Uint8Array[],
  clock: Clock,
  describe: string,
): Promise<Transport> {
  const channel = new Channel({
    describe,
    clock,
    write: async (report) => void (await handle.write(Buffer.from(report))),
    close: async () => handle.close(),
  });
  // Before anything else: without a listener an 'error' would end the process. It comes once, and nothing after it.
  handle.on('error', () => void channel.end('lost'));
  try {
    for (const report of featureAfterOpen) await handle.sendFeatureReport(Buffer.from(report));
  } catch (error) {
    await channel.close();
    throw error;
  }
  handle.on('data', (report) => {
    channel.receive(Uint8Array.from(report));
    report.fill(0);
  });
  return channel;
}
