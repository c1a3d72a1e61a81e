import { createServer } from 'node:net';
import type { Clock } from '../clock.ts';
import { DeviceError } from '../errors.ts';
import { type TransportPair, transportPair } from '../transport/pair.ts';
import { tcpTransport } from '../transport/tcp.ts';
import type { Port, Transport } from '../transport/transport.ts';

/** A simulated device: the other end of a wire. Attached anew, it goes on as the device that it was. */
export interface Simulator {
  attach(transport: Transport): void;
}

/** A port in memory whose plug can be pulled. */
export interface SimulatedPort extends Port {
  /** Cuts the wire; whatever is under way is lost, and connecting fails until `plugIn`. */
  unplug(): void;
  plugIn(): void;
}

/** A port to a simulator in this process. Each connection is a new wire to the same device. */
export function simulatedPort(simulator: Simulator): SimulatedPort {
  const describe = 'simulated';
  let plugged = true;
  let wire: TransportPair | undefined;
  return {
    describe,
    async connect() {
      if (!plugged) throw new DeviceError('DEVICE_ABSENT', describe, 'not plugged in');
      wire = transportPair(describe);
      simulator.attach(wire.far);
      return wire.near;
    },
    unplug() {
      plugged = false;
      wire?.unplug();
    },
    plugIn() {
      plugged = true;
    },
  };
}

/** A simulator that listens on a loopback TCP port of its own, for drivers in other processes. */
export interface ServedSimulator {
  /** For portFrom, e.g. `tcp:127.0.0.1:40123`. */
  readonly address: string;
  close(): Promise<void>;
}

export async function serveOverTcp(simulator: Simulator, clock: Clock): Promise<ServedSimulator> {
  const open = new Set<Transport>();
  const server = createServer((socket) => {
    const transport = tcpTransport(socket, clock, 'simulated');
    open.add(transport);
    socket.once('close', () => open.delete(transport));
    simulator.attach(transport);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    address: `tcp:127.0.0.1:${address.port}`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await Promise.all([...open].map((transport) => transport.close()));
      await closed;
    },
  };
}
