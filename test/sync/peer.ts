import mqtt from 'mqtt';

/** A bare MQTT client that stands for the other end: it says whatever a test wants, and keeps what it hears. */
export interface Peer {
  readonly heard: readonly { readonly topic: string; readonly payload: Buffer }[];
  say(topic: string, payload: Buffer | string, retain?: boolean): Promise<void>;
  /** Payloads heard on topics that end so, as JSON, the envelope's header line cut off. */
  heardOn(name: string): unknown[];
  close(): Promise<void>;
}

export async function openPeer(
  url: string,
  clientId: string,
  subscribe: string,
  protocolVersion: 4 | 5 = 4,
): Promise<Peer> {
  const heard: { topic: string; payload: Buffer }[] = [];
  const client = await mqtt.connectAsync(url, { clientId, protocolVersion, reconnectPeriod: 0 });
  client.on('error', () => {});
  client.on('message', (topic, payload) => heard.push({ topic, payload }));
  await client.subscribeAsync(subscribe, { qos: 1 });
  return {
    heard,
    async say(topic, payload, retain = false) {
      await client.publishAsync(topic, payload, { qos: 1, retain });
    },
    heardOn: (name) =>
      heard
        .filter(({ topic }) => topic.endsWith(name))
        .map(({ payload }) => JSON.parse(payload.toString().split('\n')[1] ?? '')),
    close: async () => {
      await client.endAsync(true);
    },
  };
}
