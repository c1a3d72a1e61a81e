import { connect, type Socket } from 'node:net';
import type { Clock } from '../clock.ts';
import { DeviceError } from '../errors.ts';
import { Channel } from './channel.ts';
import type { Port, Transport } from './transport.ts';

const CONNECT_LIMIT_MS = 5_000;

/** A device behind a TCP port: a network printer, a serial server, or a simulator in another process. */
export function tcpPort(host: string, port: number, clock: Clock): Port {
  const describe = `tcp:${host}:${port}`;
  return {
    describe,
    connect: () =>
      new Promise((resolve, reject) => {
        const socket = connect({ host, port });
        const fail = (reason: string): void => {
          stopTimer();
          socket.destroy();
          reject(new DeviceError('DEVICE_ABSENT', describe, 'cannot connect', { reason }));
        };
        const stopTimer = clock.after(CONNECT_LIMIT_MS, () => fail('timeout'));
        const refused = (error: NodeJS.ErrnoException): void => fail(error.code ?? 'unknown');
        socket.once('error', refused);
        socket.once('connect', () => {
          stopTimer();
          socket.off('error', refused);
          resolve(tcpTransport(socket, clock, describe));
        });
      }),
  };
}

/** A connected socket as a Transport, for both sides. */
export function tcpTransport(socket: Socket, clock: Clock, describe = 'tcp'): Transport {
  // A frame is far smaller than a segment; waiting to fill one would add 40 ms to each command.
  socket.setNoDelay(true);
  const channel = new Channel({
    describe,
    clock,
    write: (bytes) =>
      new Promise((resolve, reject) => {
        socket.write(bytes, (error) => (error ? reject(error) : resolve()));
      }),
    close: async () => void socket.destroy(),
  });
  socket.on('data', (bytes) => channel.receive(bytes));
  // 'close' always follows and tells the rest.
  socket.on('error', () => undefined);
  socket.on('close', () => void channel.end('lost'));
  return channel;
}
