import { Socket } from 'node:net';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import type { Clock } from './clock.ts';
import type { QoS, Subscription } from './protocol/topics.ts';
import type { Random } from './random.ts';

/** All in milliseconds; sync.md, mqtt.js as it is used. */
export interface ConnectionTimings {
  /** From the first byte to CONNACK, and again to SUBACK. */
  readonly connectMs: number;
  /** Whole seconds on the wire: rounded up. A dead connection is noticed after 1.5 times this. */
  readonly keepaliveMs: number;
  readonly backOffMinMs: number;
  readonly backOffMaxMs: number;
}

export const connectionTimings: ConnectionTimings = {
  connectMs: 10_000,
  keepaliveMs: 30_000,
  backOffMinMs: 1_000,
  backOffMaxMs: 60_000,
};

/** PEM texts for an mqtts URL. */
export interface Tls {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

export interface OutgoingMessage {
  readonly topic: string;
  readonly payload: Buffer;
}

export interface ConnectionOptions {
  readonly url: string;
  readonly tls?: Tls | undefined;
  /** MQTT 3.1.1 or 5. */
  readonly protocolVersion?: 4 | 5 | undefined;
  readonly clientId: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly timings: ConnectionTimings;
  readonly subscribe: readonly Subscription[];
  /** Made anew for each connection; published retained by the broker when the connection dies. */
  readonly will?: () => OutgoingMessage;
  /** Connected, and the subscription is granted. */
  readonly opened: () => void;
  /** An open connection ended, or an attempt failed. `byPeer`: the other side ended it, so perhaps by what it was sent. */
  readonly closed: (problem: string, byPeer: boolean) => void;
  /** The broker was told already that the message arrived: it proves nothing. Must not throw. */
  readonly received: (topic: string, payload: Buffer, retained: boolean) => void;
}

/**
 * Keeps one MQTT connection up: a fresh mqtt.js client for each attempt, which stores and repeats nothing, and full-jitter back-off between
 * attempts, reset by `settled`.
 */
export class Connection {
  readonly #options: ConnectionOptions;
  #attempts = 0;
  #running = false;
  #client: MqttClient | null = null;
  #subscribed = false;
  #unanswered = new Set<(taken: boolean) => void>();
  #cancelTimer: (() => void) | null = null;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#attempts = 0;
    this.#discard(); // of a stop that still says goodbye
    this.#connect();
  }

  /** Sends `last`, retained, when connected, waits a moment for the broker to take it, and disconnects. */
  async stop(last?: OutgoingMessage): Promise<void> {
    if (!this.#running) return;
    this.#running = false;
    this.#cancelTimer?.();
    const client = this.#client;
    if (last && this.#subscribed) {
      let cancel = () => {};
      const patience = new Promise<void>((resolve) => {
        cancel = this.#options.clock.after(1_000, resolve);
      });
      await Promise.race([this.publish(last.topic, last.payload, { retain: true }), patience]);
      cancel();
    }
    if (this.#client === client) this.#discard();
  }

  /** The other end is there: the next attempt after a loss comes soon again. */
  settled(): void {
    this.#attempts = 0;
  }

  /** QoS 1 unless told. True when the broker took the message (QoS 0: when it was written), false when the connection ended before. */
  publish(
    topic: string,
    payload: Buffer,
    { retain = false, qos = 1 }: { readonly retain?: boolean; readonly qos?: QoS } = {},
  ): Promise<boolean> {
    const client = this.#client;
    // A retained message may come, and want its answer, before the SUBACK.
    if (!client?.connected) return Promise.resolve(false);
    return new Promise((resolve) => {
      const answered = (taken: boolean) => {
        this.#unanswered.delete(answered);
        resolve(taken);
      };
      this.#unanswered.add(answered);
      client.publish(topic, payload, { qos, retain }, (error) => answered(!error));
    });
  }

  #connect(): void {
    const { url, timings, clock } = this.#options;
    const client = mqtt.connect(url, this.#clientOptions());
    this.#client = client;
    const ended = (problem: string, byPeer = false) => {
      if (this.#client === client) this.#ended(problem, byPeer);
    };
    client.handleMessage = (packet, done) => {
      done();
      const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
      if (this.#client === client) this.#options.received(packet.topic, payload, packet.retain);
    };
    client.on('error', (error) => ended(described(error), peerErrors.includes(described(error))));
    client.on('close', () => ended('connection closed', true));
    client.on('disconnect', (packet) => ended(`disconnected by the broker, reason ${packet.reasonCode ?? 0}`, true));
    const subscriptions = Object.fromEntries(this.#options.subscribe.map(({ filter, qos }) => [filter, { qos }]));
    client.on('connect', () => {
      if (client.stream instanceof Socket) client.stream.setNoDelay(true);
      this.#cancelTimer = clock.after(timings.connectMs, () => ended('no SUBACK'));
      client.subscribe(subscriptions, (error, granted) => {
        if (this.#client !== client) return;
        this.#cancelTimer?.();
        if (error || !granted?.length || granted.some((g) => g.qos >= 128)) return ended('subscription refused');
        this.#subscribed = true;
        this.#options.opened();
      });
    });
  }

  #clientOptions(): IClientOptions {
    const { clientId, timings, tls, protocolVersion, will } = this.#options;
    return {
      protocolVersion: protocolVersion ?? 4,
      clientId,
      clean: true,
      reconnectPeriod: 0,
      connectTimeout: timings.connectMs,
      keepalive: Math.ceil(timings.keepaliveMs / 1000),
      // Or a terminal that keeps asking on a dead connection would never find out.
      reschedulePings: false,
      resubscribe: false,
      queueQoSZero: false,
      ...(will ? { will: { ...will(), qos: 1 as const, retain: true } } : {}),
      ...(tls ? { ...tls, rejectUnauthorized: true, minVersion: 'TLSv1.3' } : {}),
    };
  }

  #ended(problem: string, byPeer: boolean): void {
    this.#discard();
    this.#options.closed(problem, byPeer);
    if (!this.#running) return;
    const { timings, random, clock } = this.#options;
    const ceilingMs = Math.min(timings.backOffMaxMs, timings.backOffMinMs * 2 ** Math.min(this.#attempts, 30));
    this.#attempts += 1;
    this.#cancelTimer = clock.after(random.next() * ceilingMs, () => this.#connect());
  }

  #discard(): void {
    this.#cancelTimer?.();
    const client = this.#client;
    this.#client = null;
    this.#subscribed = false;
    // Its own listeners clean up after it; ours ignore a client that is not the current one.
    client?.end(true);
    for (const answered of [...this.#unanswered]) answered(false);
  }
}

const peerErrors = ['ECONNRESET', 'EPIPE'];

const described = (error: Error): string => {
  const code = 'code' in error ? error.code : undefined;
  if (typeof code === 'string') return code;
  return typeof code === 'number' ? `CONNACK ${code}` : error.message;
};
