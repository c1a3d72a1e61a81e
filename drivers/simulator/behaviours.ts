import type { Clock } from '../clock.ts';

/**
 * One way in which a simulated device differs from a good one. Behaviours are a stack: the newest is asked first, what it leaves alone
 * goes to the one below, and in the end to the device as it should be.
 */
export interface Behaviour<Command> {
  /** A command that arrived. True: dealt with, the device does nothing more about it. */
  onCommand?(command: Command): boolean;
  /** Bytes on their way to the driver: deliver them, changed ones, some, none, or all of them later. */
  onSend?(bytes: Uint8Array, deliver: (bytes: Uint8Array) => void): void;
}

interface Layer<Command> {
  readonly behaviour: Behaviour<Command>;
  timesLeft: number;
}

export class BehaviourStack<Command> {
  #layers: Layer<Command>[] = [];

  /** Puts a behaviour on top; it leaves again after it has acted `times` times. */
  use(behaviour: Behaviour<Command>, times = Number.POSITIVE_INFINITY): void {
    this.#layers.unshift({ behaviour, timesLeft: times });
  }

  reset(): void {
    this.#layers = [];
  }

  handles(command: Command): boolean {
    const layer = this.#layers.find(({ behaviour }) => behaviour.onCommand?.(command));
    if (layer) this.#used(layer);
    return layer !== undefined;
  }

  send(bytes: Uint8Array, deliver: (bytes: Uint8Array) => void): void {
    const through = this.#layers.filter(({ behaviour }) => behaviour.onSend);
    const pass = (at: number, out: Uint8Array): void => {
      const layer = through[at];
      if (!layer) {
        deliver(out);
        return;
      }
      layer.behaviour.onSend?.(out, (next) => pass(at + 1, next));
    };
    for (const layer of through) this.#used(layer);
    pass(0, bytes);
  }

  #used(layer: Layer<Command>): void {
    layer.timesLeft -= 1;
    if (layer.timesLeft <= 0) this.#layers = this.#layers.filter((other) => other !== layer);
  }
}

/** Faults of the wire, the same for every device. */
export const wireFaults = {
  /** Nothing comes back. */
  silence: (): Behaviour<unknown> => ({ onSend: () => undefined }),
  /** What comes back comes `ms` later. */
  late: (clock: Clock, ms: number): Behaviour<unknown> => ({
    onSend: (bytes, deliver) => void clock.after(ms, () => deliver(bytes)),
  }),
  /** Each byte is a chunk of its own. */
  singleBytes: (): Behaviour<unknown> => ({
    onSend(bytes, deliver) {
      for (const byte of bytes) deliver(Uint8Array.of(byte));
    },
  }),
  /** Noise in front. */
  junkBefore: (junk: Uint8Array): Behaviour<unknown> => ({
    onSend: (bytes, deliver) => deliver(Uint8Array.from([...junk, ...bytes])),
  }),
  /** The last byte has a wrong bit. In a frame that makes the CRC wrong. */
  badCrc: (): Behaviour<unknown> => ({
    onSend: (bytes, deliver) => deliver(bytes.map((byte, at) => (at === bytes.length - 1 ? byte ^ 0x01 : byte))),
  }),
  /** Only the first `count` bytes arrive. */
  truncated: (count: number): Behaviour<unknown> => ({
    onSend: (bytes, deliver) => deliver(bytes.slice(0, count)),
  }),
  /** Everything arrives twice. */
  doubled: (): Behaviour<unknown> => ({
    onSend(bytes, deliver) {
      deliver(bytes);
      deliver(bytes);
    },
  }),
} as const;
