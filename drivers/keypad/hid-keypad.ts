import { Connection, type DriverOptions } from '../connection.ts';
import type { Key, Keypad } from '../devices.ts';
import { type HidKeyFrame, hidKeys } from '../framing/hid-keys.ts';

/**
 * A keypad that sends HID boot reports. For amounts and menus only: the kernel may read along, so a PIN must never be entered on it. A key that
 * is down for 10 s is told as the problem `KEY_STUCK` until it is up again; the other keys go on working.
 */
export function hidKeypad(options: DriverOptions): Keypad {
  const listeners = new Set<(key: Key) => void>();
  const connection = new Connection<HidKeyFrame>(options, {
    decoder: (emit) => hidKeys(options.clock, emit),
    settle: () => Promise.resolve(),
    unsolicited(frame) {
      if (frame.kind === 'key') for (const listener of [...listeners]) listener(frame.key);
      else connection.report(frame.stuck ? { state: 'ready', problem: 'KEY_STUCK' } : { state: 'ready' });
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
