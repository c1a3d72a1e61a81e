/** Lets one piece of work in at a time, in the order of asking. */
export class Queue {
  #busy = false;
  #waiting: (() => void)[] = [];

  get busy(): boolean {
    return this.#busy;
  }

  /** Resolves to true when it is the caller's turn, who must then `leave`; to false, out of turn, when `signal` is aborted. */
  enter(signal?: AbortSignal): Promise<boolean> {
    if (signal?.aborted) return Promise.resolve(false);
    if (!this.#busy) {
      this.#busy = true;
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      const turn = (): void => {
        signal?.removeEventListener('abort', giveUp);
        resolve(true);
      };
      const giveUp = (): void => {
        this.#waiting = this.#waiting.filter((other) => other !== turn);
        resolve(false);
      };
      this.#waiting.push(turn);
      signal?.addEventListener('abort', giveUp, { once: true });
    });
  }

  leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#busy = false;
  }
}
