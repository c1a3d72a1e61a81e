import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { hidPort } from '../../drivers/transport/hid.ts';
import type { HidHandle, HidInfo, HidModule } from '../../drivers/transport/hid-module.ts';
import { portFrom } from '../../drivers/transport/port-from.ts';
import { realClock } from '../support/pty.ts';
import { testClock } from '../support/test-clock.ts';
import { watch } from './rig.ts';

/** node-hid as it behaves on Linux: reads start with the 'data' listener, an unplugged device says 'error' once and never 'close'. */
class FakeHid extends EventEmitter implements HidHandle {
  readonly written: number[][] = [];
  readonly features: number[][] = [];
  closes = 0;
  refuse: Error | undefined;

  async write(report: Buffer): Promise<number> {
    if (this.refuse) throw this.refuse;
    return this.written.push([...report]);
  }

  async sendFeatureReport(report: Buffer): Promise<number> {
    if (this.refuse) throw this.refuse;
    expect(this.listenerCount('data')).toBe(0);
    return this.features.push([...report]);
  }

  async close(): Promise<void> {
    this.closes += 1;
    throw new Error('device is gone already');
  }
}

const reader: HidInfo = { vendorId: 0x0acd, productId: 0x3530, path: '/dev/hidraw0', usagePage: 0xff00, usage: 1 };
const scanner: HidInfo = { vendorId: 0x0c2e, productId: 0x0200, path: '/dev/hidraw1', usagePage: 0x8c, usage: 2 };
const keyboardOfScanner: HidInfo = { ...scanner, path: '/dev/hidraw2', usagePage: 1, usage: 6 };

function fakeModule(devices: HidInfo[] = [reader, scanner, keyboardOfScanner]) {
  const opened: { path: string; handle: FakeHid }[] = [];
  const state: { refuse: Error | undefined } = { refuse: undefined };
  const module: HidModule = {
    devicesAsync: async () => devices,
    HIDAsync: {
      async open(path) {
        if (state.refuse) throw state.refuse;
        const handle = new FakeHid();
        opened.push({ path, handle });
        return handle;
      },
    },
  };
  return { devices, opened, state, loadHid: async () => module };
}

async function connected() {
  const { loadHid, opened } = fakeModule();
  const transport = await portFrom('hid:/dev/hidraw0', testClock(), { loadHid }).connect();
  const [first] = opened;
  if (!first) throw new Error('nothing was opened');
  const reports: number[][] = [];
  const closed: string[] = [];
  transport.onData((bytes) => reports.push([...bytes]));
  transport.onClose((reason) => closed.push(reason));
  return { transport, handle: first.handle, reports, closed };
}

describe('a HID device', () => {
  it('brings each report as one chunk, and takes each write as one report', async () => {
    const { transport, handle, reports } = await connected();
    handle.emit('data', Buffer.from([1, 0xaa, 0xbb]));
    handle.emit('data', Buffer.from([1, 0xcc]));
    await transport.write(Uint8Array.of(1, 0x10));
    await transport.write(Uint8Array.of(1, 0x20));
    expect(reports).toEqual([
      [1, 0xaa, 0xbb],
      [1, 0xcc],
    ]);
    expect(handle.written).toEqual([
      [1, 0x10],
      [1, 0x20],
    ]);
  });

  it('leaves nothing of a report in the memory of node-hid', async () => {
    const { handle } = await connected();
    const report = Buffer.from([1, 2, 3]);
    handle.emit('data', report);
    expect([...report]).toEqual([0, 0, 0]);
  });

  it('is told what it wants to hear before it is listened to', async () => {
    const { loadHid, opened } = fakeModule();
    await portFrom('hid:8c/2', testClock(), { loadHid, featureAfterOpen: [Uint8Array.of(0xfe, 0x01)] }).connect();
    expect(opened.map(({ path, handle }) => [path, handle.features])).toEqual([['/dev/hidraw1', [[0xfe, 0x01]]]]);
  });

  it('that is unplugged is lost, told once, closed once, and nothing of it is ever unhandled', async () => {
    const { transport, handle, closed } = await connected();
    handle.emit('error', new Error('could not read from HID device'));
    handle.emit('error', new Error('could not read from HID device'));
    await expect(transport.write(Uint8Array.of(0))).rejects.toMatchObject({ code: 'DEVICE_ABSENT' });
    await transport.close();
    expect(closed).toEqual(['lost']);
    expect(handle.closes).toBe(1);
    handle.emit('error', new Error('after the close'));
  });

  it('that does not take a report is lost', async () => {
    const { transport, handle, closed } = await connected();
    handle.refuse = new Error('cannot write to hid device');
    const write = watch(transport.write(Uint8Array.of(0)));
    await new Promise(setImmediate);
    expect(write.error?.code).toBe('DEVICE_ABSENT');
    expect(closed).toEqual(['lost']);
    expect(handle.closes).toBe(1);
  });
});

describe('the address of a HID device', () => {
  it.each([
    ['hid:/dev/hidraw7', '/dev/hidraw7', 'hid:/dev/hidraw7'],
    ['hid:0acd:3530', '/dev/hidraw0', 'hid:0acd:3530 (/dev/hidraw0)'],
    ['hid:0ACD:3530', '/dev/hidraw0', 'hid:0ACD:3530 (/dev/hidraw0)'],
    ['hid:8c/2', '/dev/hidraw1', 'hid:8c/2 (/dev/hidraw1)'],
    ['hid:0c2e:0200:8c/2', '/dev/hidraw1', 'hid:0c2e:0200:8c/2 (/dev/hidraw1)'],
  ])('%s is %s', async (address, path, describe) => {
    const { loadHid, opened } = fakeModule();
    const port = portFrom(address, testClock(), { loadHid });
    await port.connect();
    expect(opened.map((one) => one.path)).toEqual([path]);
    expect(port.describe).toBe(describe);
  });

  it('finds it again at another node', async () => {
    const { loadHid, opened, devices } = fakeModule([scanner]);
    const port = portFrom('hid:0c2e:0200', testClock(), { loadHid });
    await port.connect();
    devices[0] = { ...scanner, path: '/dev/hidraw9' };
    await port.connect();
    expect(opened.map(({ path }) => path)).toEqual(['/dev/hidraw1', '/dev/hidraw9']);
    expect(port.describe).toBe('hid:0c2e:0200 (/dev/hidraw9)');
  });

  it('that fits several devices opens none and names them; one device with several usages is one', async () => {
    const { loadHid, opened, devices } = fakeModule();
    const port = portFrom('hid:0c2e:0200', testClock(), { loadHid });
    await expect(port.connect()).rejects.toMatchObject({
      code: 'DEVICE_FAULT',
      details: { found: '/dev/hidraw1 /dev/hidraw2' },
    });
    expect(opened).toEqual([]);
    devices.splice(0, 3, scanner, { ...scanner, usage: 3 });
    await port.connect();
    expect(opened).toHaveLength(1);
  });

  it.each(['hid:', 'hid:0acd', 'hid:0acd:', 'hid:0acd:3530:', 'hid:8c/', 'hid:hidraw0', 'hid:0acd:35301'])(
    'is not %j',
    (address) => expect(() => portFrom(address, testClock())).toThrow(/hid:VVVV:PPPP/),
  );
});

describe('a HID device that cannot be opened', () => {
  it.each([
    ['cannot open device with path /dev/hidraw0: open: No such file or directory', 'DEVICE_ABSENT', {}],
    ['cannot open device with path /dev/hidraw0: Permission denied', 'DEVICE_FAULT', { reason: 'permission' }],
    ['cannot open device with path /dev/hidraw0: broken', 'DEVICE_FAULT', {}],
    [
      'libusb-1.0.so.0: cannot open shared object file: No such file or directory',
      'DEVICE_FAULT',
      { reason: 'hid-unavailable' },
    ],
  ])('%s: %s', async (text, code, details) => {
    const { loadHid, state } = fakeModule();
    state.refuse = new Error(text);
    await expect(portFrom('hid:/dev/hidraw0', testClock(), { loadHid }).connect()).rejects.toMatchObject({
      code,
      details,
    });
  });

  it('because node-hid is not there: says what to install', async () => {
    const loadHid = (): Promise<HidModule> => Promise.reject(new Error("Cannot find package 'node-hid'"));
    await expect(hidPort('hid:8c/2', {}, testClock(), { loadHid }).connect()).rejects.toThrow(
      'HID unavailable: install libusb-1.0-0',
    );
  });

  it('is absent when none fits', async () => {
    const { loadHid } = fakeModule([]);
    await expect(portFrom('hid:8c/2', testClock(), { loadHid }).connect()).rejects.toMatchObject({
      code: 'DEVICE_ABSENT',
    });
  });

  it('refuses its feature report: closed, and not lost in silence', async () => {
    const handle = new FakeHid();
    handle.refuse = new Error('could not send feature report');
    const loadHid = async (): Promise<HidModule> => ({
      devicesAsync: async () => [],
      HIDAsync: { open: async () => handle },
    });
    const port = portFrom('hid:/dev/hidraw0', testClock(), { loadHid, featureAfterOpen: [Uint8Array.of(0xfe, 1)] });
    await expect(port.connect()).rejects.toMatchObject({ code: 'DEVICE_FAULT' });
    expect(handle.closes).toBe(1);
  });

  it('with the real node-hid: absent where libusb is, else with the advice to install it', async () => {
    const error: unknown = await portFrom('hid:/dev/no-such-hidraw', realClock)
      .connect()
      .catch((e: unknown) => e);
    const expected = { code: 'DEVICE_ABSENT' };
    const withoutLibrary = { code: 'DEVICE_FAULT', details: { reason: 'hid-unavailable' } };
    expect([expect.objectContaining(expected), expect.objectContaining(withoutLibrary)]).toContainEqual(error);
  });
});
