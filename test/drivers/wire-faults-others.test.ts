import { describe, expect, it } from 'vitest';
import { CardData } from '../../drivers/card-reader/card-data.ts';
import type { Device, Key } from '../../drivers/devices.ts';
import { cd5220Display } from '../../drivers/display/cd5220-display.ts';
import { hidKeypad } from '../../drivers/keypad/hid-keypad.ts';
import { serialKeypad } from '../../drivers/keypad/serial-keypad.ts';
import { k100PinPad } from '../../drivers/pin-pad/k100-pin-pad.ts';
import { codeScanner } from '../../drivers/scanner/code-scanner.ts';
import { scannerProfiles } from '../../drivers/scanner/profiles.ts';
import { encipheredPin } from '../../drivers/simulator/dukpt.ts';
import { simulatedDisplay } from '../../drivers/simulator/simulated-display.ts';
import { simulatedHidKeypad, simulatedKeypad } from '../../drivers/simulator/simulated-keypad.ts';
import { simulatedPinPad } from '../../drivers/simulator/simulated-pin-pad.ts';
import { type SimulatedPort, type Simulator, simulatedPort } from '../../drivers/simulator/simulated-port.ts';
import { simulatedScanner } from '../../drivers/simulator/simulated-scanner.ts';
import { wireFaults } from '../../drivers/simulator/wire-faults.ts';
import { type TestClock, testClock } from '../support/test-clock.ts';
import { arm, goodCard, otherCard, watch } from './rig.ts';
import { CODE, OTHER } from './scanner-rig.ts';

/** Every fault of a wire, with the drivers that wire-faults.test.ts does not try. */

const never = new AbortController().signal;
const names = Object.keys(wireFaults);
/** What is shown of a device that cannot be reached, whichever it is. */
const problems: Readonly<Record<string, string>> = {
  'unplug-idle': 'DEVICE_ABSENT',
  'port-busy': 'PORT_IN_USE',
  'permission-denied': 'NO_PERMISSION',
  'absent-at-start': 'DEVICE_ABSENT',
};
/** Over these nothing is lost; a report of HID is one chunk, whatever the wire. */
const harmless = ['coalesced-frames', 'late-answer', 'unsolicited-frame', 'write-stall'];
const harmlessOnALine = [...harmless, 'baud-pacing', 'single-bytes', 'random-chunks'];
/** A line without a checksum brings these as they are; what they make of a code is no code that anybody pays with. */
const damages = [
  'junk-before',
  'junk-between',
  'junk-inside',
  'flipped-bit',
  'dropped-byte',
  'duplicated-frame',
  'truncated-frame',
  'unsolicited-bytes',
  'wrong-baud',
];

function wireTo(simulator: Simulator, clock: TestClock) {
  const port = simulatedPort(simulator, { clock, random: () => 0.5 });
  return { port, options: { port, clock, random: () => 0.5 } };
}

/** The fault is shown; then the wire is a good one again, and the driver has time to find that out. */
async function mended(fault: string, device: Device, clock: TestClock, port: SimulatedPort): Promise<void> {
  const problem = problems[fault];
  if (problem) expect(device.status()).toMatchObject({ state: 'absent', problem });
  port.reset();
  await clock.advance(12_000);
  expect(device.status().state).toBe('ready');
}

describe('a PIN is entered over a wire with', () => {
  it.each(names)('%s: it is the right one or none, in its time; the next one is right', async (fault) => {
    const clock = testClock();
    const simulator = simulatedPinPad({ clock });
    const { port, options } = wireTo(simulator, clock);
    const pinPad = k100PinPad({ name: 'pin-pad', ...options });
    pinPad.start();
    await clock.advance(0);
    const ask = (pan: string) => {
      const card = new CardData('MAG', { pan, track2: undefined, expiry: '3012', emvTags: {} });
      return watch(pinPad.readPin({ card, amountFen: 100, timeoutMs: 30_000 }, never));
    };
    const first = ask(goodCard.pan);
    await clock.advance(2_000);
    arm(wireFaults, fault, port);
    simulator.enterPin('123456');
    await clock.advance(32_000);
    expect(first.done).toBe(true);
    if (harmlessOnALine.includes(fault)) expect(first.value).toBeDefined();
    if (first.value) expect(first.value.reveal()).toEqual(encipheredPin('123456', goodCard.pan, 1));

    await mended(fault, pinPad, clock, port);
    const second = ask(otherCard.pan);
    await clock.advance(2_000);
    expect(simulator.enterPin('4321')).toBe(true);
    await clock.advance(0);
    // A pad that restarted has had no PIN before.
    const counter = fault === 'device-reset' ? 1 : 2;
    expect(second.value?.reveal()).toEqual(encipheredPin('4321', otherCard.pan, counter));
  });
});

describe.each(['text-cr', 'gm72-ssi', 'hid-pos'] as const)('a code is read by %s over a wire with', (profileName) => {
  it.each(names)('%s: it is the right one or none, in its time; the next one is right', async (fault) => {
    const clock = testClock();
    const profile = scannerProfiles[profileName];
    const simulator = simulatedScanner({ clock, profile });
    const { port, options } = wireTo(simulator, clock);
    const scanner = codeScanner({ name: 'scanner', profile, ...options });
    scanner.start();
    await clock.advance(100);
    const first = watch(scanner.scan(20_000, never));
    await clock.advance(2_000);
    arm(wireFaults, fault, port);
    simulator.scan(CODE);
    await clock.advance(22_000);
    expect(first.done).toBe(true);
    const comes = profile.kind === 'hid' ? harmless : harmlessOnALine;
    if (comes.includes(fault)) expect(first.value?.text).toBe(CODE);
    if (profile.kind === 'hid' || !damages.includes(fault)) expect([CODE, undefined]).toContain(first.value?.text);

    await mended(fault, scanner, clock, port);
    const second = watch(scanner.scan(20_000, never));
    await clock.advance(100);
    simulator.scan(OTHER);
    await clock.advance(1_000);
    expect(second.value?.text).toBe(OTHER);
    expect(scanner.status()).toEqual({ state: 'ready' });
  });
});

describe.each([
  ['serial', simulatedKeypad, serialKeypad],
  ['HID', simulatedHidKeypad, hidKeypad],
] as const)('a %s keypad is typed on over a wire with', (_kind, simulated, driver) => {
  it.each(names)('%s: no key is heard that was not struck; the next one is', async (fault) => {
    const clock = testClock();
    const simulator = simulated({ clock });
    const { port, options } = wireTo(simulator, clock);
    const keypad = driver({ name: 'keypad', ...options });
    const keys: Key[] = [];
    keypad.onKey((key) => keys.push(key));
    keypad.start();
    await clock.advance(0);
    arm(wireFaults, fault, port);
    simulator.press('1', '2', 'enter');
    await clock.advance(5_000);
    expect(keys.filter((key) => !['1', '2', 'enter'].includes(key))).toEqual([]);

    await mended(fault, keypad, clock, port);
    keys.length = 0;
    simulator.press('7');
    await clock.advance(200);
    expect(keys).toEqual(['7']);
    expect(keypad.status()).toEqual({ state: 'ready' });
  });
});

describe('the customer display over a wire with', () => {
  it.each(names)('%s: shows the newest text in the end', async (fault) => {
    const clock = testClock();
    const simulator = simulatedDisplay();
    const { port, options } = wireTo(simulator, clock);
    const display = cd5220Display({ name: 'display', ...options });
    display.start();
    display.show('OLD', 'TEXT');
    await clock.advance(0);
    arm(wireFaults, fault, port);
    display.show('TOTAL  12.00', '');
    await clock.advance(9_000);

    await mended(fault, display, clock, port);
    expect(simulator.lines().map((line) => line.trim())).toEqual(['TOTAL  12.00', '']);
    await display.stop();
    expect(clock.pending()).toBe(0);
  });
});
