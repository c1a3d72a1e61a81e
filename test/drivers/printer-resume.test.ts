import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Slip } from '../../drivers/devices.ts';
import { type PrinterProfile, printerProfiles } from '../../drivers/printer/profiles.ts';
import { slipText } from '../../drivers/printer/slip-text.ts';
import { printerFaults } from '../../drivers/simulator/printer-faults.ts';
import { wireFaults } from '../../drivers/simulator/wire-faults.ts';
import { readReceipt } from '../support/receipt-reader.ts';
import { arm, printerRig, watch } from './rig.ts';

/** A slip that failed goes on from its first missing line. */

const head: Slip = [{ kind: 'text', text: '***续打/CONTINUED***', align: 'center' }];
const headLines = slipText(head, 48).map((line) => line.trim());

/** Every line is another one, so that one that is missing or twice is seen. */
const numbered = (from: number, count: number): Slip =>
  Array.from({ length: count }, (_, i) => ({ kind: 'pair' as const, left: `第${from + i}行`, right: '¥1.00' }));
const twoCopies: Slip = [...numbered(1, 22), { kind: 'cut' }, ...numbered(23, 18), { kind: 'cut' }];

async function resumeRig(profile: PrinterProfile, lineTimeMs = 20) {
  const rig = await printerRig({ profile, lineTimeMs });
  const sent: Uint8Array[] = [];
  rig.port.useOut({
    onSend(bytes, deliver) {
      sent.push(bytes);
      deliver(bytes);
    },
  });
  const isHead = (line: string): boolean => headLines.includes(line.trim());
  const printed = (): string[] => [...rig.simulator.slips, rig.simulator.hanging()].flatMap(({ lines }) => lines);
  return {
    ...rig,
    /** What lies on the counter, without the heads. */
    paper: () => printed().filter((line) => !isHead(line)),
    heads: () => printed().filter(isHead).length,
    /** All that was ever sent, read by the second decoder: with nothing lost, that is what lies on the counter. */
    sent: () =>
      readReceipt(Uint8Array.from(sent.flatMap((bytes) => [...bytes])), profile.columns)
        .flatMap((mark) => ('line' in mark ? [mark.line] : []))
        .filter((line) => !isHead(line)),
  };
}

const talking = Object.entries(printerProfiles).filter(([, { confirmation }]) => confirmation !== 'none');

describe.each(talking)('a slip that failed on %s', (_name, profile) => {
  const whole = slipText(twoCopies, profile.columns);

  const keepsItsBuffer: readonly [fault: string, value: number, problem: string, heads: 0 | 1][] = [
    ['paper-out-after', 1, 'PAPER_OUT', 1],
    ['paper-out-after', 9, 'PAPER_OUT', 1],
    ['paper-out-after', 10, 'PAPER_OUT', 1],
    ['paper-out-after', 11, 'PAPER_OUT', 1],
    ['paper-out-after', 22, 'PAPER_OUT', 1],
    ['paper-out-after', 30, 'PAPER_OUT', 0],
    ['cover-open-after', 12, 'COVER_OPEN', 1],
    ['cover-open-after', 35, 'COVER_OPEN', 0],
    ['cutter-error', 0, 'CUTTER', 1],
    ['hot', 25_000, 'OVERHEATED', 1],
  ];
  it.each(keepsItsBuffer)(
    '%s %d: goes on without a line missing or twice',
    async (fault, value, problem, headCount) => {
      const { clock, simulator, printer, paper, heads, sent } = await resumeRig(profile);
      arm(printerFaults, fault, simulator, { value, times: 1 });
      const print = watch(printer.print(twoCopies));
      await clock.advance(22_000);
      expect(print.error?.details['problem']).toBe(problem);
      const before = paper().length;
      expect(before).toBeLessThan(whole.length);
      if (fault !== 'cutter-error') simulator.mend();
      await clock.advance(5_000);
      const resumed = watch(printer.resume(head));
      await clock.advance(5_000);
      expect(resumed).toMatchObject({ done: true, value: true });
      expect(paper()).toEqual(whole);
      expect(sent()).toEqual(whole);
      // None when all that was missing was in the printer already.
      expect(heads()).toBe(headCount);
      expect(simulator.violations).toEqual([]);
      expect(simulator.hanging().lines).toEqual([]);
    },
  );

  it('goes on at once, while the printer still prints by itself what it had', async () => {
    const { clock, simulator, printer, paper } = await resumeRig(profile, 100);
    simulator.paperOutAfter(13);
    const print = watch(printer.print(twoCopies));
    await clock.advance(4_000);
    expect(print.error?.code).toBe('PAPER_OUT');
    simulator.mend();
    const resumed = watch(printer.resume(head));
    await clock.advance(10_000);
    expect(resumed).toMatchObject({ done: true, value: true });
    expect(paper()).toEqual(whole);
  });

  it('prints nothing at all when the printer has finished it by itself', async () => {
    const { clock, simulator, printer, paper, heads } = await resumeRig(profile);
    simulator.paperOutAfter(35);
    const print = watch(printer.print(twoCopies));
    await clock.advance(5_000);
    expect(print.error?.code).toBe('PAPER_OUT');
    simulator.mend();
    await clock.advance(2_000);
    expect(paper()).toEqual(whole);
    const resumed = watch(printer.resume(head));
    await clock.advance(1_000);
    expect(resumed).toMatchObject({ value: true });
    expect(paper()).toEqual(whole);
    expect(heads()).toBe(0);
  });

  it('can fail again, as often as there is no paper, and then ends whole', async () => {
    const { clock, simulator, printer, paper } = await resumeRig(profile);
    arm(printerFaults, 'paper-out-after', simulator, { value: 7, times: 5 });
    const tries = [watch<unknown>(printer.print(twoCopies))];
    for (let more = 0; more < 10 && tries.at(-1)?.error === undefined; more++) await clock.advance(1_000);
    while (tries.at(-1)?.error && tries.length < 10) {
      simulator.mend();
      await clock.advance(300);
      tries.push(watch(printer.resume(head)));
      await clock.advance(5_000);
    }
    expect(tries.at(-1)?.value).toBe(true);
    expect(tries.length).toBeGreaterThan(1);
    expect(paper()).toEqual(whole);
    expect(simulator.violations).toEqual([]);
  });

  const losesItsBuffer: readonly [what: string, fault: string, value: number][] = [
    ['a power cut in the first lines', 'power-cycle-mid-slip', 3],
    ['a power cut', 'power-cycle-mid-slip', 17],
    ['a power cut at the end of a section', 'power-cycle-mid-slip', 20],
    ['a power cut in the second copy', 'power-cycle-mid-slip', 33],
  ];
  it.each(losesItsBuffer)(
    '%s: no line is missing, and only lines not confirmed come again',
    async (_, fault, value) => {
      const { clock, simulator, printer, paper } = await resumeRig(profile);
      arm(printerFaults, fault, simulator, { value });
      const print = watch(printer.print(twoCopies));
      await clock.advance(20_000);
      expect(['DEVICE_TIMEOUT', 'DEVICE_FAULT']).toContain(print.error?.code);
      const before = paper();
      expect(before).toEqual(whole.slice(0, value));
      const resumed = watch(printer.resume(head));
      await clock.advance(10_000);
      expect(resumed).toMatchObject({ value: true });
      const after = paper().slice(before.length);
      expect(after).toEqual(whole.slice(whole.length - after.length));
      const twice = before.length + after.length - whole.length;
      expect(twice).toBeGreaterThanOrEqual(0);
      expect(twice).toBeLessThanOrEqual(10);
      expect(simulator.violations).toEqual([]);
    },
  );

  it.each([0, 1, 7, 200])('unplugged while writing, %d bytes into a section: no line is missing', async (value) => {
    const { clock, simulator, port, printer, paper } = await resumeRig(profile);
    const print = watch(printer.print(twoCopies));
    await clock.advance(100);
    arm(wireFaults, 'unplug-while-writing', port, { value, times: 1 });
    await clock.advance(1_000);
    expect(print.error?.code).toBe('DEVICE_ABSENT');
    port.plugIn();
    await clock.advance(10_000);
    const before = paper();
    expect(whole.slice(0, before.length)).toEqual(before);
    const resumed = watch(printer.resume(head));
    await clock.advance(10_000);
    expect(resumed).toMatchObject({ value: true });
    const after = paper().slice(before.length);
    expect(after).toEqual(whole.slice(whole.length - after.length));
    expect(before.length + after.length).toBeGreaterThanOrEqual(whole.length);
    expect(simulator.violations).toEqual([]);
  });

  it('unplugged and switched off: what was confirmed does not come again', async () => {
    const { clock, simulator, port, printer, paper } = await resumeRig(profile);
    const print = watch(printer.print(twoCopies));
    await clock.advance(500);
    port.unplug();
    simulator.powerCycle();
    await clock.advance(0);
    expect(print.error?.code).toBe('DEVICE_ABSENT');
    const before = paper();
    port.plugIn();
    await clock.advance(10_000);
    const resumed = watch(printer.resume(head));
    await clock.advance(10_000);
    expect(resumed).toMatchObject({ value: true });
    const after = paper().slice(before.length);
    expect(after).toEqual(whole.slice(whole.length - after.length));
    expect(before.length + after.length - whole.length).toBeLessThanOrEqual(10);
  });

  it('that never began is printed whole, without a head', async () => {
    const { clock, simulator, printer, paper, heads } = await resumeRig(profile);
    simulator.set({ paper: 'out' });
    const print = watch(printer.print(twoCopies));
    await clock.advance(500);
    expect(print.error?.code).toBe('PAPER_OUT');
    const tooEarly = watch(printer.resume(head));
    await clock.advance(500);
    expect(tooEarly.error?.code).toBe('PAPER_OUT');
    simulator.mend();
    const resumed = watch(printer.resume(head));
    await clock.advance(5_000);
    expect(resumed).toMatchObject({ value: true });
    expect(paper()).toEqual(whole);
    expect(heads()).toBe(0);
  });

  it('is forgotten when it was printed, or another one was asked for', async () => {
    const { clock, simulator, printer } = await resumeRig(profile);
    simulator.paperOutAfter(5);
    watch(printer.print(twoCopies));
    await clock.advance(2_000);
    simulator.mend();
    await clock.advance(2_000);
    const other = watch(printer.print(numbered(100, 3)));
    await clock.advance(5_000);
    expect(other).toMatchObject({ done: true });
    expect(other.error).toBeUndefined();
    const resumed = watch(printer.resume(head));
    await clock.advance(1_000);
    expect(resumed).toMatchObject({ value: false });
  });
});

describe('whatever happens to a slip', () => {
  const faults = fc.oneof(
    fc.record({
      fault: fc.constantFrom('paper-out-after', 'cover-open-after'),
      value: fc.integer({ min: 1, max: 60 }),
      keeps: fc.constant(true),
    }),
    fc.record({ fault: fc.constant('cutter-error'), value: fc.constant(0), keeps: fc.constant(true) }),
    fc.record({
      fault: fc.constant('power-cycle-mid-slip'),
      value: fc.integer({ min: 1, max: 60 }),
      keeps: fc.constant(false),
    }),
  );
  const profiles = fc.constantFrom(printerProfiles['escpos-58'], printerProfiles['epson-80']);
  const copies = fc.array(fc.integer({ min: 1, max: 25 }), { minLength: 1, maxLength: 3 });
  const lineTimes = fc.constantFrom(0, 15, 90);

  it('no line of it is missing, and where the printer kept its buffer none is there twice', async () => {
    await fc.assert(
      fc.asyncProperty(
        faults,
        profiles,
        copies,
        lineTimes,
        async ({ fault, value, keeps }, profile, counts, lineTimeMs) => {
          const { clock, simulator, printer, paper } = await resumeRig(profile, lineTimeMs);
          const slip = counts.flatMap((count, i): Slip => [...numbered(100 * i, count), { kind: 'cut' }]);
          const whole = slipText(slip, profile.columns);
          arm(printerFaults, fault, simulator, { value, times: 1 });
          const print = watch(printer.print(slip));
          await clock.advance(30_000);
          if (print.error) {
            if (fault !== 'cutter-error') simulator.mend();
            const resumed = watch(printer.resume(head));
            await clock.advance(30_000);
            expect(resumed).toMatchObject({ value: true });
          }
          expect(print.done || print.error !== undefined).toBe(true);
          if (keeps) expect(paper()).toEqual(whole);
          else expect(new Set(paper())).toEqual(new Set(whole));
          expect(simulator.violations).toEqual([]);
        },
      ),
      { seed: 3, numRuns: 60 },
    );
  });
});

describe('a printer that confirms nothing', () => {
  it('prints all of it again behind the head, because nobody knows', async () => {
    const { clock, port, printer, paper, heads } = await resumeRig(printerProfiles['escpos-58-tx-only'], 0);
    arm(wireFaults, 'unplug-while-writing', port, { value: 100, times: 1 });
    const print = watch(printer.print(twoCopies));
    await clock.advance(100);
    expect(print.error?.code).toBe('DEVICE_ABSENT');
    port.plugIn();
    await clock.advance(10_000);
    const before = paper().length;
    const resumed = watch(printer.resume(head));
    await clock.advance(100);
    expect(resumed).toMatchObject({ value: true });
    expect(paper().slice(before)).toEqual(slipText(twoCopies, 32));
    expect(heads()).toBe(1);
  });
});
