import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { vivotech2Reader } from '../../drivers/card-reader/vivotech2-reader.ts';
import { serveOverTcp } from '../../drivers/simulator/simulated-port.ts';
import { simulatedReader } from '../../drivers/simulator/simulated-reader.ts';
import { transportPair } from '../../drivers/transport/pair.ts';
import { portFrom } from '../../drivers/transport/port-from.ts';
import type { CloseReason, Transport } from '../../drivers/transport/transport.ts';
import { realClock } from '../support/pty.ts';
import { settle } from '../support/test-clock.ts';
import { goodCard, saleOf } from './rig.ts';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

function record(transport: Transport) {
  const seen = { bytes: [] as number[], closed: [] as CloseReason[] };
  transport.onData((bytes) => seen.bytes.push(...bytes));
  transport.onClose((reason) => seen.closed.push(reason));
  return seen;
}

describe('a wire in memory', () => {
  it('carries bytes both ways in order, and not before write has returned', async () => {
    const { near, far } = transportPair();
    const there = record(far);
    const back = record(near);
    void near.write(Uint8Array.of(1, 2));
    void near.write(Uint8Array.of(3));
    void far.write(Uint8Array.of(9));
    expect(there.bytes).toEqual([]);
    await settle(1);
    expect(there.bytes).toEqual([1, 2, 3]);
    expect(back.bytes).toEqual([9]);
  });

  it('hands over a copy, so that the writer may use its buffer again', async () => {
    const { near, far } = transportPair();
    const seen = record(far);
    const bytes = Uint8Array.of(1);
    const written = near.write(bytes);
    await written;
    bytes[0] = 2;
    await settle(1);
    expect(seen.bytes).toEqual([1]);
  });

  it('keeps what comes before anybody listens', async () => {
    const { near, far } = transportPair();
    await near.write(Uint8Array.of(7));
    await settle(1);
    expect(record(far).bytes).toEqual([7]);
  });

  it('delivers what was written before a close, and tells each end once', async () => {
    const { near, far } = transportPair();
    const ends = [record(near), record(far)];
    await near.write(Uint8Array.of(1));
    await near.close();
    await near.close();
    await settle(1);
    expect(ends).toEqual([
      { bytes: [], closed: ['closed'] },
      { bytes: [1], closed: ['lost'] },
    ]);
    await expect(near.write(Uint8Array.of(1))).rejects.toMatchObject({ code: 'DEVICE_ABSENT' });
  });

  it('loses what is under way when it is cut', async () => {
    const { near, far, unplug } = transportPair();
    const seen = record(far);
    const written = near.write(Uint8Array.of(1));
    unplug();
    await expect(written).rejects.toMatchObject({ code: 'DEVICE_ABSENT' });
    await settle(1);
    expect(seen).toEqual({ bytes: [], closed: ['lost'] });
  });

  it('tells a late listener of the end, too', async () => {
    const { near, unplug } = transportPair();
    unplug();
    const seen = record(near);
    await settle(1);
    expect(seen.closed).toEqual(['lost']);
  });
});

describe('an address of a device', () => {
  const good: readonly [address: string, port: string][] = [
    ['serial:/dev/ttyUSB0', 'serial:/dev/ttyUSB0@115200'],
    ['serial:/dev/ttyUSB0@9600', 'serial:/dev/ttyUSB0@9600'],
    ['serial:/dev/serial/by-id/usb-FTDI_x@y-if00', 'serial:/dev/serial/by-id/usb-FTDI_x@y-if00@115200'],
    ['tcp:192.168.1.20:9100', 'tcp:192.168.1.20:9100'],
    ['tcp:[::1]:9100', 'tcp:::1:9100'],
  ];
  it.each(good)('%s', (address, port) => expect(portFrom(address, realClock).describe).toBe(port));

  const bad = [
    '',
    'simulated',
    'serial:',
    'serial:COM1',
    'usb:1234',
    'tcp:host',
    'tcp:host:0',
    'tcp:host:70000',
    'tcp::1:9100:',
  ];
  it.each(bad)('refuses %j, and says what it wants', (address) => {
    expect(() => portFrom(address, realClock)).toThrow(/serial:.*tcp:/);
  });
});

describe('a TCP port', () => {
  it('carries the drivers to a simulator in another process', async () => {
    const simulator = simulatedReader({ clock: realClock });
    const served = await serveOverTcp(simulator, realClock);
    cleanUps.push(() => served.close());
    const reader = vivotech2Reader({
      name: 'card-reader',
      port: portFrom(served.address, realClock),
      clock: realClock,
      random: () => 0.1,
    });
    cleanUps.push(() => reader.stop());
    const ready = new Promise<void>((resolve) =>
      reader.onStatus(({ state }) => (state === 'ready' ? resolve() : undefined)),
    );
    reader.start();
    await ready;
    simulator.present(goodCard);
    expect((await reader.readCard(saleOf(1), new AbortController().signal)).masked).toBe('622202*********0128');
    const lost = new Promise<string | undefined>((resolve) => reader.onStatus(({ problem }) => resolve(problem)));
    await served.close();
    expect(await lost).toBe('LOST');
  });

  it('is absent when nobody listens', async () => {
    const server = await listen(createServer());
    const address = `tcp:127.0.0.1:${portOf(server)}`;
    await new Promise((resolve) => server.close(resolve));
    await expect(portFrom(address, realClock).connect()).rejects.toMatchObject({
      code: 'DEVICE_ABSENT',
      details: { reason: 'ECONNREFUSED' },
    });
  });

  it('gives up a write that the other side does not take, and closes', async () => {
    const server = await listen(createServer((socket) => void socket.pause()));
    cleanUps.push(() => server.close());
    const transport = await portFrom(`tcp:127.0.0.1:${portOf(server)}`, realClock).connect();
    const seen = record(transport);
    await expect(transport.write(new Uint8Array(20_000_000), 50)).rejects.toMatchObject({ code: 'DEVICE_TIMEOUT' });
    expect(seen.closed).toEqual(['write-timeout']);
  });
});

function listen(server: Server): Promise<Server> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening');
  return address.port;
}
