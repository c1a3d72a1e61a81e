import type { Clock } from './clock.ts';

/**
 * Time that only runs forward, made from a clock that people may set: waits and round trips are measured with it. Between two ticks the
 * clock is believed, unless it moved by much more or less than a tick; such a jump counts as one tick and is reported.
 */
export class Steady {
  readonly #clock: Clock;
  readonly #tickMs: number;
  readonly #jumped: () => void;
  #elapsedMs = 0;
  #lastNow = 0;
  #cancel: (() => void) | null = null;

  constructor(clock: Clock, tickMs: number, jumped: () => void) {
    this.#clock = clock;
    this.#tickMs = tickMs;
    this.#jumped = jumped;
  }

  start(): void {
    this.#lastNow = this.#clock.now();
    this.#cancel = this.#clock.after(this.#tickMs, () => this.#tick());
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  /** Milliseconds since the start, never less than before by more than a tick's correction. */
  elapsedMs(): number {
    const since = this.#clock.now() - this.#lastNow;
    return this.#elapsedMs + (this.#believable(since) ? since : 0);
  }

  #tick(): void {
    const now = this.#clock.now();
    const since = now - this.#lastNow;
    const believable = this.#believable(since);
    this.#elapsedMs += believable ? since : this.#tickMs;
    this.#lastNow = now;
    this.#cancel = this.#clock.after(this.#tickMs, () => this.#tick());
    if (!believable) this.#jumped();
  }

  // A busy process may be late by seconds; a clock that was set moves by more.
  #believable(sinceMs: number): boolean {
    return sinceMs >= 0 && sinceMs <= this.#tickMs * 10;
  }
}
