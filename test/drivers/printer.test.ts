import { describe, expect, it } from 'vitest';
import type { Slip } from '../../drivers/devices.ts';
import { escposPrinter } from '../../drivers/printer/escpos-printer.ts';
import { printerProfiles } from '../../drivers/printer/profiles.ts';
import { slipText } from '../../drivers/printer/slip-text.ts';
import { printerFaults } from '../../drivers/simulator/printer-faults.ts';
import { wireFaults } from '../../drivers/simulator/wire-faults.ts';
import { arm, printerRig, shortSlip, watch } from './rig.ts';

const longSlip: Slip = [
  ...Array.from({ length: 40 }, (_, i) => ({ kind: 'text' as const, text: `第${i + 1}行 交易明细` })),
  { kind: 'cut' },
];
const profiles = Object.entries(printerProfiles).filter(([, { confirmation }]) => confirmation !== 'none');

describe.each(profiles)('printing on %s', (_name, profile) => {
  it('resolves when the slip is on paper', async () => {
    const { clock, simulator, printer } = await printerRig({ profile, lineTimeMs: 50 });
    expect(printer.columns).toBe(profile.columns);
    const print = watch(printer.print(shortSlip));
    await clock.advance(100);
    expect(print.done).toBe(false);
    await clock.advance(1_000);
    expect(print).toMatchObject({ done: true });
    expect(print.error).toBeUndefined();
    expect(simulator.slips).toHaveLength(1);
    expect(simulator.slips[0]?.lines).toEqual(slipText(shortSlip, profile.columns));
    expect(simulator.violations).toEqual([]);
  });

  const before = [
    [{ paper: 'out' }, 'PAPER_OUT', 'PAPER_OUT'],
    [{ coverOpen: true }, 'DEVICE_FAULT', 'COVER_OPEN'],
    [{ cutterJam: true }, 'DEVICE_FAULT', 'CUTTER'],
    [{ unrecoverable: true }, 'DEVICE_FAULT', 'UNRECOVERABLE'],
    [{ offline: true }, 'DEVICE_FAULT', 'OFFLINE'],
  ] as const;
  it('counts no time-out while it listens for what may still come', async () => {
    const { clock, printer } = await printerRig({ profile });
    const outcome = watch(printer.print(shortSlip));
    await clock.advance(1_000);
    expect(outcome.done && outcome.error).toBe(undefined);
    expect(printer.counters().timeouts).toBe(0);
  });

  it.each(before)('prints nothing when %j', async (faults, code, problem) => {
    const { clock, simulator, printer } = await printerRig({ profile });
    simulator.set(faults);
    const print = watch(printer.print(shortSlip));
    await clock.advance(500);
    expect(print.error).toMatchObject({ code, details: { problem } });
    expect(printer.status()).toEqual({ state: 'fault', problem });
    simulator.set({ paper: 'ok', coverOpen: false, cutterJam: false, unrecoverable: false, offline: false });
    await clock.advance(6_000);
    expect(printer.status()).toEqual({ state: 'ready' });
    expect(simulator.slips).toEqual([]);
    expect(simulator.hanging().lines).toEqual([]);
  });

  it('ends within a second when the paper ends in the middle, and prints again when there is new paper', async () => {
    const { clock, simulator, printer } = await printerRig({ profile, lineTimeMs: 20 });
    simulator.paperOutAfter(10);
    const first = watch(printer.print(longSlip));
    await clock.advance(1_000);
    expect(first.error).toMatchObject({ code: 'PAPER_OUT' });
    expect(simulator.hanging().lines).toHaveLength(10);
    await clock.advance(5_000);
    expect(printer.status()).toEqual({ state: 'fault', problem: 'PAPER_OUT' });

    simulator.set({ paper: 'ok' });
    await clock.advance(6_000);
    const second = watch(printer.print(shortSlip));
    await clock.advance(5_000);
    expect(second).toMatchObject({ done: true });
    expect(second.error).toBeUndefined();
    expect(simulator.slips.at(-1)?.lines).toEqual(slipText(shortSlip, profile.columns));
    expect(simulator.violations).toEqual([]);
  });

  it('ends within a second when the cover is opened in the middle', async () => {
    const { clock, simulator, printer } = await printerRig({ profile, lineTimeMs: 20 });
    const print = watch(printer.print(longSlip));
    await clock.advance(200);
    simulator.set({ coverOpen: true });
    await clock.advance(600);
    expect(print.error).toMatchObject({ code: 'DEVICE_FAULT', details: { problem: 'COVER_OPEN' } });
    expect(printer.status()).toEqual({ state: 'fault', problem: 'COVER_OPEN' });
  });

  it('says that it does not know when the confirmation is lost, and does not take a later one for it', async () => {
    const { clock, simulator, printer } = await printerRig({ profile });
    arm(printerFaults, 'lose-confirmation', simulator, { times: 1 });
    const print = watch(printer.print(shortSlip));
    await clock.advance(30_000);
    expect(print.error?.code).toBe('DEVICE_TIMEOUT');
    expect(simulator.slips).toHaveLength(1);
    const again = watch(printer.print(shortSlip));
    await clock.advance(4_000);
    expect(again.done && !again.error).toBe(true);
    expect(simulator.slips).toHaveLength(2);
  });

  it('does not confirm a slip with the late answer to an earlier one', async () => {
    const { clock, simulator, printer } = await printerRig({ profile, lineTimeMs: 10 });
    simulator.set({ hot: true });
    const first = watch(printer.print(shortSlip));
    await clock.advance(25_000);
    expect(first.error?.code).toBe('DEVICE_TIMEOUT');
    const second = watch(printer.print(longSlip));
    await clock.advance(500);
    simulator.set({ hot: false });
    await clock.advance(200);
    // By now the first slip and its answer have come out, the second is half way.
    expect(simulator.slips).toHaveLength(1);
    expect(second.done).toBe(false);
    await clock.advance(2_000);
    expect(second.done && !second.error).toBe(true);
    expect(simulator.slips).toHaveLength(2);
  });

  it.each([50, 150, 300, 500])(
    'confirms its first slip with no answer to one of an earlier process, left after %d ms',
    async (ms) => {
      const { clock, simulator, port, printer } = await printerRig({ profile, lineTimeMs: 20 });
      watch(printer.print(longSlip));
      await clock.advance(ms);
      await printer.stop();
      const next = escposPrinter({ name: 'printer', port, clock, random: () => 0.7, profile });
      next.start();
      await clock.advance(50);
      let onPaper: readonly string[] = [];
      const print = watch(
        next.print(longSlip).then(() => {
          onPaper = simulator.slips.at(-1)?.lines ?? [];
        }),
      );
      await clock.advance(4_000);
      expect(print.done && !print.error).toBe(true);
      expect(onPaper).toEqual(slipText(longSlip, profile.columns));
      expect(simulator.slips).toHaveLength(2);
    },
  );

  it('notices that a power cut has taken the slip', async () => {
    const { clock, simulator, printer } = await printerRig({ profile, lineTimeMs: 20 });
    const print = watch(printer.print(longSlip));
    await clock.advance(100);
    simulator.powerCycle();
    await clock.advance(30_000);
    expect(print.error?.code).toBe('DEVICE_TIMEOUT');
    const again = watch(printer.print(shortSlip));
    await clock.advance(4_000);
    expect(again.done && !again.error).toBe(true);
    expect(simulator.violations).toEqual([]);
  });

  it('ends at once when the plug is pulled, and sends nothing again', async () => {
    const { clock, simulator, port, printer } = await printerRig({ profile, lineTimeMs: 20 });
    const print = watch(printer.print(longSlip));
    await clock.advance(100);
    port.unplug();
    simulator.powerCycle();
    await clock.advance(0);
    expect(print.error?.code).toBe('DEVICE_ABSENT');
    port.plugIn();
    await clock.advance(10_000);
    expect(printer.status()).toEqual({ state: 'ready' });
    expect(simulator.hanging().lines).toEqual([]);
    expect(simulator.slips).toHaveLength(1);
    expect(simulator.slips[0]?.cut).toBe(false);
  });

  it.each([0, 300, 3_000])('obeys a cancel within 300 ms when it has stood still for %d ms', async (ms) => {
    const { clock, simulator, printer } = await printerRig({ profile });
    simulator.set({ hot: true });
    const cancel = new AbortController();
    const print = watch(printer.print(shortSlip, cancel.signal));
    await clock.advance(ms);
    cancel.abort();
    await clock.advance(300);
    expect(print.error?.code).toBe('CANCELLED');
  });

  it('can be cancelled, and prints the next slip whole', async () => {
    const { clock, simulator, printer } = await printerRig({ profile, lineTimeMs: 20 });
    const cancel = new AbortController();
    const print = watch(printer.print(longSlip, cancel.signal));
    await clock.advance(100);
    cancel.abort();
    await clock.advance(0);
    expect(print.error?.code).toBe('CANCELLED');
    const next = watch(printer.print(shortSlip));
    await clock.advance(8_000);
    expect(next.done && !next.error).toBe(true);
    expect(simulator.slips.at(-1)?.lines).toEqual(slipText(shortSlip, profile.columns));
  });
});

describe('the printer', () => {
  it('prints slips one after another in the order of asking', async () => {
    const { clock, simulator, printer } = await printerRig({ lineTimeMs: 5 });
    const prints = ['甲', '乙', '丙'].map((text) => watch(printer.print([{ kind: 'text', text }, { kind: 'cut' }])));
    await clock.advance(1_000);
    expect(prints.every(({ done, error }) => done && !error)).toBe(true);
    expect(simulator.slips.map(({ lines }) => lines)).toEqual([['甲'], ['乙'], ['丙']]);
  });

  it('is absent when it does not answer, and the slip is refused at once', async () => {
    const { clock, port, printer } = await printerRig();
    arm(wireFaults, 'silence', port);
    await clock.advance(12_000);
    expect(printer.status()).toEqual({ state: 'absent', problem: 'NO_ANSWER' });
    await expect(printer.print(shortSlip)).rejects.toMatchObject({ code: 'DEVICE_ABSENT' });
  });

  it('understands a status that comes in single bytes with XOFF between', async () => {
    const { clock, simulator, printer } = await printerRig();
    simulator.use({
      onSend(bytes, deliver) {
        for (const byte of bytes) deliver(Uint8Array.of(byte, 0x13, 0x11));
      },
    });
    const print = watch(printer.print(shortSlip));
    await clock.advance(0);
    expect(print.done && !print.error).toBe(true);
    simulator.set({ coverOpen: true });
    await clock.advance(0);
    expect(printer.status()).toEqual({ state: 'fault', problem: 'COVER_OPEN' });
  });

  it('does not mix up the answers to its polls with those to its questions', async () => {
    const { clock, simulator, printer } = await printerRig({ profile: printerProfiles['escpos-58'], lineTimeMs: 40 });
    const first = watch(printer.print(longSlip.slice(26)));
    await clock.advance(400);
    // From now on real-time answers are slow, so that the one to the poll comes after the confirmation.
    simulator.use({
      onSend: (bytes, deliver) => void (bytes[0] === 0 ? deliver(bytes) : clock.after(300, () => deliver(bytes))),
    });
    await clock.advance(220);
    expect(first.done && !first.error).toBe(true);
    simulator.set({ paper: 'out' });
    const second = watch(printer.print(shortSlip));
    await clock.advance(4_000);
    expect(second.error).toMatchObject({ code: 'PAPER_OUT' });
  });

  it('prints the next slip although a poll was never answered', async () => {
    const { clock, simulator, printer } = await printerRig({ profile: printerProfiles['escpos-58'], lineTimeMs: 20 });
    const first = watch(printer.print(longSlip));
    await clock.advance(400);
    simulator.use({ onCommand: ({ name }) => name === 'DLE EOT' }, 1);
    await clock.advance(500);
    expect(first.done && !first.error).toBe(true);
    const second = watch(printer.print(shortSlip));
    await clock.advance(2_000);
    expect(second.done && !second.error).toBe(true);
    expect(simulator.slips).toHaveLength(2);
  });

  it('writes into the log how many characters it had to replace, not which', async () => {
    const { clock, printer, log } = await printerRig();
    watch(
      printer.print([
        { kind: 'pair', left: '張三😀', right: '¥1.00' },
        { kind: 'text', text: '一\n二' },
        { kind: 'cut' },
      ]),
    );
    await clock.advance(0);
    expect(log.filter(({ event }) => event === 'printer.characters-replaced')).toEqual([
      { event: 'printer.characters-replaced', details: { device: 'printer', characters: 1 } },
    ]);
  });

  it('stops while it is being settled', async () => {
    const { clock, port, printer } = await printerRig();
    arm(wireFaults, 'silence', port);
    const print = watch(printer.print(shortSlip));
    await clock.advance(1_100);
    expect(print.error?.code).toBe('DEVICE_TIMEOUT');
    await printer.stop();
    expect(printer.status()).toEqual({ state: 'stopped' });
  });

  it('refuses a slip that cannot be printed, and sends nothing of it', async () => {
    const { simulator, printer } = await printerRig();
    await expect(printer.print([{ kind: 'qr', data: '' }])).rejects.toThrow(RangeError);
    expect(simulator.hanging().lines).toEqual([]);
  });
});
