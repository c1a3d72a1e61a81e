import { mkdirSync, mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findUsbSerial } from '../../drivers/transport/find-usb-serial.ts';
import { portFrom } from '../../drivers/transport/port-from.ts';
import { portHolder } from '../../drivers/transport/port-holder.ts';
import { realClock } from '../support/pty.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'find-device-'));
});
afterEach(() => rmSync(root, { recursive: true }));

/** A USB adapter as sysfs shows it: the tty below its interface, the numbers two levels above. */
function plugIn(tty: string, numbers: { vendor: string; product: string; serial?: string }, socket = '1-1'): void {
  const device = join(root, 'devices/pci0000:00/usb1', socket);
  const node = join(device, `${socket}:1.0`, tty);
  mkdirSync(node, { recursive: true });
  mkdirSync(join(root, 'class/tty', tty), { recursive: true });
  writeFileSync(join(device, 'idVendor'), `${numbers.vendor}\n`);
  writeFileSync(join(device, 'idProduct'), `${numbers.product}\n`);
  if (numbers.serial) writeFileSync(join(device, 'serial'), `${numbers.serial}\n`);
  symlinkSync(node, join(root, 'class/tty', tty, 'device'));
}

const unplug = (tty: string): void => unlinkSync(join(root, 'class/tty', tty, 'device'));

/** A tty on the board: it has a device, but that is no USB device; and one without any. */
function boardTtys(): void {
  mkdirSync(join(root, 'devices/platform/serial8250'), { recursive: true });
  mkdirSync(join(root, 'class/tty/ttyS0'), { recursive: true });
  mkdirSync(join(root, 'class/tty/tty1'), { recursive: true });
  symlinkSync(join(root, 'devices/platform/serial8250'), join(root, 'class/tty/ttyS0/device'));
}

const ftdi = { vendor: '0403', product: '6001' };
const find = (vendorId: string, productId: string, serialNumber?: string) =>
  findUsbSerial({ vendorId, productId, serialNumber }, root);

describe('a USB serial adapter', () => {
  it('is found by its numbers among others', async () => {
    boardTtys();
    plugIn('ttyUSB0', { ...ftdi, serial: 'A1' }, '1-1');
    plugIn('ttyUSB1', { ...ftdi, serial: 'B2' }, '1-2');
    plugIn('ttyACM0', { vendor: '0acd', product: '3530' }, '1-3');
    expect(await find('0acd', '3530')).toEqual(['/dev/ttyACM0']);
    expect(await find('0403', '6001', 'B2')).toEqual(['/dev/ttyUSB1']);
    expect(await find('0403', '6001')).toEqual(['/dev/ttyUSB0', '/dev/ttyUSB1']);
    expect(await find('0403', '6015')).toEqual([]);
    expect(await find('0403', '6001', 'C3')).toEqual([]);
  });

  it('is found nowhere where there is no sysfs', async () => {
    expect(await findUsbSerial({ vendorId: '0403', productId: '6001', serialNumber: undefined }, '/no/such')).toEqual(
      [],
    );
  });

  const connecting = (address: string) => {
    const port = portFrom(address, realClock, { sysRoot: root });
    return { port, connect: () => port.connect().catch((error: unknown) => error) };
  };

  it('is looked up at each connect, and the port says where it was found', async () => {
    const { port, connect } = connecting('serial:usb:0403:6001@9600');
    expect(port.describe).toBe('serial:usb:0403:6001@9600');
    expect(await connect()).toMatchObject({ code: 'DEVICE_ABSENT' });
    plugIn('ttyUSB40', ftdi);
    // There is no such tty in the real /dev, which is as far as this goes.
    expect(await connect()).toMatchObject({ code: 'DEVICE_ABSENT', message: expect.stringContaining('/dev/ttyUSB40') });
    unplug('ttyUSB40');
    plugIn('ttyUSB41', ftdi, '1-9');
    await connect();
    expect(port.describe).toBe('serial:usb:0403:6001@9600 (/dev/ttyUSB41)');
  });

  it('that is there twice is not guessed: both are named', async () => {
    plugIn('ttyUSB1', { ...ftdi, serial: 'A1' }, '1-1');
    plugIn('ttyUSB0', { ...ftdi, serial: 'B2' }, '1-2');
    expect(await connecting('serial:usb:0403:6001').connect()).toMatchObject({
      code: 'DEVICE_FAULT',
      details: { found: '/dev/ttyUSB0 /dev/ttyUSB1' },
    });
    expect(await connecting('serial:usb:0403:6001:B2').connect()).toMatchObject({
      code: 'DEVICE_ABSENT',
      message: expect.stringContaining('/dev/ttyUSB0'),
    });
  });

  it.each([
    ['serial:usb:0403:6001', 'serial:usb:0403:6001@115200'],
    ['serial:usb:0403:6001@9600', 'serial:usb:0403:6001@9600'],
    ['serial:usb:0ACD:3530:A1@19200', 'serial:usb:0ACD:3530:A1@19200'],
  ])('%s is an address', (address, describe) => expect(connecting(address).port.describe).toBe(describe));

  it.each(['serial:usb:', 'serial:usb:0403', 'serial:usb:403:6001', 'serial:usb:04x3:6001'])(
    '%s is none',
    (address) => {
      expect(() => connecting(address)).toThrow(/serial:usb:VVVV:PPPP/);
    },
  );
});

describe('who holds a port', () => {
  function process(pid: string, name: string | undefined, ...open: readonly string[]): void {
    mkdirSync(join(root, pid, 'fd'), { recursive: true });
    if (name !== undefined) writeFileSync(join(root, pid, 'comm'), `${name}\n`);
    for (const [fd, path] of open.entries()) symlinkSync(path, join(root, pid, 'fd', String(fd)));
  }
  const held = (): string => join(root, 'ttyUSB0');
  beforeEach(() => writeFileSync(held(), ''));

  it('is named with its number, also through a link such as those of by-id', async () => {
    mkdirSync(join(root, 'self'));
    process('12', 'bash', '/dev/null', 'socket:[123]');
    process('812', 'pos', '/dev/null', held());
    symlinkSync(held(), join(root, 'by-id'));
    expect(await portHolder(held(), root)).toBe('pos (pid 812)');
    expect(await portHolder(join(root, 'by-id'), root)).toBe('pos (pid 812)');
  });

  it('is nobody when nobody is seen', async () => {
    process('12', 'bash', '/dev/null');
    mkdirSync(join(root, '13'));
    expect(await portHolder(held(), root)).toBeUndefined();
    expect(await portHolder('/no/such/port', root)).toBeUndefined();
    expect(await portHolder(held(), '/no/such/proc')).toBeUndefined();
  });

  it('keeps a HID device to itself, although the kernel would let two read it', async () => {
    process('812', 'pos', held());
    const loadHid = async () => ({ devicesAsync: async () => [], HIDAsync: { open: () => expect.unreachable() } });
    const port = portFrom(`hid:${held()}`, realClock, { loadHid, procRoot: root });
    await expect(port.connect()).rejects.toMatchObject({ code: 'PORT_IN_USE', details: { holder: 'pos (pid 812)' } });
  });

  it('has a name that is safe to show, or none', async () => {
    process('7', 'a\u001b[31mb', held());
    expect(await portHolder(held(), root)).toBe('a?[31mb (pid 7)');
    rmSync(join(root, '7'), { recursive: true });
    process('8', undefined, held());
    expect(await portHolder(held(), root)).toBe('? (pid 8)');
  });
});
