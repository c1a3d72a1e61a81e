import { connect, createServer, type Socket } from 'node:net';

/** Where a message is going. */
export type Towards = 'broker' | 'client';

export interface TappedMessage {
  readonly towards: Towards;
  readonly topic: string;
  readonly payload: Buffer;
}

/** Undefined: nothing to say about this message. Bytes: these go on in its place. */
export type TapRule = (message: TappedMessage) => 'drop' | Buffer | undefined;

/** The wire between one MQTT 3.1.1 client and its broker, where a test may listen, change what passes, and speak for either end. */
export interface MqttTap {
  readonly url: string;
  /** Every message that passed or was dropped, the oldest first. */
  readonly seen: readonly TappedMessage[];
  /** Asked about every message, the newest rule first, until the returned function is called. */
  rule(rule: TapRule): () => void;
  /** Speaks as the other end of the newest connection. False when there is none. */
  inject(towards: Towards, topic: string, payload: Buffer): boolean;
  /** Ends all connections; new ones work. */
  cut(): void;
  /** Ends all connections and lets no new one pass. */
  block(): void;
  unblock(): void;
  /** A good wire again: no rules, and not blocked. */
  mend(): void;
  stop(): Promise<void>;
}

interface Ends {
  readonly client: Socket;
  readonly broker: Socket;
}

export async function tapTo(brokerUrl: string): Promise<MqttTap> {
  const { hostname, port } = new URL(brokerUrl);
  const pairs = new Set<Ends>();
  const rules: TapRule[] = [];
  const seen: TappedMessage[] = [];
  let blocked = false;

  const decide = (message: TappedMessage): 'drop' | Buffer | undefined => {
    seen.push(message);
    for (const rule of [...rules].reverse()) {
      const decision = rule(message);
      if (decision !== undefined) return decision;
    }
    return undefined;
  };

  const server = createServer({ noDelay: true }, (client) => {
    const broker = connect({ port: Number(port), host: hostname, noDelay: true });
    const ends = { client, broker };
    pairs.add(ends);
    for (const [from, to, towards] of [
      [client, broker, 'broker'],
      [broker, client, 'client'],
    ] as const) {
      const take = packetDecoder((packet) => pass(packet, from, to, towards, decide));
      from.on('data', take);
      from.on('error', () => {});
      from.on('close', () => {
        pairs.delete(ends);
        to.end();
      });
    }
    if (blocked) end();
  });
  const end = () => {
    for (const { client, broker } of [...pairs]) {
      client.destroy();
      broker.destroy();
    }
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('the tap has no port');

  return {
    url: `mqtt://127.0.0.1:${address.port}`,
    seen,
    rule(rule) {
      rules.push(rule);
      return () => void rules.splice(rules.indexOf(rule), 1);
    },
    inject(towards, topic, payload) {
      const ends = [...pairs].at(-1);
      if (!ends) return false;
      return ends[towards].write(publishPacket(0x30, topic, undefined, payload));
    },
    cut: end,
    block() {
      blocked = true;
      end();
    },
    unblock() {
      blocked = false;
    },
    mend() {
      rules.length = 0;
      blocked = false;
    },
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      end();
      await closed;
    },
  };
}

const PUBLISH = 3;

function pass(
  packet: Buffer,
  from: Socket,
  to: Socket,
  towards: Towards,
  decide: (message: TappedMessage) => 'drop' | Buffer | undefined,
): void {
  const message = readPublish(packet);
  const decision = message && decide({ towards, topic: message.topic, payload: message.payload });
  if (!message || decision === undefined) {
    to.write(packet);
  } else if (decision === 'drop') {
    // The sender is told that it arrived: what is lost behind that is for the ends to find out.
    if (message.id) from.write(Buffer.from([0x40, 0x02, ...message.id]));
  } else {
    to.write(publishPacket(packet[0] ?? 0, message.topic, message.id, decision));
  }
}

/** Splits a byte stream into whole MQTT packets: one byte of type, the length in sevens of bits, the rest. */
function packetDecoder(emit: (packet: Buffer) => void): (chunk: Buffer) => void {
  let held: Buffer = Buffer.alloc(0);
  return (chunk) => {
    held = Buffer.concat([held, chunk]);
    for (let length = packetLength(held); length <= held.length; length = packetLength(held)) {
      emit(held.subarray(0, length));
      held = held.subarray(length);
    }
  };
}

/** Bytes of the packet that begins here; infinite while its length has not arrived. */
function packetLength(bytes: Buffer): number {
  let rest = 0;
  for (let at = 1; at <= 4; at++) {
    const byte = bytes[at];
    if (byte === undefined) return Number.POSITIVE_INFINITY;
    rest += (byte & 0x7f) * 128 ** (at - 1);
    if (byte < 0x80) return 1 + at + rest;
  }
  throw new Error('not an MQTT packet');
}

function readPublish(packet: Buffer): { topic: string; id: Buffer | undefined; payload: Buffer } | undefined {
  const first = packet[0] ?? 0;
  if (first >> 4 !== PUBLISH) return undefined;
  let at = 1;
  while ((packet[at] ?? 0) >= 0x80) at += 1;
  at += 1;
  const topicEnd = at + 2 + packet.readUInt16BE(at);
  const hasId = ((first >> 1) & 3) > 0;
  const payloadAt = topicEnd + (hasId ? 2 : 0);
  return {
    topic: packet.toString('utf8', at + 2, topicEnd),
    id: hasId ? packet.subarray(topicEnd, payloadAt) : undefined,
    payload: packet.subarray(payloadAt),
  };
}

function publishPacket(first: number, topic: string, id: Buffer | undefined, payload: Buffer): Buffer {
  const name = Buffer.from(topic, 'utf8');
  const topicLength = Buffer.alloc(2);
  topicLength.writeUInt16BE(name.length);
  const body = Buffer.concat([topicLength, name, id ?? Buffer.alloc(0), payload]);
  const length: number[] = [];
  for (let rest = body.length; length.length === 0 || rest > 0; rest = Math.floor(rest / 128))
    length.push((rest % 128) | (rest >= 128 ? 0x80 : 0));
  return Buffer.concat([Buffer.from([first, ...length]), body]);
}
