import { describe, expect, it } from 'vitest';
import type { Slip } from '../../drivers/devices.ts';
import { printerProfiles } from '../../drivers/printer/profiles.ts';
import { slipText } from '../../drivers/printer/slip-text.ts';
import { printerFaults } from '../../drivers/simulator/printer-faults.ts';
import { wireFaults } from '../../drivers/simulator/wire-faults.ts';
import { arm, printerRig, watch } from './rig.ts';

/** Every fault of a printer (devices.md §6): what becomes of a slip, what the status says, and that it can be brought to its end. */

const slip: Slip = [
  ...Array.from({ length: 34 }, (_, i) => ({ kind: 'text' as const, text: `第${i + 1}行 交易明细` })),
  { kind: 'cut' },
];
const head: Slip = [{ kind: 'text', text: '续打' }];

interface Expected {
  /** The problem, or else the code, of the error; undefined: it is printed. */
  readonly error?: string | readonly string[];
  /** Of the status while the fault lasts. */
  readonly status: { readonly state: string; readonly problem?: string };
  /** It ends when the tester ends it, not when a person mends the printer. */
  readonly reset?: true;
  readonly times?: number;
}
const ready = { state: 'ready' };
const fault = (problem: string) => ({ state: 'fault', problem });

const faults: Readonly<Record<string, Expected>> = {
  'paper-out': { error: 'PAPER_OUT', status: fault('PAPER_OUT') },
  'paper-out-after': { error: 'PAPER_OUT', status: fault('PAPER_OUT') },
  'near-end': { status: { state: 'ready', problem: 'PAPER_NEAR_END' } },
  'cover-open': { error: 'COVER_OPEN', status: fault('COVER_OPEN') },
  'cover-open-after': { error: 'COVER_OPEN', status: fault('COVER_OPEN') },
  'cutter-jam': { error: 'CUTTER', status: fault('CUTTER') },
  'cutter-error': { error: 'CUTTER', status: fault('CUTTER'), times: 1 },
  hot: { status: ready },
  mechanical: { error: 'MECHANICAL', status: fault('MECHANICAL') },
  unrecoverable: { error: 'UNRECOVERABLE', status: fault('UNRECOVERABLE') },
  offline: { error: 'OFFLINE', status: fault('OFFLINE') },
  'awaits-recovery': { status: ready },
  'feed-button': { status: ready },
  'drawer-open': { status: ready },
  'small-buffer': { status: ready },
  'no-status-line': { error: 'DEVICE_TIMEOUT', status: { state: 'absent', problem: 'NO_ANSWER' }, reset: true },
  'xoff-in-status': { status: ready },
  'power-cycle': { error: 'DEVICE_TIMEOUT', status: ready },
  'power-cycle-mid-slip': { error: ['DEVICE_TIMEOUT', 'RESTARTED'], status: ready },
  'lose-confirmation': { error: ['DEVICE_TIMEOUT', 'RESTARTED'], status: ready, times: 1 },
  'late-confirmation': { error: ['DEVICE_TIMEOUT', 'RESTARTED'], status: ready, times: 1 },
};

it('has an expectation for each fault that a tester can choose', () => {
  expect(Object.keys(faults)).toEqual(Object.keys(printerFaults));
});

describe.each(['escpos-58', 'epson-80'] as const)('a fault of %s', (name) => {
  const profile = printerProfiles[name];
  it.each(Object.entries(faults))('%s', async (faultName, expected) => {
    const { clock, simulator, port, printer } = await printerRig({ profile, lineTimeMs: 20 });
    const paper = (): string[] =>
      [...simulator.slips, simulator.hanging()].flatMap(({ lines }) => lines).filter((line) => line !== '续打');
    arm(printerFaults, faultName, simulator, expected.times ? { times: expected.times } : {});
    const print = watch(printer.print(slip));
    await clock.advance(35_000);
    const told = print.error && (print.error.details['problem'] ?? print.error.code);
    if (expected.error === undefined) expect(print).toMatchObject({ done: true });
    expect([expected.error].flat()).toContain(told);
    expect(printer.status()).toEqual(expected.status);

    if (expected.reset) simulator.reset();
    else simulator.mend();
    await clock.advance(20_000);
    expect(port.describe).toBe('simulated');
    expect(printer.status()).toEqual(ready);
    if (print.error) {
      const resumed = watch(printer.resume(head));
      await clock.advance(10_000);
      expect(resumed).toMatchObject({ value: true });
    }
    expect([...new Set(paper())]).toEqual(slipText(slip, profile.columns));
    expect(simulator.violations).toEqual([]);
    const next = watch(printer.print([{ kind: 'text', text: '下一张' }, { kind: 'cut' }]));
    await clock.advance(5_000);
    expect(next.error).toBeUndefined();
    expect(simulator.slips.at(-1)).toMatchObject({ lines: ['下一张'], cut: true });
  });
});

describe('the printer, broken', () => {
  it('says while it prints that its head is too hot, and goes on when it has cooled', async () => {
    const { clock, simulator, printer } = await printerRig({ lineTimeMs: 20, profile: printerProfiles['escpos-58'] });
    const print = watch(printer.print(slip));
    await clock.advance(300);
    arm(printerFaults, 'hot', simulator, { value: 14_000 });
    await clock.advance(3_000);
    expect(printer.status()).toEqual({ state: 'ready', problem: 'OVERHEATED' });
    expect(print.done).toBe(false);
    await clock.advance(20_000);
    expect(print.done && !print.error).toBe(true);
    expect(printer.status()).toEqual(ready);
    expect(simulator.slips).toHaveLength(1);
  });

  it('is told to go on only when somebody asks for paper, and only while it waits for that', async () => {
    const { clock, simulator, printer } = await printerRig();
    const recoveries: number[] = [];
    simulator.use({
      onCommand({ name: command }) {
        if (command === 'DLE ENQ') recoveries.push(clock.now());
        return false;
      },
    });
    watch(printer.print(slip));
    await clock.advance(1_000);
    arm(printerFaults, 'awaits-recovery', simulator);
    await clock.advance(20_000);
    expect(printer.status()).toEqual(fault('OFFLINE'));
    expect(recoveries).toEqual([]);
    const print = watch(printer.print(slip));
    await clock.advance(2_000);
    expect(print.done && !print.error).toBe(true);
    expect(recoveries).toHaveLength(1);
  });

  it.each([2, 3])('takes no answer for another one when one to DLE EOT %d is lost', async (lost) => {
    const { clock, simulator, printer } = await printerRig({ lineTimeMs: 100, profile: printerProfiles['escpos-58'] });
    const print = watch(printer.print(slip));
    await clock.advance(200);
    simulator.use({ onCommand: ({ name, parameters }) => name === 'DLE EOT' && parameters[0] === lost }, 1);
    simulator.paperOutAfter(20);
    await clock.advance(5_000);
    expect(print.error?.details['problem']).toBe('PAPER_OUT');
    await clock.advance(6_000);
    expect(printer.status()).toEqual(fault('PAPER_OUT'));
  });

  it('waits while flow control stops a section, and is lost when that never ends', async () => {
    const { clock, simulator, port, printer } = await printerRig({ lineTimeMs: 20 });
    const slow = watch(printer.print(slip));
    await clock.advance(100);
    arm(wireFaults, 'write-stall', port, { value: 4_000, times: 1 });
    await clock.advance(3_000);
    expect(slow.done).toBe(false);
    await clock.advance(5_000);
    expect(slow.done && !slow.error).toBe(true);
    expect(simulator.slips).toHaveLength(1);

    const stuck = watch(printer.print(slip));
    await clock.advance(150);
    arm(wireFaults, 'write-blocked', port, { times: 1 });
    await clock.advance(6_000);
    expect(stuck.error?.code).toBe('DEVICE_ABSENT');
    port.reset();
    await clock.advance(10_000);
    expect(printer.status()).toEqual(ready);
  });

  it('prints whole over a line of 9600 baud', async () => {
    const { clock, simulator, port, printer } = await printerRig({ lineTimeMs: 85 });
    arm(wireFaults, 'baud-pacing', port, { value: 9_600 });
    const start = clock.now();
    let doneMs = 0;
    const print = watch(
      printer.print(slip).then(() => {
        doneMs = clock.now() - start;
      }),
    );
    await clock.advance(8_000);
    expect(print.done && !print.error).toBe(true);
    expect(simulator.violations).toEqual([]);
    expect(simulator.slips.at(-1)?.lines).toEqual(slipText(slip, 32));
    // 34 lines of 85 ms each; the line brings the next section while one is printed.
    expect(doneMs).toBeLessThan(34 * 85 + 700);
  });
});

describe('a printer with no line back', () => {
  const profile = printerProfiles['escpos-58-tx-only'];

  it('is ready as soon as it is connected, and a slip is printed when it has gone out', async () => {
    const { clock, simulator, printer, port } = await printerRig({ profile });
    arm(printerFaults, 'no-status-line', simulator);
    await clock.advance(60_000);
    expect(printer.status()).toEqual(ready);
    const print = watch(printer.print(slip));
    await clock.advance(0);
    expect(print.done && !print.error).toBe(true);
    expect(simulator.slips).toHaveLength(1);
    const drawer = watch(printer.openDrawer());
    await clock.advance(0);
    expect(drawer.done && !drawer.error).toBe(true);
    expect(simulator.drawerPulses).toEqual([{ pin: 2, onMs: 50 }]);
    expect(simulator.violations).toEqual([]);
    port.unplug();
    await clock.advance(10_000);
    expect(printer.status().state).toBe('absent');
  });

  it('is asked nothing', async () => {
    const { clock, simulator, printer } = await printerRig({ profile });
    const asked: string[] = [];
    simulator.use({
      onCommand({ name }) {
        if (name.startsWith('DLE') || name.startsWith('GS r') || name === 'GS ( H' || name === 'GS a') asked.push(name);
        return false;
      },
    });
    watch(printer.print(slip));
    await clock.advance(60_000);
    expect(asked).toEqual([]);
    expect(simulator.slips).toHaveLength(1);
  });
});

describe.each([
  ['escpos-58', 2],
  ['epson-80', 5],
] as const)('the cash drawer at %s, pin %d', (name, pin) => {
  const profile = printerProfiles[name];

  it('is opened by one pulse, behind the slip that is being printed', async () => {
    const { clock, simulator, printer } = await printerRig({ profile, lineTimeMs: 20, drawerPin: pin });
    const print = watch(printer.print(slip));
    const drawer = watch(printer.openDrawer());
    await clock.advance(400);
    expect(simulator.drawerPulses).toEqual([]);
    await clock.advance(2_000);
    expect(print.done && drawer.done).toBe(true);
    expect(simulator.drawerPulses).toEqual([{ pin, onMs: 50 }]);
    expect(simulator.slips).toHaveLength(1);
  });

  it('stays shut when the printer cannot work, and does not open later by itself', async () => {
    const { clock, simulator, printer } = await printerRig({ profile, lineTimeMs: 20, drawerPin: pin });
    simulator.set({ paper: 'out' });
    const drawer = watch(printer.openDrawer());
    await clock.advance(500);
    expect(drawer.error?.code).toBe('PAPER_OUT');
    simulator.mend();
    await clock.advance(30_000);
    expect(simulator.drawerPulses).toEqual([]);
  });

  it('gets no second pulse when the confirmation of the first is lost', async () => {
    const { clock, simulator, printer } = await printerRig({ profile, drawerPin: pin });
    arm(printerFaults, 'lose-confirmation', simulator, { times: 1 });
    const drawer = watch(printer.openDrawer());
    await clock.advance(30_000);
    expect(drawer.error?.code).toBe('DEVICE_TIMEOUT');
    expect(simulator.drawerPulses).toHaveLength(1);
    const print = watch(printer.print(slip));
    await clock.advance(5_000);
    expect(print.done && !print.error).toBe(true);
    expect(simulator.drawerPulses).toHaveLength(1);
  });
});
