import { type FSWatcher, watch } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';

/** Tells when something was plugged in or pulled out. One for all ports; it watches as long as anybody listens. */
export interface DevWatch {
  onChange(listener: () => void): () => void;
}

/** udev sets permissions and links after the node has appeared. */
const SETTLE_MS = 300;

/** Watches the names in /dev, and in /dev/serial/by-id when that is there. Where they cannot be watched nothing is ever told. */
export function devWatch(clock: Clock, root = '/dev'): DevWatch {
  const listeners = new Set<() => void>();
  let watchers: readonly FSWatcher[] = [];
  let cancel: (() => void) | undefined;

  const look = (): void => {
    for (const watcher of watchers) watcher.close();
    watchers = [root, join(root, 'serial'), join(root, 'serial/by-id')].flatMap((folder) => watched(folder, changed));
  };
  const changed = (): void => {
    cancel ??= clock.after(SETTLE_MS, () => {
      cancel = undefined;
      // The folder of links comes with the first device and goes with the last.
      look();
      for (const listener of [...listeners]) listener();
    });
  };
  const stop = (): void => {
    cancel?.();
    cancel = undefined;
    for (const watcher of watchers) watcher.close();
    watchers = [];
  };

  return {
    onChange(listener) {
      if (listeners.size === 0) look();
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) stop();
      };
    },
  };
}

function watched(folder: string, changed: () => void): readonly FSWatcher[] {
  try {
    // 'change' is also what every write to a device is.
    const watcher = watch(folder, { persistent: false }, (event) => (event === 'rename' ? changed() : undefined));
    watcher.on('error', () => watcher.close());
    return [watcher];
  } catch {
    return [];
  }
}
