import type { Key } from '../devices.ts';
import type { Transport } from '../transport/transport.ts';
import type { Simulator } from './simulated-port.ts';

export interface SimulatedKeypad extends Simulator {
  press(...keys: readonly Key[]): void;
}

/** What the named keys send; a digit sends itself. */
const named: Readonly<Record<Exclude<Key, `${bigint}`>, string>> = {
  doubleZero: 'z',
  dot: '.',
  clear: '\x7f',
  cancel: '\x1b',
  enter: '\r',
  function: 'f',
  up: '\x1b[A',
  down: '\x1b[B',
};

const isNamed = (key: Key): key is keyof typeof named => key in named;

/** A keypad whose keys are pressed by a program. What is pressed while it is not attached is lost, as on a real one. */
export function simulatedKeypad(): SimulatedKeypad {
  let attached: Transport | undefined;
  return {
    attach(transport) {
      attached = transport;
      transport.onClose(() => {
        if (attached === transport) attached = undefined;
      });
    },
    press(...keys) {
      for (const key of keys) {
        const bytes = Buffer.from(isNamed(key) ? named[key] : key, 'latin1');
        // The wire may be cut at any moment; then nobody hears the key.
        attached?.write(bytes).catch(() => undefined);
      }
    },
  };
}
