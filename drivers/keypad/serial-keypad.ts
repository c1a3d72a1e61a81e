import { Connection, type DriverOptions } from '../connection.ts';
import type { Key, Keypad } from '../devices.ts';
import { type Typed, ttyKeys } from './tty-keys.ts';

/** A keypad that sends a byte a key, the same as a terminal does. It answers nothing, so it is ready as soon as its port is open. */
export function serialKeypad(options: DriverOptions): Keypad {
  const listeners = new Set<(key: Key) => void>();
  const connection = new Connection<Typed>(options, {
    decoder: (emit) => ttyKeys(options.clock, emit),
    settle: () => Promise.resolve(),
    unsolicited(typed) {
      if (typed.kind === 'key') for (const listener of [...listeners]) listener(typed.key);
      return true;
    },
  });
  return {
    ...connection.device(),
    onKey(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
