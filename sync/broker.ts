import { createServer, type Socket } from 'node:net';
import { Aedes, type Client } from 'aedes';
import type { Log } from './log.ts';
import { maxMessageBytes } from './protocol/envelope.ts';
import { parseTopic } from './protocol/topics.ts';

/**
 * The embedded broker for one machine: loopback only, MQTT 3.1.1, nothing durable. A terminal (its client id) writes its own `up` topics and reads
 * its own `down` topics; only the host writes `down`. A denied publish or one that is too large ends the connection.
 */
export interface Broker {
  readonly url: string;
  stop(): Promise<void>;
}

export interface BrokerOptions {
  /** 0, the default: any free port. Rejects with EADDRINUSE when the port is busy. */
  readonly port?: number;
  /** Client id of the host. */
  readonly hostId: string;
  readonly log?: Log;
}

export async function startBroker({ port = 0, hostId, log = () => {} }: BrokerOptions): Promise<Broker> {
  const isHost = (client: Client | null) => client?.id === hostId;
  const aedes = await Aedes.createBroker({
    // A frozen subscriber must not hold up the others for long.
    drainTimeout: 5_000,
    authorizePublish(client, packet, done) {
      const to = parseTopic(packet.topic);
      const own = isHost(client) ? to?.direction === 'down' : to?.direction === 'up' && to.terminal === client?.id;
      if (own && packet.payload.length <= maxMessageBytes) return done(null);
      log('warn', 'broker.publish-denied', { client: client?.id ?? '', bytes: packet.payload.length });
      done(new Error('not allowed'));
    },
    authorizeSubscribe(client, subscription, done) {
      const [, , , terminal, direction] = subscription.topic.split('/');
      const own = isHost(client) ? direction === 'up' : direction === 'down' && terminal === client.id;
      if (own) return done(null, subscription);
      log('warn', 'broker.subscribe-denied', { client: client.id });
      done(null, null);
    },
  });
  aedes.on('clientError', (client, error) =>
    log('info', 'broker.client-error', { client: client.id, why: error.message }),
  );
  aedes.on('connectionError', (_, error) => log('info', 'broker.connection-error', { why: error.message }));

  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    aedes.handle(socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('broker: no port');
  return {
    url: `mqtt://127.0.0.1:${address.port}`,
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await new Promise<void>((resolve) => aedes.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
