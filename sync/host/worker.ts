import type { Clock } from '../clock.ts';

/**
 * Work that goes on behind the host's requests, one run at a time: at the start, when it is woken, and after as many milliseconds as the last run said. Woken during a run it runs
 * again after it; so it may be woken inside a transaction that is not committed yet, since the store has one writer.
 */
export class Worker {
  readonly #clock: Clock;
  readonly #run: (stopping: AbortSignal) => Promise<number | null>;
  readonly #fatal: (error: unknown) => void;
  readonly #stopping = new AbortController();
  #cancel = (): void => {};
  #running: Promise<void> | null = null;
  #again = false;

  /** `run` resolves to the time until it wants to run again; null: when it is woken. It ends early when the signal says so. */
  constructor(
    clock: Clock,
    run: (stopping: AbortSignal) => Promise<number | null>,
    /** Called with what must not happen. */
    fatal: (error: unknown) => void,
  ) {
    this.#clock = clock;
    this.#run = run;
    this.#fatal = fatal;
  }

  wake(): void {
    this.#cancel();
    if (this.#stopping.signal.aborted) return;
    if (this.#running) this.#again = true;
    else this.#running = this.#runs().catch(this.#fatal);
  }

  /** What is being written ends first. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#cancel();
    await this.#running;
  }

  async #runs(): Promise<void> {
    let waitMs: number | null;
    do {
      this.#again = false;
      waitMs = await this.#run(this.#stopping.signal);
    } while (this.#again && !this.#stopping.signal.aborted);
    this.#running = null;
    if (waitMs !== null && !this.#stopping.signal.aborted) {
      this.#cancel = this.#clock.after(waitMs, () => this.wake());
    }
  }
}
