import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Key } from '../../drivers/devices.ts';
import { hidKeys } from '../../drivers/framing/hid-keys.ts';
import { hidKeypad } from '../../drivers/keypad/hid-keypad.ts';
import { serialKeypad } from '../../drivers/keypad/serial-keypad.ts';
import { keypadFaults } from '../../drivers/simulator/keypad-faults.ts';
import { simulatedHidKeypad, simulatedKeypad } from '../../drivers/simulator/simulated-keypad.ts';
import { simulatedPort } from '../../drivers/simulator/simulated-port.ts';
import { testClock } from '../support/test-clock.ts';
import { arm } from './rig.ts';

const report = (...usages: readonly number[]): Uint8Array => {
  const bytes = new Uint8Array(8);
  bytes.set(usages, 2);
  return bytes;
};
const ROLL_OVER = report(1, 1, 1, 1, 1, 1);

function reading() {
  const clock = testClock();
  const heard: string[] = [];
  const decoder = hidKeys(clock, (frame) =>
    heard.push(frame.kind === 'key' ? frame.key : frame.stuck ? '(stuck)' : '(free)'),
  );
  return { clock, heard, decoder };
}

describe('boot reports', () => {
  const digits: readonly Key[] = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];
  const usages: readonly [usage: number, key: Key][] = [
    ...digits.map((key, i): [number, Key] => [0x1e + i, key]),
    ...digits.map((key, i): [number, Key] => [0x59 + i, key]),
    [0x27, '0'],
    [0x62, '0'],
    [0xb0, 'doubleZero'],
    [0x28, 'enter'],
    [0x58, 'enter'],
    [0x2a, 'clear'],
    [0x29, 'cancel'],
    [0x63, 'dot'],
    [0x37, 'dot'],
    [0x3a, 'function'],
    [0x52, 'up'],
    [0x51, 'down'],
  ];
  it.each(usages)('usage %i is %s', (usage, key) => {
    const { heard, decoder } = reading();
    decoder.push(report(usage));
    decoder.push(report());
    expect(heard).toEqual([key]);
  });

  /** Usages that are down, one list a report, 30 ms apart. */
  const cases: readonly [what: string, reports: readonly Uint8Array[], keys: string[]][] = [
    ['a key that stays down counts once', [report(0x59), report(0x59), report(0x59)], ['1']],
    ['the next before the first is up', [report(0x59), report(0x59, 0x5a), report(0x5a), report()], ['1', '2']],
    ['two in one report', [report(0x59, 0x5a), report()], ['1', '2']],
    ['the others stay down in another order', [report(0x59, 0x5a), report(0x5a, 0x59)], ['1', '2']],
    ['roll-over says nothing about keys', [report(0x59), ROLL_OVER, report(0x59), report()], ['1']],
    ['a key behind roll-over', [report(0x59), ROLL_OVER, report(0x59, 0x5a)], ['1', '2']],
    ['the same key again', [report(0x59), report(), report(0x59), report()], ['1', '1']],
    ['a modifier', [Uint8Array.of(2, 0, 0x59, 0, 0, 0, 0, 0), report()], ['1']],
    ['keys without a meaning', [report(0x04, 0x53, 0x39, 0xe0), report()], []],
    ['with a report ID', [Uint8Array.of(1, ...report(0x59)), Uint8Array.of(1, ...report())], ['1']],
    ['several reports in one chunk', [Uint8Array.from([...report(0x59), ...report(), ...report(0x5a)])], ['1', '2']],
    ['reports of other lengths', [report(0x59).subarray(0, 5), new Uint8Array(0), new Uint8Array(64)], []],
  ];
  it.each(cases)('%s', async (_what, reports, keys) => {
    const { clock, heard, decoder } = reading();
    for (const one of reports) {
      decoder.push(one);
      await clock.advance(30);
    }
    expect(heard).toEqual(keys);
    decoder.dropPartial();
    expect(clock.pending()).toBe(0);
  });

  /** Usages with the time in ms for which they are down, or 0 for a pause. */
  const timed: readonly [what: string, contacts: readonly [usage: number, ms: number][], keys: string[]][] = [
    [
      'bounces when struck',
      [
        [0x59, 5],
        [0, 5],
        [0x59, 50],
      ],
      ['1'],
    ],
    [
      'bounces when let go',
      [
        [0x59, 50],
        [0, 19],
        [0x59, 3],
      ],
      ['1'],
    ],
    [
      'is struck again after 20 ms',
      [
        [0x59, 50],
        [0, 20],
        [0x59, 50],
      ],
      ['1', '1'],
    ],
    [
      'another key at once',
      [
        [0x59, 5],
        [0, 5],
        [0x5a, 5],
      ],
      ['1', '2'],
    ],
    [
      '0 bounces',
      [
        [0x62, 5],
        [0, 5],
        [0x62, 50],
      ],
      ['0'],
    ],
    [
      '0 bounces when let go',
      [
        [0x62, 50],
        [0, 5],
        [0x62, 5],
      ],
      ['0'],
    ],
    [
      'a 00 key that types 0 twice',
      [
        [0x62, 8],
        [0, 8],
        [0x62, 8],
        [0, 60],
      ],
      ['0', '0'],
    ],
    [
      'the 00 key twice',
      [
        [0x62, 8],
        [0, 8],
        [0x62, 8],
        [0, 60],
        [0x62, 8],
        [0, 8],
        [0x62, 8],
        [0, 1],
      ],
      ['0', '0', '0', '0'],
    ],
  ];
  it.each(timed)('%s', async (_what, contacts, keys) => {
    const { clock, heard, decoder } = reading();
    for (const [usage, ms] of contacts) {
      decoder.push(report(usage));
      await clock.advance(ms);
    }
    decoder.push(report());
    expect(heard).toEqual(keys);
  });

  it('never throws, and hears the next key after any noise', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 64 }), { maxLength: 20 }), async (chunks) => {
        const { clock, heard, decoder } = reading();
        for (const chunk of chunks) decoder.push(chunk);
        decoder.push(report());
        await clock.advance(20);
        decoder.push(report(0x5f));
        expect(heard.at(-1)).toBe('7');
        decoder.dropPartial();
        expect(clock.pending()).toBe(0);
      }),
      { seed: 8, numRuns: 200 },
    );
  });
});

/** The real driver, ready, with a simulated number pad at the other end. */
async function rig() {
  const clock = testClock();
  const simulator = simulatedHidKeypad({ clock });
  const port = simulatedPort(simulator, { clock });
  const keypad = hidKeypad({ name: 'keypad', port, clock, random: () => 0.5 });
  const keys: Key[] = [];
  keypad.onKey((key) => keys.push(key));
  keypad.start();
  await clock.advance(0);
  return { clock, simulator, port, keypad, keys };
}

describe('an HID keypad', () => {
  const all: readonly Key[] = [
    '0',
    '1',
    '9',
    '9',
    'doubleZero',
    'dot',
    'clear',
    'enter',
    'function',
    'up',
    'down',
    'cancel',
  ];

  it('delivers every key, and again after it was unplugged', async () => {
    const { clock, simulator, port, keypad, keys } = await rig();
    expect(keypad.status()).toEqual({ state: 'ready' });
    simulator.press(...all);
    await clock.advance(2_000);
    expect(keys).toEqual(all);
    port.unplug();
    await clock.advance(0);
    simulator.press('2');
    await clock.advance(100);
    port.plugIn();
    await clock.advance(5_000);
    simulator.press('3');
    await clock.advance(100);
    expect(keys).toEqual([...all, '3']);
    expect(simulator.violations).toEqual([]);
    await keypad.stop();
    expect(clock.pending()).toBe(0);
  });

  it('tells of a key that is down for 10 s, until it is up; the others work meanwhile', async () => {
    const { clock, simulator, keypad, keys } = await rig();
    const told: (string | undefined)[] = [];
    keypad.onStatus(({ problem }) => told.push(problem));
    simulator.hold('5');
    await clock.advance(9_999);
    expect(keypad.status()).toEqual({ state: 'ready' });
    await clock.advance(1);
    expect(keypad.status()).toEqual({ state: 'ready', problem: 'KEY_STUCK' });
    simulator.press('1', 'enter');
    await clock.advance(1_000);
    simulator.release('5');
    await clock.advance(0);
    expect(keypad.status()).toEqual({ state: 'ready' });
    expect(keys).toEqual(['5', '1', 'enter']);
    expect(told).toEqual(['KEY_STUCK', undefined]);
  });

  it('forgets what was down when it is unplugged', async () => {
    const { clock, simulator, port, keypad } = await rig();
    simulator.hold('5');
    await clock.advance(1_000);
    port.unplug();
    port.plugIn();
    await clock.advance(20_000);
    expect(keypad.status()).toEqual({ state: 'ready' });
  });
});

describe('each fault of a keypad', () => {
  const cases: readonly [fault: keyof typeof keypadFaults, typed: Key[], heard: Key[], problem?: string][] = [
    ['roll-over', ['1', '2', 'enter'], ['1', '2', 'enter']],
    ['stuck-key', ['1', '2', 'enter'], ['1', '2', 'enter'], 'KEY_STUCK'],
    ['bounce', ['1', '0', '0', 'enter'], ['1', '0', '0', 'enter']],
    ['fast-typing', ['1', '2', '3', '3', '0', '0', 'enter'], ['1', '2', '3', '3', '0', '0', 'enter']],
    ['cancel-during-timeout', ['1'], ['1', 'cancel']],
  ];
  it.each(cases)('%s', async (fault, typed, heard, problem) => {
    const { clock, simulator, keypad, keys } = await rig();
    arm(keypadFaults, fault, simulator);
    simulator.press(...typed);
    await clock.advance(61_000);
    expect(keys).toEqual(heard);
    expect(keypad.status().problem).toBe(problem);
    simulator.reset();
    await clock.advance(0);
    expect(keypad.status()).toEqual({ state: 'ready' });
    simulator.press('7');
    await clock.advance(100);
    expect(keys).toEqual([...heard, '7']);
  });

  it('stands in the table of cases', () => {
    expect(new Set(cases.map(([fault]) => fault))).toEqual(new Set(Object.keys(keypadFaults)));
  });

  it('ends with the times and the chance that were asked for', async () => {
    const { clock, simulator, keypad } = await rig();
    arm(keypadFaults, 'stuck-key', simulator, { chance: () => false });
    arm(keypadFaults, 'cancel-during-timeout', simulator, { chance: () => false, value: 10 });
    simulator.press('1');
    await clock.advance(11_000);
    expect(keypad.status()).toEqual({ state: 'ready' });
  });

  it.each(cases)('on a serial keypad, which has its contacts to itself: %s', async (fault, typed, heard) => {
    const clock = testClock();
    const simulator = simulatedKeypad({ clock });
    const keypad = serialKeypad({
      name: 'keypad',
      port: simulatedPort(simulator, { clock }),
      clock,
      random: () => 0.5,
    });
    const keys: Key[] = [];
    keypad.onKey((key) => keys.push(key));
    keypad.start();
    await clock.advance(0);
    arm(keypadFaults, fault, simulator);
    simulator.press(...typed);
    await clock.advance(61_000);
    expect(keys).toEqual(heard);
  });

  it('needs a clock to strike a key later', () => {
    expect(() => simulatedKeypad().pressLater(10, 'cancel')).toThrow(RangeError);
  });

  it.each([
    ['serial', simulatedKeypad],
    ['HID', simulatedHidKeypad],
  ] as const)('bytes sent to a keypad are noticed: %s', async (_what, make) => {
    const clock = testClock();
    const simulator = make({ clock });
    const wire = await simulatedPort(simulator, { clock }).connect();
    await wire.write(Uint8Array.of(0));
    await clock.advance(0);
    expect(simulator.violations).toEqual(['bytes to a keypad']);
    simulator.reset();
    expect(simulator.violations).toEqual([]);
  });
});
