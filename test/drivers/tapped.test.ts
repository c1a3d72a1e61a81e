import { describe, expect, it } from 'vitest';
import { vivotech2Reader } from '../../drivers/card-reader/vivotech2-reader.ts';
import { simulatedPort } from '../../drivers/simulator/simulated-port.ts';
import { simulatedReader } from '../../drivers/simulator/simulated-reader.ts';
import { transportPair } from '../../drivers/transport/pair.ts';
import { tapped, type WireEvent } from '../../drivers/transport/tapped.ts';
import { settle, testClock } from '../support/test-clock.ts';
import { goodCard, saleOf, watch } from './rig.ts';

function rig() {
  const { near, far, unplug } = transportPair();
  const events: WireEvent[] = [];
  const port = tapped({ describe: 'wire', connect: async () => near }, (event) => events.push(event));
  return { far, unplug, events, port };
}

const bytes = (direction: 'in' | 'out', ...values: readonly number[]): WireEvent => ({
  kind: 'bytes',
  direction,
  bytes: Uint8Array.from(values),
});

describe('a tapped port', () => {
  it('tells what passes, in its order, from opening to closing', async () => {
    const { far, events, port } = rig();
    expect(port.describe).toBe('wire');
    const transport = await port.connect();
    const received: number[] = [];
    transport.onData((chunk) => received.push(...chunk));
    await transport.write(Uint8Array.of(1, 2));
    await far.write(Uint8Array.of(3));
    await settle();
    await transport.close();
    await transport.close();
    await expect(transport.write(Uint8Array.of(4))).rejects.toMatchObject({ code: 'DEVICE_ABSENT' });
    expect(received).toEqual([3]);
    expect(events).toEqual([
      { kind: 'opened' },
      bytes('out', 1, 2),
      bytes('in', 3),
      { kind: 'closed', reason: 'closed' },
    ]);
  });

  it('keeps what it saw although the driver wipes it', async () => {
    const { far, events, port } = rig();
    const transport = await port.connect();
    await far.write(Uint8Array.of(9));
    await settle();
    transport.onData((chunk) => chunk.fill(0));
    expect(events).toContainEqual(bytes('in', 9));
  });

  it('tells a late listener of the end, too, and nobody twice', async () => {
    const { unplug, events, port } = rig();
    const transport = await port.connect();
    unplug();
    const reasons: string[] = [];
    transport.onClose((reason) => reasons.push(reason));
    await settle();
    expect(reasons).toEqual(['lost']);
    expect(events.filter(({ kind }) => kind === 'closed')).toHaveLength(1);
  });

  it('says nothing when there is no connection, and passes on why', async () => {
    const events: WireEvent[] = [];
    const port = simulatedPort({ attach: () => undefined });
    port.unplug();
    await expect(tapped(port, (event) => events.push(event)).connect()).rejects.toMatchObject({
      code: 'DEVICE_ABSENT',
    });
    expect(events).toEqual([]);
  });

  it('lets the driver work as before, and wakes it as before', async () => {
    const clock = testClock();
    const simulator = simulatedReader({ clock });
    const inner = simulatedPort(simulator, { clock });
    const events: WireEvent[] = [];
    const port = tapped(inner, (event) => events.push(event));
    const reader = vivotech2Reader({ name: 'card-reader', port, clock, random: () => 0.999 });
    reader.start();
    await clock.advance(0);
    simulator.present(goodCard);
    const read = watch(reader.readCard(saleOf(1), new AbortController().signal));
    await clock.advance(100);
    expect(read.value?.masked).toBe('622202*********0128');
    inner.unplug();
    await clock.advance(60_000);
    inner.plugIn();
    await clock.advance(0);
    expect(reader.status()).toEqual({ state: 'ready' });
    expect(events.filter(({ kind }) => kind === 'opened')).toHaveLength(2);
  });
});
