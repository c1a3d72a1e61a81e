import { describe, expect, it } from 'vitest';
import type { DeviceErrorCode } from '../../drivers/errors.ts';
import type { FaultUse } from '../../drivers/simulator/fault.ts';
import { wireFaults } from '../../drivers/simulator/wire-faults.ts';
import { arm, goodCard, otherCard, printerRig, readerRig, saleOf, shortSlip, watch } from './rig.ts';

/** Every fault that any wire can have, with the real drivers on top: what the caller sees, and that the next use works. */
interface Case {
  readonly fault: string;
  readonly use?: Partial<FaultUse>;
  /** `waiting`: the command is out; the card, the confirmation are to come. */
  readonly armed: 'before' | 'waiting';
  readonly reader: 'card' | DeviceErrorCode;
  /** What the counter sees of the reader soon after. */
  readonly status: string;
  readonly printer: 'printed' | DeviceErrorCode;
}

const cases: readonly Case[] = [
  { fault: 'baud-pacing', armed: 'before', reader: 'card', status: 'ready', printer: 'printed' },
  { fault: 'single-bytes', armed: 'before', reader: 'card', status: 'ready', printer: 'printed' },
  { fault: 'random-chunks', armed: 'before', reader: 'card', status: 'ready', printer: 'printed' },
  { fault: 'coalesced-frames', armed: 'before', reader: 'card', status: 'ready', printer: 'printed' },
  { fault: 'junk-before', armed: 'waiting', reader: 'card', status: 'ready', printer: 'printed' },
  { fault: 'junk-between', armed: 'waiting', reader: 'card', status: 'ready', printer: 'printed' },
  { fault: 'junk-inside', armed: 'waiting', reader: 'DEVICE_TIMEOUT', status: 'ready', printer: 'DEVICE_TIMEOUT' },
  { fault: 'flipped-bit', armed: 'waiting', reader: 'DEVICE_TIMEOUT', status: 'ready', printer: 'DEVICE_TIMEOUT' },
  { fault: 'flipped-bit-out', armed: 'before', reader: 'DEVICE_TIMEOUT', status: 'ready', printer: 'DEVICE_TIMEOUT' },
  { fault: 'dropped-byte', armed: 'waiting', reader: 'DEVICE_TIMEOUT', status: 'ready', printer: 'DEVICE_TIMEOUT' },
  { fault: 'dropped-byte-out', armed: 'before', reader: 'DEVICE_TIMEOUT', status: 'ready', printer: 'DEVICE_TIMEOUT' },
  { fault: 'duplicated-frame', armed: 'waiting', reader: 'card', status: 'ready', printer: 'printed' },
  { fault: 'truncated-frame', armed: 'waiting', reader: 'DEVICE_TIMEOUT', status: 'ready', printer: 'DEVICE_TIMEOUT' },
  { fault: 'silence', armed: 'waiting', reader: 'DEVICE_TIMEOUT', status: 'ready', printer: 'DEVICE_TIMEOUT' },
  { fault: 'late-answer', armed: 'waiting', reader: 'card', status: 'ready', printer: 'printed' },
  { fault: 'unsolicited-frame', armed: 'waiting', reader: 'card', status: 'ready', printer: 'printed' },
  { fault: 'unsolicited-bytes', armed: 'waiting', reader: 'card', status: 'ready', printer: 'printed' },
  {
    fault: 'unplug-idle',
    armed: 'waiting',
    reader: 'DEVICE_ABSENT',
    status: 'absent DEVICE_ABSENT',
    printer: 'DEVICE_ABSENT',
  },
  {
    fault: 'unplug-mid-frame',
    use: { value: 3 },
    armed: 'waiting',
    reader: 'DEVICE_ABSENT',
    status: 'absent DEVICE_ABSENT',
    printer: 'DEVICE_ABSENT',
  },
  {
    fault: 'unplug-while-writing',
    armed: 'before',
    reader: 'DEVICE_ABSENT',
    status: 'absent DEVICE_ABSENT',
    printer: 'DEVICE_ABSENT',
  },
  { fault: 'hang-up', armed: 'waiting', reader: 'DEVICE_ABSENT', status: 'ready', printer: 'DEVICE_ABSENT' },
  {
    fault: 'write-error',
    armed: 'before',
    reader: 'DEVICE_ABSENT',
    status: 'absent NO_ANSWER',
    printer: 'DEVICE_ABSENT',
  },
  { fault: 'write-stall', use: { value: 700 }, armed: 'before', reader: 'card', status: 'ready', printer: 'printed' },
  {
    fault: 'write-blocked',
    armed: 'before',
    reader: 'DEVICE_ABSENT',
    status: 'absent LOST',
    printer: 'DEVICE_TIMEOUT',
  },
  { fault: 'replug-elsewhere', armed: 'waiting', reader: 'DEVICE_ABSENT', status: 'ready', printer: 'DEVICE_ABSENT' },
  { fault: 'device-reset', armed: 'waiting', reader: 'DEVICE_ABSENT', status: 'ready', printer: 'DEVICE_TIMEOUT' },
  {
    fault: 'port-busy',
    armed: 'waiting',
    reader: 'DEVICE_ABSENT',
    status: 'absent PORT_IN_USE another (pid 4242)',
    printer: 'DEVICE_ABSENT',
  },
  {
    fault: 'permission-denied',
    armed: 'waiting',
    reader: 'DEVICE_ABSENT',
    status: 'absent NO_PERMISSION',
    printer: 'DEVICE_ABSENT',
  },
  {
    fault: 'absent-at-start',
    armed: 'waiting',
    reader: 'DEVICE_ABSENT',
    status: 'absent DEVICE_ABSENT',
    printer: 'DEVICE_ABSENT',
  },
  { fault: 'wrong-baud', armed: 'waiting', reader: 'DEVICE_TIMEOUT', status: 'ready', printer: 'DEVICE_TIMEOUT' },
  { fault: 'slow-open', armed: 'waiting', reader: 'DEVICE_ABSENT', status: 'absent LOST', printer: 'DEVICE_ABSENT' },
];

const never = new AbortController().signal;

it('tries every fault of the table', () => {
  expect(cases.map(({ fault }) => fault)).toEqual(Object.keys(wireFaults));
});

describe('a card is read over a wire with', () => {
  it.each(cases)('$fault: $reader', async ({ fault, use, armed, reader: expected, status }) => {
    const { clock, simulator, port, reader } = await readerRig();
    if (armed === 'before') arm(wireFaults, fault, port, use);
    const read = watch(reader.readCard(saleOf(100, { timeoutMs: 5_000 }), never));
    await clock.advance(3_000);
    if (armed === 'waiting') arm(wireFaults, fault, port, use);
    simulator.present(goodCard);
    for (let second = 0; second < 25 && !read.done; second++) await clock.advance(1_000);
    expect(read.error?.code ?? read.value?.masked).toBe(expected === 'card' ? '622202*********0128' : expected);
    const { state, problem, detail } = reader.status();
    expect([state, problem, detail].filter(Boolean).join(' ')).toBe(status);
    expect(simulator.violations).toEqual([]);

    simulator.reset();
    port.reset();
    await clock.advance(8_000);
    expect(reader.status()).toEqual({ state: 'ready' });
    simulator.present(otherCard);
    const next = watch(reader.readCard(saleOf(200), never));
    await clock.advance(500);
    expect(next.value?.masked).toBe('625094******8599');
    expect(next.value?.reveal().emvTags['9F02']).toBe('000000000200');
  });

  it.each([
    ['late-answer', 'the card that comes after its time'],
    ['unsolicited-frame', 'a card that comes again'],
  ])('%s: %s is never taken for the next one', async (fault) => {
    const { clock, simulator, port, reader } = await readerRig();
    arm(wireFaults, fault, port, { value: 22_000, times: 2 });
    simulator.present(goodCard);
    watch(reader.readCard(saleOf(100, { timeoutMs: 5_000 }), never));
    await clock.advance(21_500);
    port.useIn({ onSend: () => undefined }); // only what is late comes now
    const next = watch(reader.readCard(saleOf(200), never));
    await clock.advance(5_000);
    expect(next.value).toBeUndefined();
    expect(reader.counters().strayFrames).toBeGreaterThan(0);
  });

  it('absent-at-start: ready as soon as it is there', async () => {
    const { clock, port, reader } = await readerRig();
    await reader.stop();
    arm(wireFaults, 'absent-at-start', port);
    reader.start();
    await clock.advance(60_000);
    expect(reader.status()).toEqual({ state: 'absent', problem: 'DEVICE_ABSENT' });
    port.reset();
    await clock.advance(0);
    expect(reader.status()).toEqual({ state: 'ready' });
  });

  it('slow-open: may be stopped meanwhile, and nothing stays open', async () => {
    const { clock, port, reader } = await readerRig();
    arm(wireFaults, 'slow-open', port);
    await clock.advance(500);
    await reader.stop();
    expect(reader.status()).toEqual({ state: 'stopped' });
    await clock.advance(10_000);
    expect(clock.pending()).toBe(0);
  });
});

describe('a slip is printed over a wire with', () => {
  it.each(cases)('$fault: $printer', async ({ fault, use, armed, printer: expected }) => {
    const { clock, simulator, port, printer } = await printerRig({ lineTimeMs: 20 });
    if (armed === 'before') arm(wireFaults, fault, port, use);
    const print = watch(printer.print(shortSlip));
    await clock.advance(60);
    if (armed === 'waiting') arm(wireFaults, fault, port, use);
    for (let second = 0; second < 40 && !print.done; second++) await clock.advance(1_000);
    expect(print.done && (print.error?.code ?? 'printed')).toBe(expected);
    expect(simulator.slips.length).toBeLessThanOrEqual(1);

    port.reset();
    await clock.advance(10_000);
    simulator.reset();
    expect(printer.status()).toMatchObject({ state: 'ready' });
    const next = watch(printer.print(shortSlip));
    await clock.advance(10_000);
    expect(next).toEqual({ done: true, value: undefined });
    expect(simulator.slips).toHaveLength(1);
    expect(simulator.violations).toEqual([]);
  });
});
