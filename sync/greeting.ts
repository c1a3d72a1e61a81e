import type { Clock } from './clock.ts';
import type { Welcome } from './protocol/messages.ts';

export interface GreetingOptions {
  readonly clock: Clock;
  /** Milliseconds that only run forward. */
  readonly elapsedMs: () => number;
  /** Said again after the first, doubling to the second, until the welcome comes. */
  readonly helloMs: number;
  readonly helloMaxMs: number;
  readonly say: (deviceTime: number) => void;
}

/** Says hello until the host answers, and keeps what the answer tells of the host's clock: the offset is taken at the midpoint. */
export class Greeting {
  readonly #options: GreetingOptions;
  /** When each hello was said, by the device time in it. */
  readonly #said = new Map<number, number>();
  #count = 0;
  #cancel: (() => void) | null = null;
  #rttMs: number | null = null;
  #offsetMs: number | null = null;
  #anchor = { hostMs: 0, elapsedMs: 0 };

  constructor(options: GreetingOptions) {
    this.#options = options;
  }

  get rttMs(): number | null {
    return this.#rttMs;
  }

  get offsetMs(): number | null {
    return this.#offsetMs;
  }

  start(): void {
    this.stop();
    this.#sayIt();
  }

  /**
   * Says it once more, now. One that is under way may still be answered: if it were forgotten, the answer to each would come after the next was said, and so for
   * ever.
   */
  again(): void {
    this.#cancel?.();
    this.#count = 0;
    this.#sayIt();
  }

  stop(): void {
    this.#cancel?.();
    this.#count = 0;
    this.#said.clear();
  }

  /** False when the welcome answers no hello of ours: the host is new and wants to hear one, or somebody repeats an old message. */
  answered(welcome: Welcome): boolean {
    const saidAt = this.#said.get(welcome.deviceTime);
    if (saidAt === undefined) return false;
    this.stop();
    const elapsedMs = this.#options.elapsedMs();
    const rttMs = Math.max(0, elapsedMs - saidAt);
    this.#rttMs = rttMs;
    this.#offsetMs = Math.round(welcome.hostTime - (welcome.deviceTime + rttMs / 2));
    this.#anchor = { hostMs: welcome.hostTime + rttMs / 2, elapsedMs };
    return true;
  }

  /** The host's time now, by the last welcome; a jump of the device's clock does not move it. */
  hostNowMs(): number {
    return Math.round(this.#anchor.hostMs + this.#options.elapsedMs() - this.#anchor.elapsedMs);
  }

  #sayIt(): void {
    const { clock, elapsedMs, helloMs, helloMaxMs, say } = this.#options;
    const deviceTime = clock.now();
    this.#said.set(deviceTime, elapsedMs());
    say(deviceTime);
    const patienceMs = Math.min(helloMaxMs, helloMs * 2 ** Math.min(this.#count, 20));
    this.#count += 1;
    this.#cancel = clock.after(patienceMs, () => this.#sayIt());
  }
}
