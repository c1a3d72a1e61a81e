import { describe, expect, it } from 'vitest';
import { scannerProfiles } from '../../drivers/scanner/profiles.ts';
import { scannerFaults } from '../../drivers/simulator/scanner-faults.ts';
import { simulatedPort } from '../../drivers/simulator/simulated-port.ts';
import { simulatedScanner } from '../../drivers/simulator/simulated-scanner.ts';
import { testClock } from '../support/test-clock.ts';
import { arm, watch } from './rig.ts';
import { CODE, ending, OTHER, type ProfileName, SETTLE_MS, START_MS, scannerRig } from './scanner-rig.ts';

const profileNames: readonly ProfileName[] = [
  'text-cr',
  'text-crlf',
  'text-lf',
  'text-gap',
  'gm72-ssi',
  'hid-pos',
  'hid-pos-honeywell',
  'hid-pos-microscan',
];

describe.each(profileNames)('a scanner of the profile %s', (name) => {
  it('reads one code after another', async () => {
    const { clock, simulator, scanner, dropped, ask, log } = await scannerRig(name);
    expect(scanner.status()).toEqual({ state: 'ready' });
    for (const code of [CODE, OTHER]) {
      const scan = await ask();
      simulator.scan(code);
      await clock.advance(SETTLE_MS);
      expect(ending(scan)).toBe(code);
    }
    expect(dropped.count).toBe(0);
    expect(simulator.violations).toEqual([]);
    expect(JSON.stringify(log)).not.toContain('1234');
    await scanner.stop();
    expect(clock.pending()).toBe(0);
  });

  it('drops a code that nobody asked for, and does not give it to the next who asks', async () => {
    const { clock, simulator, dropped, ask, log } = await scannerRig(name);
    simulator.trigger(CODE);
    await clock.advance(200);
    expect(dropped.count).toBe(1);
    const scan = await ask();
    expect(ending(scan)).toBe('waits');
    simulator.scan(OTHER);
    await clock.advance(SETTLE_MS);
    expect(ending(scan)).toBe(OTHER);
    expect(log).toContainEqual({ event: 'scanner.dropped', details: { device: 'scanner', reason: 'not-asked' } });
  });

  it('ends with SCAN_TIMEOUT when no code is shown, and reads the next one', async () => {
    const { clock, simulator, dropped, ask } = await scannerRig(name);
    const scan = await ask(2_000);
    await clock.advance(2_000);
    expect(ending(scan)).toBe('SCAN_TIMEOUT');
    await clock.advance(SETTLE_MS);
    const next = await ask();
    simulator.scan(CODE);
    await clock.advance(SETTLE_MS);
    expect(ending(next)).toBe(CODE);
    expect(dropped.count).toBe(0);
  });

  it('ends with CANCELLED at once', async () => {
    const { clock, simulator, cancel, ask } = await scannerRig(name);
    const scan = await ask();
    cancel.abort();
    await clock.advance(0);
    expect(ending(scan)).toBe('CANCELLED');
    await clock.advance(SETTLE_MS);
    expect(simulator.violations).toEqual([]);
  });

  it('refuses a second request while one waits', async () => {
    const { scanner, ask } = await scannerRig(name);
    const first = await ask();
    const second = await ask();
    expect([ending(first), ending(second)]).toEqual(['waits', 'DEVICE_BUSY']);
    await scanner.stop();
  });

  it('ends with DEVICE_ABSENT when it is unplugged, and reads again when it is back', async () => {
    const { clock, simulator, port, scanner, ask } = await scannerRig(name);
    const scan = await ask();
    port.unplug();
    await clock.advance(0);
    expect(ending(scan)).toBe('DEVICE_ABSENT');
    expect(scanner.status().state).toBe('absent');
    expect(ending(await ask())).toBe('DEVICE_ABSENT');
    port.plugIn();
    await clock.advance(6_000);
    const next = await ask();
    simulator.scan(CODE);
    await clock.advance(SETTLE_MS);
    expect(ending(next)).toBe(CODE);
  });

  it('is cancelled before it has begun', async () => {
    const { scanner, cancel } = await scannerRig(name);
    cancel.abort();
    await expect(scanner.scan(1_000, cancel.signal)).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

describe('what a scanner tells', () => {
  it.each([
    ['QR', 'QR'],
    ['CODE128', 'CODE128'],
    ['EAN', 'EAN'],
    ['PDF417', 'PDF417'],
    ['DATAMATRIX', 'DATAMATRIX'],
    ['HANXIN', 'HANXIN'],
  ] as const)('by HID POS: %s', async (shown, symbology) => {
    const { clock, simulator, ask } = await scannerRig('hid-pos');
    const scan = await ask();
    simulator.scan(CODE, shown);
    await clock.advance(0);
    expect(scan.value).toEqual({ text: CODE, symbology });
  });

  it.each([
    ['no AIM id', CODE, { text: CODE, symbology: undefined }],
    ['an AIM id in front', `]Q1${CODE}`, { text: CODE, symbology: 'QR' }],
    ['a text that only looks like one', ']x1 sale', { text: ']x1 sale', symbology: undefined }],
    ['UTF-8', '账平', { text: '账平', symbology: undefined }],
    ['GBK', Uint8Array.of(0xd5, 0xcb, 0xc6, 0xbd), { text: '账平', symbology: undefined }],
    ['neither', Uint8Array.of(0x31, 0xff), { text: '1\ufffd', symbology: undefined }],
  ])('over a serial line: %s', async (_what, shown, code) => {
    const { clock, simulator, ask } = await scannerRig('text-cr');
    const scan = await ask();
    simulator.scan(shown);
    await clock.advance(0);
    expect(scan.value).toEqual(code);
  });
});

describe('when a code began to arrive', () => {
  it('before it was asked for, it is not the one', async () => {
    const { clock, simulator, ask, dropped } = await scannerRig('text-cr');
    simulator.send([Buffer.from(CODE.slice(0, 9))]);
    await clock.advance(0);
    const scan = await ask();
    simulator.send([Buffer.from(`${CODE.slice(9)}\r`)]);
    await clock.advance(0);
    expect([ending(scan), dropped.count]).toEqual(['waits', 1]);
    simulator.send([Buffer.from(`${OTHER}\r`)]);
    await clock.advance(0);
    expect(ending(scan)).toBe(OTHER);
  });

  it('for a request that has ended, it is not for the next one', async () => {
    const { clock, simulator, ask, dropped } = await scannerRig('text-cr');
    await ask(1_000);
    await clock.advance(900);
    simulator.send([Buffer.from(CODE.slice(0, 9))]);
    await clock.advance(100);
    const scan = await ask();
    simulator.send([Buffer.from(`${CODE.slice(9)}\r`)]);
    await clock.advance(0);
    expect([ending(scan), dropped.count]).toEqual(['waits', 1]);
  });
});

describe('the same code again', () => {
  it.each([
    [299, 'waits', 0],
    [300, CODE, 0],
  ])('%i ms after it was dropped: %s', async (ms, expected, more) => {
    const { clock, simulator, ask, dropped } = await scannerRig('text-cr');
    simulator.scan(CODE);
    await clock.advance(ms - START_MS);
    const scan = await ask();
    simulator.scan(CODE);
    await clock.advance(0);
    expect([ending(scan), dropped.count - 1]).toEqual([expected, more]);
  });

  it('with another one between is still that reading', async () => {
    const { clock, simulator, ask, dropped } = await scannerRig('text-cr');
    const scan = await ask();
    for (const code of [CODE, OTHER, CODE]) simulator.scan(code);
    await clock.advance(0);
    expect([ending(scan), dropped.count]).toEqual([CODE, 1]);
  });
});

describe('a scanner that has to be told when to read', () => {
  it('is started for a scan and stopped behind it', async () => {
    const { clock, simulator, ask } = await scannerRig('gm72-ssi');
    expect(simulator.commands).toEqual(['stop-decode']);
    expect(simulator.isWaiting()).toBe(false);
    await ask();
    expect(simulator.isWaiting()).toBe(true);
    simulator.scan(CODE);
    await clock.advance(SETTLE_MS);
    expect(simulator.commands).toEqual(['stop-decode', 'start-decode', 'stop-decode']);
    expect(simulator.isWaiting()).toBe(false);
  });

  it('is stopped when the scan is cancelled, also while it is being started', async () => {
    const { clock, simulator, scanner } = await scannerRig('gm72-ssi');
    for (const ms of [0, 30, 61, 200]) {
      const cancel = new AbortController();
      const scan = watch(scanner.scan(60_000, cancel.signal));
      await clock.advance(ms);
      cancel.abort();
      await clock.advance(0);
      expect(ending(scan)).toBe('CANCELLED');
      await clock.advance(SETTLE_MS);
      expect(simulator.isWaiting()).toBe(false);
      expect(simulator.commands.at(-1)).toBe('stop-decode');
    }
    expect(simulator.violations).toEqual([]);
  });

  it('reads a code that comes in one chunk with its answer', async () => {
    const { clock, simulator, ask } = await scannerRig('gm72-ssi');
    simulator.use(
      {
        onCommand: ({ kind }) => {
          if (kind !== 'start') return false;
          simulator.send([Buffer.from(`\x04\xd0\x00\x00\xff\x2c${CODE}\r`, 'latin1')]);
          return true;
        },
      },
      1,
    );
    const scan = await ask();
    await clock.advance(40);
    expect(ending(scan)).toBe(CODE);
  });

  it('is asked now and then whether it is there, but not while it reads', async () => {
    const { clock, simulator, ask } = await scannerRig('gm72-ssi');
    const before = simulator.commands.length;
    await clock.advance(15_000);
    expect(simulator.commands.length).toBeGreaterThan(before);
    await ask();
    const whileReading = simulator.commands.length;
    await clock.advance(15_000);
    expect(simulator.commands.length).toBe(whileReading);
    expect(simulator.violations).toEqual([]);
  });

  it('counts answers that were damaged', async () => {
    const { clock, simulator, scanner, ask } = await scannerRig('gm72-ssi');
    arm(scannerFaults, 'ssi-bad-checksum', simulator, { times: 1 });
    await ask();
    await clock.advance(SETTLE_MS);
    expect(scanner.counters()).toMatchObject({ badFrames: 1, timeouts: 1 });
  });

  it('is found to be mute', async () => {
    const { clock, simulator, scanner } = await scannerRig('gm72-ssi');
    simulator.use({ onCommand: () => true });
    await clock.advance(12_000);
    expect(scanner.status()).toEqual({ state: 'absent', problem: 'NO_ANSWER' });
    simulator.reset();
    await clock.advance(12_000);
    expect(scanner.status()).toEqual({ state: 'ready' });
  });
});

describe('a simulated scanner is strict', () => {
  it.each([
    ['a packet while it sleeps', 'gm72-ssi', '04E40400FF14', 'a packet to a scanner that sleeps'],
    ['other bytes', 'gm72-ssi', '303132', 'bytes that are no packet'],
    ['anything to a scanner that takes none', 'text-cr', '00', 'bytes to a scanner that takes none'],
  ] as const)('about %s', async (_what, profile, bytes, violation) => {
    const clock = testClock();
    const simulator = simulatedScanner({ clock, profile: scannerProfiles[profile] });
    const wire = await simulatedPort(simulator, { clock }).connect();
    await wire.write(Buffer.from(bytes, 'hex'));
    await clock.advance(100);
    expect(simulator.violations).toEqual([violation]);
  });

  it('about an unknown command', async () => {
    const clock = testClock();
    const simulator = simulatedScanner({ clock, profile: scannerProfiles['gm72-ssi'] });
    const wire = await simulatedPort(simulator, { clock }).connect();
    await wire.write(Uint8Array.of(0x00));
    await clock.advance(50);
    await wire.write(Buffer.from('04A30400FF55', 'hex'));
    await clock.advance(0);
    expect(simulator.violations).toEqual(['unknown command a3']);
  });
});
