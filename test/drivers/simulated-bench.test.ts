import { describe, expect, it } from 'vitest';
import { type SimulatedDevices, simulatedBench } from '../../drivers/simulator/bench.ts';
import { goodCard, printerRig, readerRig, saleOf, shortSlip, watch } from './rig.ts';

const seed = 20_261_122;

async function rig() {
  const reader = await readerRig();
  const printer = await printerRig();
  const devices: SimulatedDevices = {
    'card-reader': { simulator: reader.simulator, port: reader.port },
    printer: { simulator: printer.simulator, port: printer.port },
  };
  return { reader, printer, bench: simulatedBench(devices, seed) };
}

/** How a sale's card reads: `card`, or the reason why not. */
async function read({ reader, clock, simulator }: Awaited<ReturnType<typeof readerRig>>): Promise<string> {
  const ended = watch(reader.readCard(saleOf(1_100), new AbortController().signal));
  await clock.advance(10);
  simulator.present(goodCard);
  await clock.advance(20_000);
  simulator.takeAway();
  return ended.value ? 'card' : String(ended.error?.details['reason'] ?? ended.error?.code);
}

describe('faults on the bench', () => {
  it('the next only', async () => {
    const { reader, bench } = await rig();
    expect(bench.apply('card-reader', 'two-cards', { times: 1 })).toBe('armed');
    expect([await read(reader), await read(reader)]).toEqual(['two-cards', 'card']);
  });

  it('so many times', async () => {
    const { reader, bench } = await rig();
    bench.apply('card-reader', 'blocked', { times: 2 });
    expect([await read(reader), await read(reader), await read(reader)]).toEqual(['blocked', 'blocked', 'card']);
  });

  it('the newest first, and the one below when it is used up', async () => {
    const { reader, bench } = await rig();
    bench.apply('card-reader', 'expired');
    bench.apply('card-reader', 'blocked', { times: 1 });
    expect(bench.active('card-reader').map(({ fault }) => fault)).toEqual(['blocked', 'expired']);
    expect([await read(reader), await read(reader), await read(reader)]).toEqual(['blocked', 'expired', 'expired']);
  });

  it('with a probability, the same for the same seed, also after a reset', async () => {
    const { reader, bench } = await rig();
    const run = async (): Promise<readonly string[]> => {
      bench.apply('card-reader', 'expired', { probability: 0.5 });
      const seen: string[] = [];
      for (let time = 0; time < 12; time++) seen.push(await read(reader));
      return seen;
    };
    const first = await run();
    bench.reset();
    await reader.clock.advance(10_000);
    expect(await run()).toEqual(first);
    expect(new Set(first)).toEqual(new Set(['card', 'expired']));
  });

  it('one reset makes every device good again and plugs it in', async () => {
    const { reader, printer, bench } = await rig();
    bench.apply('card-reader', 'two-cards');
    bench.apply('card-reader', 'unplug-idle');
    bench.apply('printer', 'paper-out');
    expect(reader.port.plugged).toBe(false);
    bench.reset();
    await reader.clock.advance(10_000);
    await printer.clock.advance(10_000);
    expect(bench.active('card-reader')).toEqual([]);
    expect(bench.active('printer')).toEqual([]);
    expect(await read(reader)).toBe('card');
    const printed = watch(printer.printer.print(shortSlip));
    await printer.clock.advance(10_000);
    expect(printed).toEqual({ done: true });
  });

  it('mend loads paper into one device and leaves the others as they are', async () => {
    const { reader, printer, bench } = await rig();
    bench.apply('card-reader', 'two-cards');
    bench.apply('printer', 'paper-out');
    bench.mend('printer');
    const printed = watch(printer.printer.print(shortSlip));
    await printer.clock.advance(10_000);
    expect(printed).toEqual({ done: true });
    expect(bench.active('printer')).toEqual([]);
    expect(await read(reader)).toBe('two-cards');
  });

  it('refuses what there is not, and changes nothing', async () => {
    const { reader, bench } = await rig();
    expect(bench.apply('card-reader', 'paper-out')).toBe('no-fault');
    expect(bench.apply('keypad', 'bounce')).toBe('no-device');
    expect(bench.apply('card-reader', 'two-cards', { value: 3 })).toBe('takes-no-value');
    expect(bench.active('card-reader')).toEqual([]);
    expect(await read(reader)).toBe('card');
  });

  it('no fault of a device has the name of one of the wire, which it would hide', () => {
    const { faults, wireFaults } = simulatedBench({}, seed);
    const names = wireFaults.map(({ name }) => name);
    const all = Object.values(faults).flat();
    expect(all.filter(({ name }) => names.includes(name))).toEqual([]);
    expect(
      [...all, ...wireFaults].filter(({ name, zh, en }) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) || !zh || !en),
    ).toEqual([]);
  });
});
