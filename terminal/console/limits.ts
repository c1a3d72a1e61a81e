import type { Clock } from '../base/clock.ts';
import { TerminalError } from '../base/errors.ts';

/** What keeps a flood at the console from the keypad. */

interface Bucket {
  tokens: number;
  at: number;
}

/** A bucket for each name: `burst` at once, then `perMinute`. The names that were quiet longest are forgotten. */
export class Buckets {
  readonly #clock: Clock;
  readonly #burst: number;
  readonly #perMs: number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(clock: Clock, { burst, perMinute }: { readonly burst: number; readonly perMinute: number }) {
    this.#clock = clock;
    this.#burst = burst;
    this.#perMs = perMinute / 60_000;
  }

  /** False: too many. */
  take(name: string): boolean {
    const now = this.#clock.now();
    const before = this.#buckets.get(name) ?? { tokens: this.#burst, at: now };
    const tokens = Math.min(this.#burst, before.tokens + Math.max(0, now - before.at) * this.#perMs);
    this.#buckets.delete(name); // to the end of the map
    this.#buckets.set(name, { tokens: Math.max(0, tokens - 1), at: now });
    if (this.#buckets.size > mostNames) this.#buckets.delete(this.#buckets.keys().next().value ?? '');
    return tokens >= 1;
  }
}

const mostNames = 1_000;

/** So many at a time, so many more in line, and no others: a try of a secret costs a thread 50 ms. */
export class Gate {
  readonly #most: number;
  readonly #longestLine: number;
  #running = 0;
  readonly #line: (() => void)[] = [];

  constructor(most: number, longestLine: number) {
    this.#most = most;
    this.#longestLine = longestLine;
  }

  /** DEVICE_BUSY. */
  async pass<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#most) {
      if (this.#line.length >= this.#longestLine) throw busy();
      await new Promise<void>((resolve) => this.#line.push(resolve));
    } else this.#running += 1;
    try {
      return await work();
    } finally {
      const next = this.#line.shift();
      if (next) next();
      else this.#running -= 1;
    }
  }
}

export const busy = (): TerminalError => new TerminalError('DEVICE_BUSY', { device: '控制台 console' });
