import type { Clock } from '../clock.ts';
import type { Key } from '../devices.ts';
import { BOOT_REPORT_LENGTH, ROLL_OVER, usageOf } from '../framing/hid-keys.ts';
import type { Transport } from '../transport/transport.ts';
import { type Behaviour, BehaviourStack } from './behaviours.ts';
import type { Simulator } from './simulated-port.ts';

/** One thing that the contacts of a key do, and how long after the stroke began. */
export interface Contact {
  readonly atMs: number;
  readonly does: 'closes' | 'opens' | 'rolls-over';
}

/** A key that is struck, as a behaviour sees it. */
export interface Stroke {
  readonly key: Key;
  /** Strikes it in another way; the next key is struck after `lastsMs`. A serial keypad sends its byte once, whatever the contacts do. */
  readonly play: (contacts: readonly Contact[], lastsMs: number) => void;
}

export interface SimulatedKeypad extends Simulator {
  /** Strikes keys one after another. What is struck while it is not attached is lost, as on a real one. */
  press(...keys: readonly Key[]): void;
  /** Strikes a key after a while, unless `reset` comes first. Throws a RangeError when the keypad was made without a clock. */
  pressLater(ms: number, key: Key): void;
  /** A key goes down, and stays down until `release`. */
  hold(key: Key): void;
  release(key: Key): void;
  /** What a driver must not do: a keypad takes no bytes. */
  readonly violations: readonly string[];
  use(behaviour: Behaviour<Stroke>, times?: number, chance?: () => boolean): void;
  /** A good keypad again, with no key down, without behaviours and records. */
  reset(): void;
}

/** What the named keys of a serial keypad send; a digit sends itself. */
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

/** As long as a quick finger takes. */
const STROKE: readonly Contact[] = [
  { atMs: 0, does: 'closes' },
  { atMs: 40, does: 'opens' },
];
const STROKE_MS = 80;
/** Between two strokes of a finger. */
const PAUSE_MS = 40;

/** A serial keypad. Its keys take no time, so that a program can type at once. */
export function simulatedKeypad(options: { readonly clock?: Clock } = {}): SimulatedKeypad {
  const wire = new KeypadWire(options.clock);
  const strike = (key: Key): void => wire.send(Buffer.from(isNamed(key) ? named[key] : key, 'latin1'));
  const press = (...keys: readonly Key[]): void =>
    keys.forEach((key) => {
      const play = (): void => strike(key);
      if (!wire.behaviours.handles({ key, play })) play();
    });
  return { ...wire.keypad(press), press, hold: strike, release: () => undefined, reset: () => wire.reset() };
}

/** A number pad that sends HID boot reports, in the time that a finger takes. */
export function simulatedHidKeypad(options: { readonly clock: Clock }): SimulatedKeypad {
  const wire = new KeypadWire(options.clock);
  const down = new Set<number>();
  /** When a key can be struck again: no finger strikes one that it holds. */
  const freeAtMs = new Map<Key, number>();
  let waiting: Key[] = [];
  let isStriking = false;

  const contact = (key: Key, does: Contact['does']): void => {
    if (does === 'closes') down.add(usageOf(key));
    if (does === 'opens') down.delete(usageOf(key));
    wire.send(bootReport([...down], does === 'rolls-over'));
  };

  const strikeNext = (): void => {
    const key = waiting[0];
    if (isStriking || key === undefined) return;
    isStriking = true;
    const heldMs = (freeAtMs.get(key) ?? 0) - options.clock.now();
    if (heldMs > 0) {
      goOnAfter(heldMs);
      return;
    }
    waiting.shift();
    let [contacts, lastsMs] = [STROKE, STROKE_MS];
    const play = (other: readonly Contact[], otherMs: number): void => {
      [contacts, lastsMs] = [other, otherMs];
    };
    wire.behaviours.handles({ key, play });
    for (const { atMs, does } of contacts) {
      if (atMs === 0) contact(key, does);
      else wire.later(atMs, () => contact(key, does));
    }
    const opensMs = contacts.findLast(({ does }) => does === 'opens')?.atMs;
    if (opensMs !== undefined) freeAtMs.set(key, options.clock.now() + opensMs + PAUSE_MS);
    goOnAfter(lastsMs);
  };

  const goOnAfter = (ms: number): void =>
    wire.later(ms, () => {
      isStriking = false;
      strikeNext();
    });

  const press = (...keys: readonly Key[]): void => {
    waiting.push(...keys);
    strikeNext();
  };

  return {
    ...wire.keypad(press),
    press,
    hold: (key) => contact(key, 'closes'),
    release: (key) => contact(key, 'opens'),
    reset() {
      wire.reset();
      waiting = [];
      isStriking = false;
      freeAtMs.clear();
      down.clear();
      wire.send(bootReport([], false));
    },
  };
}

const KEYS_AT_ONCE = 6;

function bootReport(down: readonly number[], rollsOver: boolean): Uint8Array {
  const report = new Uint8Array(BOOT_REPORT_LENGTH);
  if (rollsOver || down.length > KEYS_AT_ONCE) report.fill(ROLL_OVER, BOOT_REPORT_LENGTH - KEYS_AT_ONCE);
  else report.set(down, BOOT_REPORT_LENGTH - KEYS_AT_ONCE);
  return report;
}

/** What is the same for every keypad: its wire, its faults, its timers. */
class KeypadWire {
  readonly #violations: string[] = [];
  readonly behaviours = new BehaviourStack<Stroke>();
  readonly #clock: Clock | undefined;
  readonly #timers = new Set<() => void>();
  #transport: Transport | undefined;

  constructor(clock: Clock | undefined) {
    this.#clock = clock;
  }

  attach(transport: Transport): void {
    this.#transport = transport;
    transport.onData(() => this.#violations.push('bytes to a keypad'));
    transport.onClose(() => {
      if (this.#transport === transport) this.#transport = undefined;
    });
  }

  /** The part of a keypad that is the same for each. */
  keypad(press: (key: Key) => void): Pick<SimulatedKeypad, 'attach' | 'pressLater' | 'violations' | 'use'> {
    return {
      violations: this.#violations,
      attach: (transport) => this.attach(transport),
      pressLater: (ms, key) => this.later(ms, () => press(key)),
      use: (behaviour, times, chance) => this.behaviours.use(behaviour, times, chance),
    };
  }

  send(bytes: Uint8Array): void {
    const to = this.#transport;
    // The wire may be cut at any moment; then nobody hears the key.
    this.behaviours.send(bytes, (out) => {
      to?.write(out).catch(() => undefined);
    });
  }

  later(ms: number, act: () => void): void {
    if (!this.#clock) throw new RangeError('this simulated keypad was made without a clock');
    const cancel = this.#clock.after(ms, () => {
      this.#timers.delete(cancel);
      act();
    });
    this.#timers.add(cancel);
  }

  reset(): void {
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
    this.behaviours.reset();
    this.#violations.length = 0;
  }
}
