import { spawn } from 'node:child_process';
import { once } from 'node:events';
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

  it('lets nobody else in while it is open, says who has it, and lets anybody in after', async () => {
    const { path } = pty();
    const near = await connect(path);
    await expect(connect(path)).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      details: { holder: expect.stringMatching(new RegExp(`^.+ \\(pid ${process.pid}\\)$`)) },
    });
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

/** Another program that has the port open, until it is killed. */
async function heldByAnother(path: string) {
  const script = `require('serialport').SerialPort.binding.open({ path: process.argv[1], baudRate: 9600, lock: true })
    .then(() => { console.log('held'); setInterval(() => undefined, 1000); });`;
  const child = spawn(process.execPath, ['-e', script, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  cleanUps.push(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
}

describe('drivers over a serial port', () => {
  it('say which other program has it, and take it when that is gone', async () => {
    const device = pty();
    const simulator = simulatedReader({ clock: realClock });
    simulator.attach(device.far);
    const other = await heldByAnother(device.path);
    const reader = vivotech2Reader({
      name: 'card-reader',
      port: portFrom(`serial:${device.path}`, realClock),
      clock: realClock,
      random: () => 0.1,
    });
    cleanUps.push(() => reader.stop());
    reader.start();
    await until(reader, 'absent');
    expect(reader.status()).toEqual({
      state: 'absent',
      problem: 'PORT_IN_USE',
      detail: expect.stringMatching(new RegExp(`^\\S+ \\(pid ${other.pid}\\)$`)),
    });
    other.kill('SIGKILL');
    await until(reader, 'ready');
  });

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
