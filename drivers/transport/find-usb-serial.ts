import { readdir, readFile, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What a USB device says it is: four hexadecimal digits each, lower case. */
export interface UsbId {
  readonly vendorId: string;
  readonly productId: string;
  /** undefined: any. */
  readonly serialNumber: string | undefined;
}

/** The ttys of USB devices that are `id`, as `/dev/ttyUSB0`, in order. Without sysfs there are none. */
export async function findUsbSerial(id: UsbId, sysRoot = '/sys'): Promise<readonly string[]> {
  const root = await realpath(sysRoot).catch(() => sysRoot);
  const ttys = join(root, 'class/tty');
  const names = await readdir(ttys).catch(() => []);
  const fits = await Promise.all(names.map((name) => isAt(join(ttys, name, 'device'), root, id)));
  return names
    .filter((_, i) => fits[i])
    .sort()
    .map((name) => `/dev/${name}`);
}

/** The tty is below an interface, which is below the device, and only that says what it is. */
async function isAt(link: string, root: string, id: UsbId): Promise<boolean> {
  let folder = await realpath(link).catch(() => root);
  while (folder.startsWith(root) && folder !== root) {
    const vendorId = await attribute(folder, 'idVendor');
    if (vendorId !== undefined) {
      if (vendorId !== id.vendorId || (await attribute(folder, 'idProduct')) !== id.productId) return false;
      return id.serialNumber === undefined || (await attribute(folder, 'serial')) === id.serialNumber;
    }
    folder = dirname(folder);
  }
  return false;
}

async function attribute(folder: string, name: string): Promise<string | undefined> {
  const text = await readFile(join(folder, name), 'utf8').catch(() => undefined);
  return text?.trim();
}
