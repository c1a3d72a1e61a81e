import mqtt, { type MqttClient } from 'mqtt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Broker, startBroker } from '../../sync/broker.ts';
import { until } from './world.ts';

let broker: Broker;
let clients: MqttClient[];

beforeEach(async () => {
  broker = await startBroker({ hostId: 'host' });
  clients = [];
});
afterEach(async () => {
  for (const client of clients) await client.endAsync(true);
  await broker.stop();
});

async function client(clientId: string, onMessage: (topic: string) => void = () => {}): Promise<MqttClient> {
  const made = await mqtt.connectAsync(broker.url, { clientId, reconnectPeriod: 0 });
  clients.push(made);
  made.on('error', () => {});
  made.on('message', onMessage);
  return made;
}

describe('the embedded broker', () => {
  it('listens on loopback, and says so when the port is busy', async () => {
    expect(broker.url).toMatch(/^mqtt:\/\/127\.0\.0\.1:\d+$/);
    await expect(startBroker({ hostId: 'host', port: Number(new URL(broker.url).port) })).rejects.toThrow('EADDRINUSE');
  });

  it.each([
    ['t1', 'pos/v1/m/t2/up/rows', 10],
    ['t1', 'pos/v1/m/t1/down/rows', 10],
    ['host', 'pos/v1/m/t1/up/rows', 10],
    ['t1', 'anything', 10],
    ['t1', '$SYS/t1/up/rows', 10],
    ['t1', 'pos/v1/m/t1/up/rows', 262_145],
  ])(
    'ends the connection of %s that publishes to %s (%i bytes), and nobody hears it',
    async (clientId, topic, bytes) => {
      const heard: string[] = [];
      const host = await client(clientId === 'host' ? 'host-2' : 'host', (t) => heard.push(t));
      if (clientId !== 'host') await host.subscribeAsync('pos/v1/+/+/up/#');
      const writer = await client(clientId);
      writer.publish(topic, Buffer.alloc(bytes), { qos: 1 });
      await until('the connection ends', () => !writer.connected);
      expect(heard).toEqual([]);
    },
  );

  it.each([
    ['t1', 'pos/v1/+/t2/down/#'],
    ['t1', 'pos/v1/+/+/down/#'],
    ['t1', 'pos/v1/+/t1/up/#'],
    ['t1', '#'],
    ['host', 'pos/v1/+/+/down/#'],
  ])('does not let %s listen to %s', async (clientId, filter) => {
    const listener = await client(clientId);
    await expect(listener.subscribeAsync(filter)).rejects.toThrow();
  });

  it('carries a terminal to the host and the host to that terminal', async () => {
    const heard: string[] = [];
    const host = await client('host', (topic) => heard.push(topic));
    const terminal = await client('t1', (topic) => heard.push(topic));
    await host.subscribeAsync('pos/v1/+/+/up/#', { qos: 1 });
    await terminal.subscribeAsync('pos/v1/m/t1/down/#', { qos: 1 });
    await terminal.publishAsync('pos/v1/m/t1/up/rows', 'a', { qos: 1 });
    await host.publishAsync('pos/v1/m/t1/down/ack', 'b', { qos: 1 });
    await host.publishAsync('pos/v1/m/t2/down/ack', 'c', { qos: 1 });
    await until('both', () => heard.length === 2);
    expect(heard.sort()).toEqual(['pos/v1/m/t1/down/ack', 'pos/v1/m/t1/up/rows']);
  });
});
