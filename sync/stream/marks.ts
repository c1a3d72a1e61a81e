import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Rejection } from './inbox.ts';
import type { Outbox } from './outbox.ts';

export interface MarksOptions {
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly markMs: number;
  readonly log: Log;
  /** Before and after the marks are committed. */
  readonly writing: () => void;
  readonly written: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Writes acknowledgements into the outbox, several with one commit: a sale must not cost another sync at once. Marks that are lost in a power cut
 * are made again, since the host acknowledges whatever comes again.
 */
export class Marks {
  readonly #options: MarksOptions;
  /** Every rejection of this process: acknowledgements repeat them. */
  readonly #known = new Set<number>();
  readonly #rejected = new Map<number, string>();
  #upTo = 0;
  #cancel: (() => void) | null = null;

  constructor(options: MarksOptions) {
    this.#options = options;
  }

  acknowledged(upTo: number, rejected: readonly Rejection[]): void {
    const { clock, markMs, log } = this.#options;
    this.#upTo = upTo;
    for (const { seq, code } of rejected) {
      if (this.#known.has(seq)) continue;
      this.#known.add(seq);
      this.#rejected.set(seq, code);
      log('error', 'link.row-rejected', { seq, code });
    }
    this.#cancel ??= clock.after(markMs, () => this.write());
  }

  write(): void {
    if (this.#cancel === null) return;
    this.#cancel();
    this.#cancel = null;
    const { outbox, writing, written, failed } = this.#options;
    if (this.#upTo === outbox.ackedUp() && this.#rejected.size === 0) return;
    writing();
    try {
      outbox.mark(this.#upTo, this.#rejected);
      this.#rejected.clear();
      written();
    } catch (error) {
      failed(error);
    }
  }
}
