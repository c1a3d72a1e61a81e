import { describe, expect, it } from 'vitest';
import { backOffMs } from '../../drivers/back-off.ts';
import { Connection } from '../../drivers/connection.ts';
import { DeviceError } from '../../drivers/errors.ts';
import type { Exchange } from '../../drivers/link.ts';
import { transportPair } from '../../drivers/transport/pair.ts';
import type { Transport } from '../../drivers/transport/transport.ts';
import { testClock } from '../support/test-clock.ts';
import { watch } from './rig.ts';

/** A device that answers each letter with the same letter (`?` is a bad frame); the test holds its end of the wire. */
function rig(options: { refuse?: DeviceError; random?: () => number } = {}) {
  const clock = testClock();
  const state = { connects: 0, far: undefined as Transport | undefined, settled: 0, checks: 0, refuse: options.refuse };
  const received: string[] = [];
  const log: string[] = [];
  const connection = new Connection<string>(
    {
      name: 'device',
      clock,
      random: options.random ?? (() => 0.5),
      log: (event) => log.push(event),
      port: {
        describe: 'test',
        async connect() {
          state.connects += 1;
          if (state.refuse) throw state.refuse;
          const { near, far } = transportPair();
          far.onData((bytes) => received.push(Buffer.from(bytes).toString('latin1')));
          state.far = far;
          return near;
        },
      },
    },
    {
      decoder: (emit) => {
        const noise = { junkBytes: 0, badCrcs: 0 };
        return {
          noise,
          push: (bytes) => {
            for (const letter of Buffer.from(bytes).toString('latin1')) {
              if (letter === '?') noise.badCrcs += 1;
              else emit(letter);
            }
          },
          dropPartial: () => undefined,
          held: () => 0,
        };
      },
      settle: async () => {
        state.settled += 1;
      },
      check: async () => {
        state.checks += 1;
      },
      unsolicited: (letter) => letter === '!',
    },
  );
  const answer = (letter: string) => state.far?.write(Buffer.from(letter, 'latin1'));
  return { clock, state, received, log, connection, answer };
}

const ask = (letter: string): Exchange<string, string> => ({
  label: letter,
  chunks: [Buffer.from(letter, 'latin1')],
  timeoutMs: 1_000,
  match: (frame) => (frame === letter ? frame : undefined),
});

describe('a connection', () => {
  it('lets one piece of work at the device at a time, in the order of asking', async () => {
    const { clock, connection, received, answer } = rig();
    connection.start();
    await clock.advance(0);
    const first = watch(connection.use((link) => link.exchange(ask('a'))));
    const second = watch(connection.use((link) => link.exchange(ask('b'))));
    await clock.advance(100);
    expect(received).toEqual(['a']);
    await answer('a');
    await clock.advance(0);
    expect(first.value).toBe('a');
    expect(received).toEqual(['a', 'b']);
    await answer('b');
    await clock.advance(0);
    expect(second.value).toBe('b');
  });

  it('refuses a second question on the same link', async () => {
    const { clock, connection } = rig();
    connection.start();
    await clock.advance(0);
    const both = watch(connection.use((link) => Promise.all([link.exchange(ask('a')), link.exchange(ask('b'))])));
    await clock.advance(0);
    expect(both.error?.code).toBe('DEVICE_BUSY');
  });

  it('settles the device after a time-out, before anything else, and drops and counts the late answer', async () => {
    const { clock, connection, state, answer, log } = rig();
    connection.start();
    await clock.advance(0);
    const first = watch(connection.use((link) => link.exchange(ask('a'))));
    await clock.advance(1_000);
    expect(first.error?.code).toBe('DEVICE_TIMEOUT');
    expect(state.settled).toBe(2);
    const second = watch(connection.use((link) => link.exchange(ask('b'))));
    await clock.advance(0);
    await answer('a');
    await answer('!');
    await clock.advance(0);
    expect(second.done).toBe(false);
    await answer('b');
    await clock.advance(0);
    expect(second.value).toBe('b');
    expect(log.filter((event) => event === 'device.stray-frame')).toHaveLength(1);
  });

  it('gives up waiting for its turn when cancelled, and the one behind still gets it', async () => {
    const { clock, connection, received, answer } = rig();
    connection.start();
    await clock.advance(0);
    watch(connection.use((link) => link.exchange(ask('a'))));
    const cancel = new AbortController();
    const second = watch(connection.use((link) => link.exchange(ask('b')), cancel.signal));
    watch(connection.use((link) => link.exchange(ask('c'))));
    await clock.advance(0);
    cancel.abort();
    await clock.advance(0);
    expect(second.error?.code).toBe('CANCELLED');
    await answer('a');
    await clock.advance(0);
    expect(received).toEqual(['a', 'c']);
  });

  it('never carries work over to the next connection', async () => {
    const { clock, connection, state, received } = rig();
    connection.start();
    await clock.advance(0);
    const lost = watch(
      connection.use(async (link) => {
        await link.exchange(ask('a')).catch(() => undefined);
        await clock.advance(2_000);
        return link.exchange(ask('b'));
      }),
    );
    await clock.advance(0);
    await state.far?.close();
    await clock.advance(3_000);
    expect(state.connects).toBe(2);
    expect(connection.status()).toEqual({ state: 'ready' });
    expect(lost.error?.code).toBe('DEVICE_ABSENT');
    expect(received).toEqual(['a']);
  });

  it('checks an idle device and never a busy one', async () => {
    const { clock, connection, state, answer } = rig();
    connection.start();
    await clock.advance(10_000);
    expect(state.checks).toBe(2);
    watch(connection.use((link) => link.exchange({ ...ask('a'), timeoutMs: 60_000 })));
    await clock.advance(30_000);
    expect(state.checks).toBe(2);
    await answer('a');
    await clock.advance(10_000);
    expect(state.checks).toBe(4);
  });

  it('says why it is absent, and waits longer and longer', async () => {
    const { clock, connection, state } = rig({
      refuse: new DeviceError('PORT_IN_USE', 'x', 'held'),
      random: () => 0.999,
    });
    connection.start();
    expect(connection.status()).toEqual({ state: 'connecting' });
    await clock.advance(1_000);
    expect(connection.status()).toEqual({ state: 'absent', problem: 'PORT_IN_USE' });
    const early = state.connects;
    await clock.advance(60_000);
    expect(early).toBe(3);
    expect(state.connects - early).toBeLessThan(16);
    state.refuse = undefined as unknown as DeviceError;
    await clock.advance(5_000);
    expect(connection.status()).toEqual({ state: 'ready' });
  });

  it('can be stopped and started again', async () => {
    const { clock, connection, state } = rig();
    await connection.stop();
    connection.start();
    connection.start();
    await clock.advance(0);
    expect(state.connects).toBe(1);
    await connection.stop();
    expect(connection.status()).toEqual({ state: 'stopped' });
    await expect(connection.use(async () => 1)).rejects.toMatchObject({ code: 'DEVICE_ABSENT' });
    connection.start();
    await clock.advance(0);
    expect(connection.status()).toEqual({ state: 'ready' });
    await connection.stop();
    expect(clock.pending()).toBe(0);
  });
});

describe('what a connection counts', () => {
  it('is complete: connects, losses, time-outs, answers to nothing, bad frames, bytes', async () => {
    const { clock, connection, state, answer, log } = rig();
    connection.start();
    await clock.advance(0);
    watch(connection.use((link) => link.exchange(ask('a'))));
    await clock.advance(1_000);
    await answer('a?');
    await answer('!');
    await clock.advance(0);
    await state.far?.close();
    await clock.advance(3_000);
    watch(connection.use((link) => link.exchange(ask('b'))));
    await clock.advance(0);
    await answer('b??');
    await clock.advance(0);
    expect(connection.counters()).toEqual({
      connects: 2,
      losses: 1,
      timeouts: 1,
      strayFrames: 1,
      badFrames: 3,
      bytesIn: 6,
      bytesOut: 2,
    });
    await connection.stop();
    expect(connection.counters().losses).toBe(1);
    expect(log).toEqual(expect.arrayContaining(['device.timeout', 'device.stray-frame', 'device.lost']));
  });
});

describe('a port that cannot be opened', () => {
  it.each([
    [new DeviceError('PORT_IN_USE', 'x', '', { holder: 'pos (pid 812)' }), 'PORT_IN_USE', 'pos (pid 812)'],
    [new DeviceError('PORT_IN_USE', 'x', ''), 'PORT_IN_USE', undefined],
    [new DeviceError('DEVICE_FAULT', 'x', '', { reason: 'permission' }), 'NO_PERMISSION', undefined],
    [new DeviceError('DEVICE_FAULT', 'x', '', { reason: 'hid-unavailable' }), 'HID_UNAVAILABLE', undefined],
    [new DeviceError('DEVICE_FAULT', 'x', '', { found: '/dev/a /dev/b' }), 'DEVICE_FAULT', '/dev/a /dev/b'],
    [new DeviceError('DEVICE_FAULT', 'x', '', { reason: 'custom baud rate' }), 'DEVICE_FAULT', 'custom baud rate'],
    [new DeviceError('DEVICE_ABSENT', 'x', '', { reason: 'ECONNREFUSED' }), 'DEVICE_ABSENT', undefined],
  ])('shows why: %s', async (refuse, problem, detail) => {
    const { clock, connection } = rig({ refuse });
    connection.start();
    await clock.advance(0);
    expect(connection.status()).toEqual({ state: 'absent', problem, ...(detail ? { detail } : {}) });
  });

  it('tells its listeners when another one holds it now', async () => {
    const { clock, connection, state } = rig({
      refuse: new DeviceError('PORT_IN_USE', 'x', '', { holder: 'a (pid 1)' }),
    });
    const details: (string | undefined)[] = [];
    connection.onStatus(({ detail }) => details.push(detail));
    connection.start();
    await clock.advance(10_000);
    state.refuse = new DeviceError('PORT_IN_USE', 'x', '', { holder: 'b (pid 2)' });
    await clock.advance(10_000);
    expect(details).toEqual([undefined, 'a (pid 1)', 'b (pid 2)']);
  });
});

describe('back-off', () => {
  it('grows to five seconds, with full jitter, and is never nothing', () => {
    expect([0, 1, 2, 3, 4, 5, 50].map((attempt) => backOffMs(attempt, () => 0.9999))).toEqual([
      199, 399, 799, 1_599, 3_199, 4_999, 4_999,
    ]);
    expect(backOffMs(5, () => 0.5)).toBe(2_500);
    expect(backOffMs(5, () => 0)).toBe(10);
  });
});
