import { describe, expect, it } from 'vitest';
import type { DeviceStatus } from '../../drivers/devices.ts';
import { printerProfiles } from '../../drivers/printer/profiles.ts';
import { slipText } from '../../drivers/printer/slip-text.ts';
import { printerFaults } from '../../drivers/simulator/printer-faults.ts';
import { simulatedPort } from '../../drivers/simulator/simulated-port.ts';
import { simulatedPrinter } from '../../drivers/simulator/simulated-printer.ts';
import { testClock } from '../support/test-clock.ts';
import { arm, printerRig, watch } from './rig.ts';

/** Each bit that a printer can say, both ways, as devices.md §1.3 has them. */

const ready: DeviceStatus = { state: 'ready' };
const fault = (problem: string): DeviceStatus => ({ state: 'fault', problem });

/** A fault, the answers to DLE EOT 1 to 4, the four bytes of automatic status, and what the driver makes of it. */
const cases: readonly [name: string, realtime: string, automatic: string, status: DeviceStatus][] = [
  ['paper-out', '1a 32 12 7e', '18 00 0f 00', fault('PAPER_OUT')],
  ['near-end', '12 12 12 1e', '10 00 03 00', { state: 'ready', problem: 'PAPER_NEAR_END' }],
  ['cover-open', '1a 16 12 12', '38 00 00 00', fault('COVER_OPEN')],
  ['cutter-jam', '1a 52 1a 12', '18 08 00 00', fault('CUTTER')],
  ['mechanical', '1a 52 16 12', '18 04 00 00', fault('MECHANICAL')],
  ['unrecoverable', '1a 52 32 12', '18 20 00 00', fault('UNRECOVERABLE')],
  ['hot', '1a 52 52 12', '18 40 00 00', { state: 'ready', problem: 'OVERHEATED' }],
  ['offline', '1a 12 12 12', '18 00 00 00', fault('OFFLINE')],
  ['awaits-recovery', '3a 12 12 12', '18 01 00 00', fault('OFFLINE')],
  ['feed-button', '5a 1a 12 12', '58 02 00 00', ready],
  ['drawer-open', '16 12 12 12', '14 00 00 00', ready],
];
/** What is said of nothing: the bits that are the same in every answer. */
const GOOD_REALTIME = '12 12 12 12';
const GOOD_AUTOMATIC = '10 00 00 00';

const bytesOf = (hex: string): readonly number[] => [...Buffer.from(hex.replaceAll(' ', ''), 'hex')];
const hexOf = (bytes: readonly number[]): string => bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');

/** Bits of each byte that some fault sets. */
const raised = (column: readonly string[], good: string): string =>
  hexOf(
    bytesOf(good).map((still, at) => column.reduce((bits, row) => bits | ((bytesOf(row)[at] ?? 0) & ~still & 0xff), 0)),
  );

describe('each bit of a printer’s status', () => {
  it('is one that a fault sets', () => {
    const realtime = cases.map(([, column]) => column);
    const automatic = cases.map(([, , column]) => column);
    expect(raised(realtime, GOOD_REALTIME)).toBe('6c 6c 6c 6c');
    expect(raised(automatic, GOOD_AUTOMATIC)).toBe('6c 6f 0f 00');
  });

  it.each(cases)('%s: DLE EOT is answered with %s, automatic status is %s', async (name, realtime, automatic) => {
    const clock = testClock();
    const simulator = simulatedPrinter({ clock, columns: 32 });
    const wire = await simulatedPort(simulator, { clock }).connect();
    const heard: number[] = [];
    wire.onData((bytes) => heard.push(...bytes));
    const answers = async (...command: readonly number[]): Promise<string> => {
      await wire.write(Uint8Array.from(command));
      await clock.advance(0);
      return hexOf(heard.splice(0));
    };
    const asked = async (): Promise<string> => {
      const said: string[] = [];
      for (const n of [1, 2, 3, 4]) said.push(await answers(0x10, 0x04, n));
      return said.join(' ');
    };
    await answers(0x1d, 0x61, 0xff);
    expect(await asked()).toBe(GOOD_REALTIME);
    arm(printerFaults, name, simulator);
    await clock.advance(0);
    expect(hexOf(heard.splice(0))).toBe(automatic);
    expect(await asked()).toBe(realtime);
    simulator.mend();
    await clock.advance(0);
    expect(hexOf(heard.splice(0))).toBe(GOOD_AUTOMATIC);
  });

  it.each(cases)('%s is shown at once where status is automatic', async (name, _realtime, _automatic, status) => {
    const { clock, simulator, printer } = await printerRig({ profile: printerProfiles['epson-80'] });
    arm(printerFaults, name, simulator);
    await clock.advance(0);
    expect(printer.status()).toEqual(status);
    simulator.mend();
    await clock.advance(0);
    expect(printer.status()).toEqual(ready);
  });

  it.each(cases)('%s is shown within five seconds where it is asked for', async (name, _rt, _automatic, status) => {
    const { clock, simulator, printer } = await printerRig({ profile: printerProfiles['escpos-58'] });
    arm(printerFaults, name, simulator, { value: 6_000 });
    await clock.advance(5_100);
    expect(printer.status()).toEqual(status);
    simulator.mend();
    await clock.advance(5_100);
    expect(printer.status()).toEqual(ready);
  });
});

describe.each(['escpos-58', 'epson-80'] as const)('a buffer that fills, in %s', (name) => {
  const slip = [
    ...Array.from({ length: 60 }, (_, i) => ({ kind: 'text' as const, text: `第${i + 1}行 交易明细` })),
    { kind: 'cut' as const },
  ];

  it('says XOFF and XON, which are no answers; nothing overflows, is lost, or is counted as stray', async () => {
    const profile = printerProfiles[name];
    const { clock, simulator, port, printer } = await printerRig({ profile, lineTimeMs: 60 });
    const flow: number[] = [];
    port.useIn({
      onSend(bytes, deliver) {
        flow.push(...bytes.filter((byte) => byte === 0x11 || byte === 0x13));
        deliver(bytes);
      },
    });
    // The sections that are under way nearly fill it.
    arm(printerFaults, 'small-buffer', simulator, { value: 500 });
    const before = printer.counters();
    const print = watch(printer.print(slip));
    await clock.advance(10_000);
    expect(print.done && !print.error).toBe(true);
    expect(flow.slice(0, 2)).toEqual([0x13, 0x11]);
    expect(simulator.slips.at(-1)?.lines).toEqual(slipText(slip, profile.columns));
    expect(simulator.violations).toEqual([]);
    const { badFrames, strayFrames } = printer.counters();
    expect([badFrames, strayFrames]).toEqual([before.badFrames, before.strayFrames]);
  });
});

describe('a printer that was switched off and on', () => {
  it('says nothing by itself any more: what is wrong is shown within five seconds, and with the next slip at once again', async () => {
    const { clock, simulator, printer } = await printerRig({ profile: printerProfiles['epson-80'] });
    arm(printerFaults, 'power-cycle', simulator);
    await clock.advance(2_000);
    simulator.set({ coverOpen: true });
    await clock.advance(0);
    expect(printer.status()).toEqual(ready);
    await clock.advance(5_000);
    expect(printer.status()).toEqual(fault('COVER_OPEN'));
    simulator.mend();
    const print = watch(printer.print([{ kind: 'text', text: '签购单' }, { kind: 'cut' }]));
    await clock.advance(1_000);
    expect(print.done && !print.error).toBe(true);
    expect(simulator.slips.at(-1)).toMatchObject({ lines: ['签购单'], cut: true });
    expect(simulator.violations).toEqual([]);
    simulator.set({ coverOpen: true });
    await clock.advance(0);
    expect(printer.status()).toEqual(fault('COVER_OPEN'));
  });
});
