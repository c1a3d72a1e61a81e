import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as realTime } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Connection } from '../../drivers/connection.ts';
import { DeviceError } from '../../drivers/errors.ts';
import { devWatch } from '../../drivers/transport/dev-watch.ts';
import { transportPair } from '../../drivers/transport/pair.ts';
import { portFrom } from '../../drivers/transport/port-from.ts';
import { type TestClock, testClock } from '../support/test-clock.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hot-plug-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const plugIn = (name: string): void => writeFileSync(join(root, name), '');

/** The kernel has told of a change when the watch has set its timer. */
const noticed = (clock: TestClock, timers: number): Promise<void> =>
  vi.waitFor(() => expect(clock.pending()).toBe(timers), { timeout: 5_000, interval: 5 });

function counter(clock: TestClock) {
  const seen = { changes: 0 };
  const stop = devWatch(clock, root).onChange(() => {
    seen.changes += 1;
  });
  return { seen, stop };
}

describe('the watch over /dev', () => {
  it('tells once of everything that appears within 300 ms', async () => {
    const clock = testClock();
    const { seen, stop } = counter(clock);
    plugIn('ttyUSB0');
    plugIn('hidraw0');
    await noticed(clock, 1);
    await clock.advance(299);
    expect(seen.changes).toBe(0);
    await clock.advance(1);
    expect(seen.changes).toBe(1);
    expect(clock.pending()).toBe(0);
    stop();
  });

  it('sees the links of by-id, although their folder came later', async () => {
    const clock = testClock();
    const { seen, stop } = counter(clock);
    mkdirSync(join(root, 'serial/by-id'), { recursive: true });
    await noticed(clock, 1);
    await clock.advance(300);
    symlinkSync('../../ttyUSB0', join(root, 'serial/by-id/usb-printer'));
    await noticed(clock, 1);
    await clock.advance(300);
    expect(seen.changes).toBe(2);
    stop();
  });

  it('does not take what is written to a device for a change', async () => {
    const clock = testClock();
    plugIn('ttyUSB0');
    const { seen, stop } = counter(clock);
    for (let i = 0; i < 20; i++) writeFileSync(join(root, 'ttyUSB0'), 'x');
    plugIn('ttyUSB1');
    await noticed(clock, 1);
    await clock.advance(300);
    await realTime(20);
    expect(seen.changes).toBe(1);
    expect(clock.pending()).toBe(0);
    stop();
  });

  it('tells nothing after the last listener has gone, and where there is nothing to watch', async () => {
    const clock = testClock();
    const { seen, stop } = counter(clock);
    plugIn('ttyUSB0');
    await noticed(clock, 1);
    stop();
    expect(clock.pending()).toBe(0);
    await clock.advance(1_000);
    expect(seen.changes).toBe(0);
    devWatch(clock, join(root, 'no-such')).onChange(() => undefined)();
  });
});

describe('a device that appears', () => {
  it('is tried after 300 ms, not when the long wait is over', async () => {
    const clock = testClock();
    const watch = devWatch(clock, root);
    const state = { connects: 0, there: false };
    const connection = new Connection<never>(
      {
        name: 'scanner',
        clock,
        random: () => 0.999,
        port: {
          describe: 'test',
          async connect() {
            state.connects += 1;
            if (!state.there) throw new DeviceError('DEVICE_ABSENT', 'scanner', 'no such port');
            return transportPair().near;
          },
          onAppear: (listener) => watch.onChange(listener),
        },
      },
      {
        decoder: () => ({ push: () => undefined, dropPartial: () => undefined, held: () => 0 }),
        settle: async () => undefined,
        unsolicited: () => true,
      },
    );
    connection.start();
    await clock.advance(60_000);
    const before = state.connects;
    expect(connection.status().state).toBe('absent');

    // Just after a try, so that the next one would be seconds away.
    while (state.connects === before) await clock.advance(10);
    plugIn('ttyUSB0');
    await noticed(clock, 2);
    await clock.advance(299);
    expect(state.connects).toBe(before + 1);
    state.there = true;
    await clock.advance(1);
    expect(connection.status()).toEqual({ state: 'ready' });
    await connection.stop();
    expect(clock.pending()).toBe(0);
  });

  it('whose permissions come late is tried again soon', async () => {
    const clock = testClock();
    let appear = (): void => undefined;
    let refusal: DeviceError | undefined = new DeviceError('DEVICE_ABSENT', 'x', 'no such port');
    const connection = new Connection<never>(
      {
        name: 'printer',
        clock,
        random: () => 0.999,
        port: {
          describe: 'test',
          async connect() {
            if (refusal) throw refusal;
            return transportPair().near;
          },
          onAppear(listener) {
            appear = listener;
            return () => undefined;
          },
        },
      },
      {
        decoder: () => ({ push: () => undefined, dropPartial: () => undefined, held: () => 0 }),
        settle: async () => undefined,
        unsolicited: () => true,
      },
    );
    connection.start();
    await clock.advance(60_000);
    refusal = new DeviceError('DEVICE_FAULT', 'x', 'no permission', { reason: 'permission' });
    appear();
    await clock.advance(0);
    expect(connection.status()).toEqual({ state: 'absent', problem: 'NO_PERMISSION' });
    refusal = undefined;
    await clock.advance(200);
    expect(connection.status()).toEqual({ state: 'ready' });
    await connection.stop();
  });

  it('wakes serial and HID ports that share the watch, and no network port', () => {
    const clock = testClock();
    const watch = devWatch(clock, root);
    const listens = (address: string): boolean => portFrom(address, clock, { watch }).onAppear !== undefined;
    expect(['serial:/dev/ttyUSB0', 'serial:usb:0403:6001', 'hid:8c/2', 'tcp:printer:9100'].map(listens)).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });
});
