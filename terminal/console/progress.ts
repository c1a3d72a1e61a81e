import type { ConsoleEvent } from './contract.ts';
import { busy } from './limits.ts';

const mostListeners = 50;

/** Who is told how a long work goes, and what changed. */
export class Progress {
  readonly #listeners = new Set<(event: ConsoleEvent) => void>();

  tell(data: Extract<ConsoleEvent, { event: 'progress' }>['data']): void {
    for (const listener of [...this.#listeners]) listener({ event: 'progress', data });
  }

  /** DEVICE_BUSY when too many listen already. */
  requireRoom(): void {
    if (this.#listeners.size >= mostListeners) throw busy();
  }

  /** Returns the way to stop. */
  listen(listener: (event: ConsoleEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
