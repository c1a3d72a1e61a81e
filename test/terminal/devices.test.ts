import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { systemRandom } from '../../terminal/base/random.ts';
import { readConfig } from '../../terminal/config.ts';
import { logoOf, makeDevices } from '../../terminal/devices.ts';
import { benchOf } from '../../terminal/simulated-devices.ts';
import { type TestClock, testClock } from '../support/test-clock.ts';

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** Every device that the configuration names, started. */
async function started(json: object) {
  const clock = testClock();
  const tapped: string[] = [];
  const devices = await makeDevices({
    config: readConfig(json),
    clock,
    random: systemRandom,
    log: () => {},
    tap: (name, port) => {
      tapped.push(name);
      return port;
    },
  });
  for (const { device } of devices.all) device.start();
  stops.push(() => stopAll(devices.all, clock));
  await clock.advance(3_000);
  const states = Object.fromEntries(devices.all.map(({ device }) => [device.name, device.status().state]));
  return { devices, clock, states, tapped, bench: benchOf(devices.simulated) };
}

/** A driver may be in the middle of a wait: time goes on until all have ended. */
async function stopAll(all: Awaited<ReturnType<typeof makeDevices>>['all'], clock: TestClock): Promise<void> {
  const ended = Promise.all(all.map(({ device }) => device.stop()));
  await clock.advance(10_000);
  await ended;
}

const everything = ['card-reader', 'pin-pad', 'scanner', 'keypad', 'display', 'printer'];

describe('every device simulated is ready, over wires that can be listened to', () => {
  test.each([
    ['as it comes', {}],
    [
      'reader, scanner and keypad in HID reports',
      { readerProfile: 'vivotech2-hid', scannerProfile: 'hid-pos', keypadProfile: 'hid' },
    ],
    ['a Honeywell scanner', { scannerProfile: 'hid-pos-honeywell' }],
    ['a scanner that is told when to read', { scannerProfile: 'gm72-ssi' }],
    ['an 80 mm printer of Epson', { printerProfile: 'epson-80' }],
    ['a printer that cannot answer', { printerProfile: 'escpos-58-tx-only' }],
  ])('%s', async (_, json) => {
    const { states, tapped } = await started({ keypad: 'sim', ...json });
    expect(states).toEqual(Object.fromEntries(everything.map((name) => [name, 'ready'])));
    expect([...tapped].sort()).toEqual([...everything].sort());
  });
});

test('what is none is not there', async () => {
  const { devices, states } = await started({ pinPad: 'none', scanner: 'none', display: 'none' });
  expect(states).toEqual({ 'card-reader': 'ready', printer: 'ready' });
  expect(devices).toMatchObject({ pinPad: undefined, scanner: undefined, keypad: undefined, display: undefined });
});

describe('what the customer does', () => {
  test.each(['contactless', 'swipe', 'insert'] as const)('%s: the card is read', async (how) => {
    const { devices, clock, bench } = await started({});
    const read = devices.reader.readCard(
      { amountFen: 1_100, type: 'sale', timeoutMs: 60_000 },
      new AbortController().signal,
    );
    await clock.advance(100);
    bench.present?.(how);
    await clock.advance(2_000);
    expect((await read).masked).toBe('622202*********0128');
  });

  test.each(['sim', 'reader'])('the PIN, where the PIN pad is %s', async (pinPad) => {
    const { devices, clock, bench } = await started({ pinPad });
    const { signal } = new AbortController();
    const reading = devices.reader.readCard({ amountFen: 1_100, type: 'sale', timeoutMs: 60_000 }, signal);
    await clock.advance(100);
    bench.present?.('swipe');
    await clock.advance(1_000);
    const card = await reading;
    const entering = devices.pinPad?.readPin({ card, amountFen: 1_100, timeoutMs: 60_000 }, signal);
    await clock.advance(1_000);
    bench.enterPin?.('123456');
    await clock.advance(2_000);
    const pin = await entering;
    expect(pin).toBeDefined();
    expect(JSON.stringify(pin)).not.toContain('123456');
  });

  test('the slip comes out as lines', async () => {
    const { devices, clock, bench } = await started({});
    const slips: (readonly string[])[] = [];
    bench.onSlip?.((lines) => slips.push(lines));
    const printed = devices.printer.print([{ kind: 'text', text: '签购单' }, { kind: 'cut' }]);
    await clock.advance(5_000);
    await printed;
    expect(slips.flat().join('\n')).toContain('签购单');
  });
});

describe('the logo', () => {
  const home = (name: string, content: string | Uint8Array): string => {
    const folder = mkdtempSync(join(tmpdir(), 'pos-logo-'));
    stops.push(async () => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, name), content);
    return folder;
  };

  test('is the picture in the home folder', async () => {
    const folder = home('logo.pbm', 'P1\n# two dots\n2 1\n1 0\n');
    expect(await logoOf(readConfig({ logo: 'logo.pbm' }), folder)).toEqual({
      widthDots: 2,
      heightDots: 1,
      rows: Uint8Array.of(0x80),
    });
    expect(await logoOf(readConfig({}), folder)).toBeUndefined();
  });

  test.each([
    ['is not there', 'other.pbm', 'P1 1 1 1'],
    ['is no PBM', 'logo.pbm', 'GIF89a'],
    ['is wider than the paper', 'logo.pbm', 'P1 400 1 '],
  ])('that %s is refused by name', async (_, file, content) => {
    await expect(logoOf(readConfig({ logo: 'logo.pbm' }), home(file, content))).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      details: { what: expect.stringContaining('config.json logo: logo.pbm') },
    });
  });
});
