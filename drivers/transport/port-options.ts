import type { DevWatch } from './dev-watch.ts';
import type { LoadHid } from './hid-module.ts';

/** What ports share, or what only some kinds of them know. */
export interface PortOptions {
  /** Wakes whoever waits for a device. One for all ports; without it they wait out their time. */
  readonly watch?: DevWatch;
  /** What a HID device must be told right after it was opened, each with its report ID first. */
  readonly featureAfterOpen?: readonly Uint8Array[];
  /** Instead of node-hid. */
  readonly loadHid?: LoadHid;
  /** Instead of /proc and /sys. */
  readonly procRoot?: string;
  readonly sysRoot?: string;
}
