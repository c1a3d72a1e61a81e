import type { Clock } from '../clock.ts';
import type { Key } from '../devices.ts';
import type { Decoder } from './decoder.ts';

/** A key that went down, or whether one has been down for so long that it must be stuck. */
export type HidKeyFrame =
  | { readonly kind: 'key'; readonly key: Key }
  | { readonly kind: 'stuck'; readonly stuck: boolean };

/** A boot report: modifiers, an unused byte, six keys that are down. */
export const BOOT_REPORT_LENGTH = 8;
const FIRST_KEY_AT = 2;
/** Roll-over, self-test failed, undefined: the report says nothing about keys. */
const LAST_ERROR_USAGE = 0x03;
export const ROLL_OVER = 0x01;
/** A contact that opens for less has bounced. */
const BOUNCE_MS = 20;
const STUCK_MS = 10_000;

/** Usages of page 07 (devices.md §3): main keys, number pad, arrows. The first of a key is the one that a number pad sends. */
const usages: readonly (readonly [usage: number, key: Key])[] = [
  [0x59, '1'],
  [0x5a, '2'],
  [0x5b, '3'],
  [0x5c, '4'],
  [0x5d, '5'],
  [0x5e, '6'],
  [0x5f, '7'],
  [0x60, '8'],
  [0x61, '9'],
  [0x62, '0'],
  [0x1e, '1'],
  [0x1f, '2'],
  [0x20, '3'],
  [0x21, '4'],
  [0x22, '5'],
  [0x23, '6'],
  [0x24, '7'],
  [0x25, '8'],
  [0x26, '9'],
  [0x27, '0'],
  [0xb0, 'doubleZero'],
  [0x63, 'dot'],
  [0x37, 'dot'],
  [0x2a, 'clear'],
  [0x29, 'cancel'],
  [0x58, 'enter'],
  [0x28, 'enter'],
  [0x3a, 'function'], // F1
  [0x52, 'up'],
  [0x51, 'down'],
];
const keyOf: ReadonlyMap<number, Key> = new Map(usages);

/** The usage that a number pad sends for a key. */
export function usageOf(key: Key): number {
  return usages.find(([, named]) => named === key)?.[0] ?? 0;
}

interface Press {
  readonly sinceMs: number;
  /** So soon after its first press that it has bounced, unless it is the second 0 of a 00 key. */
  readonly perhapsSecondZero: boolean;
  readonly stopWatch: () => void;
}

interface Release {
  readonly atMs: number;
  /** Shorter than a finger could. */
  readonly wasQuick: boolean;
}

/**
 * Keys out of boot reports; each push is one report, with or without a report ID before it, or several of them without. A key counts when it goes
 * down, once: there is no repeat. Other keys and modifiers mean nothing. A 00 key without a usage of its own types 0 twice, each shorter
 * than a finger could; a 0 that bounces is short only once.
 */
export function hidKeys(clock: Clock, emit: (frame: HidKeyFrame) => void): Decoder {
  const down = new Map<number, Press>();
  const released = new Map<number, Release>();
  const stuck = new Set<number>();

  const isJustAfter = (ms: number): boolean => clock.now() - ms >= 0 && clock.now() - ms < BOUNCE_MS;

  const setStuck = (usage: number, isStuck: boolean): void => {
    const before = stuck.size > 0;
    if (isStuck) stuck.add(usage);
    else stuck.delete(usage);
    if (stuck.size > 0 !== before) emit({ kind: 'stuck', stuck: isStuck });
  };

  const press = (usage: number): void => {
    const key = keyOf.get(usage);
    const last = released.get(usage);
    const hasBounced = last !== undefined && isJustAfter(last.atMs);
    released.delete(usage);
    down.set(usage, {
      sinceMs: clock.now(),
      perhapsSecondZero: hasBounced && last.wasQuick && key === '0',
      stopWatch: clock.after(STUCK_MS, () => setStuck(usage, true)),
    });
    if (key && !hasBounced) emit({ kind: 'key', key });
  };

  const release = (usage: number, { sinceMs, perhapsSecondZero, stopWatch }: Press): void => {
    const wasQuick = isJustAfter(sinceMs);
    stopWatch();
    down.delete(usage);
    released.set(usage, { atMs: clock.now(), wasQuick: wasQuick && !perhapsSecondZero });
    if (perhapsSecondZero && wasQuick) emit({ kind: 'key', key: '0' });
    setStuck(usage, false);
  };

  const take = (report: Uint8Array): void => {
    const keys = report.subarray(FIRST_KEY_AT).filter((usage) => usage !== 0);
    if (keys.some((usage) => usage <= LAST_ERROR_USAGE)) return;
    for (const [usage, held] of [...down]) if (!keys.includes(usage)) release(usage, held);
    for (const usage of keys) if (!down.has(usage)) press(usage);
  };

  return {
    push(bytes) {
      const reports = bytes.length === BOOT_REPORT_LENGTH + 1 ? bytes.subarray(1) : bytes;
      if (reports.length % BOOT_REPORT_LENGTH !== 0) return;
      for (let at = 0; at < reports.length; at += BOOT_REPORT_LENGTH)
        take(reports.subarray(at, at + BOOT_REPORT_LENGTH));
    },
    dropPartial() {
      for (const { stopWatch } of down.values()) stopWatch();
      down.clear();
      released.clear();
      stuck.clear();
    },
    held: () => 0,
  };
}
