import type { Clock } from '../clock.ts';
import { Channel } from './channel.ts';
import type { Transport } from './transport.ts';

/** Two ends of one wire in memory. `unplug` cuts it: bytes under way are lost, both ends are closed. */
export interface TransportPair {
  readonly near: Transport;
  readonly far: Transport;
  unplug(): void;
}

/** Nothing in memory takes time, so no limit is ever reached. */
const timeless: Clock = { now: () => 0, after: () => () => undefined };

/** Makes a wire in memory. Bytes arrive in a later microtask, as on a real wire never inside `write`. */
export function transportPair(describe = 'pair'): TransportPair {
  let cut = false;
  const carry = (to: () => Channel, act: (channel: Channel) => void): void =>
    queueMicrotask(() => {
      if (!cut) act(to());
    });
  const end = (other: () => Channel): Channel =>
    new Channel({
      describe,
      clock: timeless,
      write: async (bytes) => {
        const copy = Uint8Array.from(bytes);
        carry(other, (channel) => channel.receive(copy));
      },
      close: async () => carry(other, (channel) => void channel.end('lost')),
    });
  const near: Channel = end(() => far);
  const far: Channel = end(() => near);
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
