import { createServer } from 'node:net';
import type { Clock } from '../clock.ts';
import { DeviceError } from '../errors.ts';
import { type TransportPair, transportPair } from '../transport/pair.ts';
import { tcpTransport } from '../transport/tcp.ts';
import type { Port, Transport } from '../transport/transport.ts';
import { type Behaviour, BehaviourStack } from './behaviours.ts';

/** A simulated device: the other end of a wire. Attached anew, it goes on as the device that it was. */
export interface Simulator {
  attach(transport: Transport): void;
  /** Off and on, with what the device says when it starts. Absent: nothing can be seen of it. */
  restart?(): void;
}

/** What lies on the wire; only `onSend` is asked, once for each write of the other side (which is a frame) or each opening. */
export type WireBehaviour = Pick<Behaviour<never>, 'onSend'>;

/** A port in memory, and whatever can go wrong between it and its device: wire-faults.ts has it by name. */
export interface SimulatedPort extends Port {
  /** Throws a RangeError when the port was made without a clock, which faults that take time need. */
  readonly clock: Clock;
  readonly random: () => number;
  /** Cuts the wire; whatever is under way is lost, and connecting fails until `plugIn`. */
  unplug(): void;
  plugIn(): void;
  readonly plugged: boolean;
  /** Cuts the wire; a new connection can be made at once. */
  hangUp(): void;
  /** Pulled and put into another socket: the connection is lost, and `describe` is another one. */
  replugElsewhere(): void;
  restartDevice(): void;
  /** Bytes to the driver that the device did not send. They meet what lies on the wire. */
  send(bytes: Uint8Array): void;
  /** Puts something on the way to the driver, newest first, as `BehaviourStack.use`. */
  useIn(behaviour: WireBehaviour, times?: number, chance?: () => boolean): void;
  /** On the way to the device. The driver's write ends when the first bytes are delivered. */
  useOut(behaviour: WireBehaviour, times?: number, chance?: () => boolean): void;
  /** On opening the port: to deliver lets it open, a throw is what `connect` throws. A connection that there is stays. */
  useOpen(behaviour: WireBehaviour, times?: number, chance?: () => boolean): void;
  /** Runs `act` when `ms` have passed (Infinity: never), or at `reset` if that comes first. */
  later(ms: number, act: () => void): void;
  /** A good wire again, plugged in. What was held back goes on its way. */
  reset(): void;
}

export interface SimulatedPortOptions {
  readonly describe?: string;
  readonly clock?: Clock;
  /** Gives 0 ≤ r < 1; always in the middle when not given. */
  readonly random?: () => number;
}

/** A port to a simulator in this process. Each connection is a new wire to the same device. */
export function simulatedPort(simulator: Simulator, options: SimulatedPortOptions = {}): SimulatedPort {
  return new PortInMemory(simulator, options);
}

const NO_BYTES = new Uint8Array(0);

class PortInMemory implements SimulatedPort {
  readonly random: () => number;
  readonly #simulator: Simulator;
  readonly #options: SimulatedPortOptions;
  readonly #in = new BehaviourStack<never>();
  readonly #out = new BehaviourStack<never>();
  readonly #open = new BehaviourStack<never>();
  readonly #held = new Set<() => void>();
  readonly #appearListeners = new Set<() => void>();
  #socket = 1;
  #plugged = true;
  #wire: TransportPair | undefined;

  constructor(simulator: Simulator, options: SimulatedPortOptions) {
    this.#simulator = simulator;
    this.#options = options;
    this.random = options.random ?? (() => 0.5);
  }

  get describe(): string {
    const { describe = 'simulated' } = this.#options;
    return this.#socket === 1 ? describe : `${describe}#${this.#socket}`;
  }

  get plugged(): boolean {
    return this.#plugged;
  }

  get clock(): Clock {
    const { clock } = this.#options;
    if (!clock) throw new RangeError('this simulated port was made without a clock');
    return clock;
  }

  async connect(): Promise<Transport> {
    this.#mustBePlugged();
    await new Promise<void>((resolve) => this.#open.send(NO_BYTES, () => resolve()));
    this.#mustBePlugged();
    const { clock } = this.#options;
    this.#wire = transportPair({
      describe: this.describe,
      ...(clock ? { clock } : {}),
      toNear: async (bytes, deliver) => this.#in.send(bytes, deliver),
      toFar: (bytes, deliver) =>
        new Promise((resolve) => {
          this.#out.send(bytes, (out) => {
            deliver(out);
            resolve();
          });
        }),
    });
    this.#simulator.attach(this.#wire.far);
    return this.#wire.near;
  }

  onAppear(listener: () => void): () => void {
    this.#appearListeners.add(listener);
    return () => this.#appearListeners.delete(listener);
  }

  unplug(): void {
    this.#plugged = false;
    this.#wire?.unplug();
  }

  plugIn(): void {
    this.#plugged = true;
    for (const listener of [...this.#appearListeners]) listener();
  }

  hangUp(): void {
    this.#wire?.unplug();
  }

  replugElsewhere(): void {
    this.#socket += 1;
    this.hangUp();
    this.plugIn();
  }

  restartDevice(): void {
    this.#simulator.restart?.();
  }

  send(bytes: Uint8Array): void {
    // Nobody is there to be told that nothing is connected.
    this.#wire?.far.write(bytes).catch(() => undefined);
  }

  useIn(behaviour: WireBehaviour, times?: number, chance?: () => boolean): void {
    this.#in.use(behaviour, times, chance);
  }

  useOut(behaviour: WireBehaviour, times?: number, chance?: () => boolean): void {
    this.#out.use(behaviour, times, chance);
  }

  useOpen(behaviour: WireBehaviour, times?: number, chance?: () => boolean): void {
    this.#open.use(behaviour, times, chance);
  }

  later(ms: number, act: () => void): void {
    const now = (): void => {
      cancel();
      this.#held.delete(now);
      act();
    };
    const cancel = ms === Number.POSITIVE_INFINITY ? () => undefined : this.clock.after(ms, now);
    this.#held.add(now);
  }

  reset(): void {
    for (const stack of [this.#in, this.#out, this.#open]) stack.reset();
    for (const now of [...this.#held]) now();
    this.plugIn();
  }

  #mustBePlugged(): void {
    if (!this.#plugged) throw new DeviceError('DEVICE_ABSENT', this.describe, 'not plugged in');
  }
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
