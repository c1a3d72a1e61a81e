import type { Clock } from '../base/clock.ts';
import type { ExportDesk } from '../flows/export-desk.ts';
import type { ConsoleEvent } from './contract.ts';
import { busy } from './limits.ts';

const mostListeners = 50;
/** How often the rows of an export are looked at, while somebody listens. */
const lookMs = 500;

type ProgressData = Extract<ConsoleEvent, { event: 'progress' }>['data'];

/** Who is told how a long work goes, and what changed. */
export class Progress {
  readonly #clock: Clock;
  readonly #exporting: ExportDesk['underWay'];
  readonly #listeners = new Set<(event: ConsoleEvent) => void>();
  #stopLooking: (() => void) | undefined;
  #told = '';

  constructor(clock: Clock, exporting: ExportDesk['underWay']) {
    this.#clock = clock;
    this.#exporting = exporting;
  }

  tell(data: ProgressData): void {
    for (const listener of [...this.#listeners]) listener({ event: 'progress', data });
  }

  /** DEVICE_BUSY when too many listen already. */
  requireRoom(): void {
    if (this.#listeners.size >= mostListeners) throw busy();
  }

  /** Returns the way to stop. */
  listen(listener: (event: ConsoleEvent) => void): () => void {
    this.#listeners.add(listener);
    this.#stopLooking ??= this.#clock.after(lookMs, () => this.#look());
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#stopLooking?.();
      this.#stopLooking = undefined;
    };
  }

  #look(): void {
    this.#stopLooking = this.#clock.after(lookMs, () => this.#look());
    const job = this.#exporting();
    const seen = JSON.stringify(job);
    if (job && seen !== this.#told)
      this.tell({ of: 'export', no: job.id, at: 'exporting', done: job.done, total: job.of });
    this.#told = seen;
  }
}
