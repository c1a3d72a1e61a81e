import { closeSync, openSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { vivotech2Reader } from '../../drivers/card-reader/vivotech2-reader.ts';
import type { CardReader, DeviceStatus } from '../../drivers/devices.ts';
import { escposPrinter } from '../../drivers/printer/escpos-printer.ts';
import { printerProfiles } from '../../drivers/printer/profiles.ts';
import { slipText } from '../../drivers/printer/slip-text.ts';
import { simulatedPrinter } from '../../drivers/simulator/simulated-printer.ts';
import { simulatedReader } from '../../drivers/simulator/simulated-reader.ts';
import { portFrom } from '../../drivers/transport/port-from.ts';
import { pump } from '../../drivers/transport/serial.ts';
import type { CloseReason, Transport } from '../../drivers/transport/transport.ts';
import { openPty, type Pty, realClock } from '../support/pty.ts';
import { testClock } from '../support/test-clock.ts';
import { goodCard, saleOf, shortSlip, watch } from './rig.ts';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

function pty(): Pty {
  const opened = openPty();
  cleanUps.push(() => opened.close());
  return opened;
}

async function connect(path: string): Promise<Transport> {
  const transport = await portFrom(`serial:${path}@115200`, realClock).connect();
  cleanUps.push(() => transport.close());
  return transport;
}

const closed = (transport: Transport): Promise<CloseReason> => new Promise((resolve) => transport.onClose(resolve));

function received(transport: Transport, count: number): Promise<Uint8Array> {
  const bytes: number[] = [];
  return new Promise((resolve) =>
    transport.onData((chunk) => {
      bytes.push(...chunk);
      if (bytes.length >= count) resolve(Uint8Array.from(bytes));
    }),
  );
}

function until(device: Pick<CardReader, 'status' | 'onStatus'>, state: DeviceStatus['state']): Promise<void> {
  return new Promise((resolve) => {
    const check = (status: DeviceStatus): void => {
      if (status.state === state) resolve();
    };
    cleanUps.push(device.onStatus(check));
    check(device.status());
  });
}

describe('a serial port through the native binding', () => {
  it('carries every byte value both ways', async () => {
    const { path, far } = pty();
    const near = await connect(path);
    const all = Uint8Array.from({ length: 256 }, (_, i) => i);
    const there = received(far, 256);
    await near.write(all);
    expect(await there).toEqual(all);
    const back = received(near, 256);
    await far.write(all);
    expect(await back).toEqual(all);
  });

  it.each(Array.from({ length: 10 }, (_, i) => i + 1))(
    'closes within 100 ms of a hang-up in flowing data (%d)',
    async () => {
      const device = pty();
      const near = await connect(device.path);
      const ended = closed(near);
      const flowing = received(near, 2_000);
      const flood = setInterval(() => {
        device.far.write(new Uint8Array(500).fill(0x55)).catch(() => undefined);
      }, 1);
      cleanUps.push(() => clearInterval(flood));
      await flowing;
      const cpuBefore = process.cpuUsage();
      const at = performance.now();
      device.hangUp();
      expect(await ended).toBe('lost');
      expect(performance.now() - at).toBeLessThan(100);
      clearInterval(flood);
      expect(process.cpuUsage(cpuBefore).user).toBeLessThan(80_000);
      await expect(near.write(Uint8Array.of(1))).rejects.toMatchObject({ code: 'DEVICE_ABSENT' });
    },
  );

  it('takes three empty reads in a row, 5 ms apart, for a hang-up that the poller did not see', async () => {
    const clock = testClock();
    const fd = openSync('/dev/null', 'r');
    cleanUps.push(() => closeSync(fd));
    const poller = { once: (_event: 'readable', callback: (error: null) => void) => setImmediate(callback, null) };
    const ended = watch(pump({ fd, poller }, { receive: () => expect.unreachable() }, clock));
    await clock.advance(9);
    expect(ended.done).toBe(false);
    await clock.advance(1);
    expect(ended.done).toBe(true);
  });

  it('closes when the far end goes away while nothing flows', async () => {
    const device = pty();
    const near = await connect(device.path);
    const ended = closed(near);
    device.hangUp();
    expect(await ended).toBe('lost');
  });

  it('lets nobody else in while it is open, and anybody after', async () => {
    const { path } = pty();
    const near = await connect(path);
    await expect(connect(path)).rejects.toMatchObject({ code: 'PORT_IN_USE' });
    await near.close();
    await expect(connect(path)).resolves.toBeDefined();
  });

  it('gives up a write that nobody reads, and closes', async () => {
    const device = pty();
    const near = await connect(device.path);
    const ended = closed(near);
    device.stopReading();
    await expect(near.write(new Uint8Array(500_000), 50)).rejects.toMatchObject({ code: 'DEVICE_TIMEOUT' });
    expect(await ended).toBe('write-timeout');
  });

  it('may be closed twice and then tells so once', async () => {
    const { path } = pty();
    const near = await connect(path);
    const reasons: CloseReason[] = [];
    near.onClose((reason) => reasons.push(reason));
    await Promise.all([near.close(), near.close()]);
    await near.close();
    expect(reasons).toEqual(['closed']);
  });

  it('is absent when there is no such port, and at fault when it is none', async () => {
    await expect(connect('/dev/no-such-port')).rejects.toMatchObject({ code: 'DEVICE_ABSENT' });
    await expect(connect('/dev/null')).rejects.toMatchObject({ code: 'DEVICE_FAULT' });
  });
});

describe('drivers over a serial port', () => {
  it('read a card, survive a pull of the plug, and read again', async () => {
    const simulator = simulatedReader({ clock: realClock });
    let device = pty();
    simulator.attach(device.far);
    const reader = vivotech2Reader({
      name: 'card-reader',
      // A reader that comes back under another name, as /dev/serial/by-id hides it.
      port: { describe: 'by-id', connect: () => portFrom(`serial:${device.path}`, realClock).connect() },
      clock: realClock,
      random: () => 0.1,
    });
    cleanUps.push(() => reader.stop());
    reader.start();
    await until(reader, 'ready');
    simulator.present(goodCard);
    const card = await reader.readCard(saleOf(100), new AbortController().signal);
    expect(card.masked).toBe('622202*********0128');

    const reading = reader.readCard(saleOf(100), new AbortController().signal);
    const old = device;
    device = pty();
    simulator.attach(device.far);
    old.hangUp();
    await expect(reading).rejects.toMatchObject({ code: 'DEVICE_ABSENT' });
    await until(reader, 'ready');
    simulator.swipe(goodCard);
    expect((await reader.readCard(saleOf(100), new AbortController().signal)).entry).toBe('MAG');
    expect(simulator.violations).toEqual([]);
  });

  it('print a slip', async () => {
    const simulator = simulatedPrinter({ clock: realClock, columns: 32 });
    const device = pty();
    simulator.attach(device.far);
    const printer = escposPrinter({
      name: 'printer',
      port: portFrom(`serial:${device.path}@9600`, realClock),
      clock: realClock,
      random: () => 0.1,
      profile: printerProfiles['escpos-58'],
    });
    cleanUps.push(() => printer.stop());
    printer.start();
    await until(printer, 'ready');
    await printer.print(shortSlip);
    expect(simulator.slips).toMatchObject([{ lines: slipText(shortSlip, 32), cut: true }]);
    expect(simulator.violations).toEqual([]);
  });
});
