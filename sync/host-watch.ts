import type { Clock } from './clock.ts';

export interface HostWatchOptions {
  readonly clock: Clock;
  /** The host is asked for a sign of life when nothing came from it for so long. */
  readonly everyMs: number;
  readonly ask: () => void;
  /** It gave none. */
  readonly lost: () => void;
}

/** So many times in a row nothing came: one late answer, or a busy machine, is no dead host. */
const mostMissed = 4;

/** Notices a host that is dead or stuck while the broker is well: the broker's own keep-alive says nothing of it. */
export class HostWatch {
  readonly #options: HostWatchOptions;
  #cancel: (() => void) | null = null;
  #missed = 0;
  #heard = true;
  readonly #probes = new Set<(answered: boolean) => void>();

  constructor(options: HostWatchOptions) {
    this.#options = options;
  }

  /** It said welcome: from here on it is watched. */
  start(): void {
    this.stop();
    for (const done of [...this.#probes]) done(true);
    this.#heard = true;
    this.#missed = 0;
    this.#arm();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  /** Something came from the host. */
  heard(): void {
    this.#heard = true;
  }

  /** Asks it now: whether it says welcome within `waitMs`. */
  probe(waitMs: number): Promise<boolean> {
    const { clock, ask } = this.#options;
    return new Promise((resolve) => {
      const done = (answered: boolean): void => {
        cancel();
        this.#probes.delete(done);
        resolve(answered);
      };
      const cancel = clock.after(waitMs, () => done(false));
      this.#probes.add(done);
      ask();
    });
  }

  #arm(): void {
    const { clock, everyMs } = this.#options;
    this.#cancel = clock.after(everyMs, () => this.#look());
  }

  #look(): void {
    this.#missed = this.#heard ? 0 : this.#missed + 1;
    this.#heard = false;
    if (this.#missed >= mostMissed) {
      this.stop();
      this.#options.lost();
      return;
    }
    if (this.#missed === 1) this.#options.ask();
    this.#arm();
  }
}
