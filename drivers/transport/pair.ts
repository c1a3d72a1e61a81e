import type { Clock } from '../clock.ts';
import { Channel } from './channel.ts';
import type { Transport } from './transport.ts';

/** Two ends of one wire in memory. `unplug` cuts it: bytes under way are lost, both ends are closed. */
export interface TransportPair {
  readonly near: Transport;
  readonly far: Transport;
  unplug(): void;
}

/** What bytes meet on their way. They are handed on by `deliver`, as they are or otherwise; the write ends when the promise does. */
export type Way = (bytes: Uint8Array, deliver: (bytes: Uint8Array) => void) => Promise<void>;

export interface PairOptions {
  readonly describe?: string;
  /** For the time limit of the near end's writes; without it they have none. */
  readonly clock?: Clock;
  readonly toNear?: Way;
  readonly toFar?: Way;
}

/** Nothing in memory takes time, so no limit is ever reached. */
const timeless: Clock = { now: () => 0, after: () => () => undefined };

const straight: Way = async (bytes, deliver) => deliver(bytes);

/** Makes a wire in memory. Bytes arrive in a later microtask, as on a real wire never inside `write`; one write is one chunk. */
export function transportPair({
  describe = 'pair',
  clock = timeless,
  toNear = straight,
  toFar = straight,
}: PairOptions = {}): TransportPair {
  let cut = false;
  const carry = (to: () => Channel, act: (channel: Channel) => void): void =>
    queueMicrotask(() => {
      if (!cut) act(to());
    });
  const end = (endClock: Clock, way: Way, other: () => Channel): Channel =>
    new Channel({
      describe,
      clock: endClock,
      write: (bytes) =>
        way(Uint8Array.from(bytes), (out) => {
          if (out.length > 0) carry(other, (channel) => channel.receive(out));
        }),
      close: async () => carry(other, (channel) => void channel.end('lost')),
    });
  const near: Channel = end(clock, toFar, () => far);
  const far: Channel = end(timeless, toNear, () => near);
  return {
    near,
    far,
    unplug() {
      cut = true;
      void near.end('lost');
      void far.end('lost');
    },
  };
}
