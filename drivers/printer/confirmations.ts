import type { Frame } from './realtime-status.ts';

/** Told about what was sent before a request for confirmation. */
export interface Confirmed {
  onPaper(): void;
  /** It will never be known. */
  onLost(): void;
}

/** What a driver lends for a drain. Both throw DeviceError for trouble. */
export interface Waiting {
  /** Sends, then waits for an answer to any request for confirmation. Throws DEVICE_TIMEOUT, too. */
  answer(chunks: readonly Uint8Array[]): Promise<void>;
  /** Whether another one comes soon after. */
  another(): Promise<boolean>;
}

interface Pending extends Confirmed {
  readonly id: string | undefined;
}

/** So many requests may be unanswered: while the printer prints one section, the next is on the wire. */
export const UNANSWERED_LIMIT = 2;

/** With these the printer is asked, in the order of what is printed, to say when everything before is done. */
export interface Confirmations {
  /** To be sent at once. */
  request(confirmed: Confirmed): Uint8Array;
  /** False: the frame answers no request. */
  take(frame: Frame): boolean;
  /** Whether an answer could belong to something older than what is asked next. */
  readonly isOld: boolean;
  /**
   * Waits until the printer has done everything that it still has, and finds out how much of that it was. A printer that was switched off has
   * forgotten it, and answers only what it is asked now. Throws what `waiting` throws; then it is to be called again.
   */
  drain(waiting: Waiting): Promise<void>;
}

const PROCESS_IDS = 10_000;

/** `GS ( H`: each answer names its request. */
export class ByProcessId implements Confirmations {
  /** An answer to an older request is known by its number. */
  readonly isOld = false;
  #lastId: number;
  #pending: Pending[] = [];

  constructor(random: () => number) {
    // Not from 0: a printer may still confirm what an earlier life of this process sent.
    this.#lastId = Math.floor(random() * PROCESS_IDS);
  }

  request(confirmed: Confirmed): Uint8Array {
    this.#lastId = (this.#lastId + 1) % PROCESS_IDS;
    const id = String(this.#lastId).padStart(4, '0');
    this.#pending.push({ id, onPaper: () => confirmed.onPaper(), onLost: () => confirmed.onLost() });
    return Uint8Array.of(0x1d, 0x28, 0x48, 0x06, 0x00, 0x30, 0x30, ...Buffer.from(id, 'latin1'));
  }

  take(frame: Frame): boolean {
    if (frame.kind !== 'printed') return false;
    const at = this.#pending.findIndex(({ id }) => id === frame.id);
    const [...older] = this.#pending.splice(0, at + 1);
    const confirmed = older.pop();
    // The answers come in order: those that did not come will not come any more.
    for (const lost of older) lost.onLost();
    confirmed?.onPaper();
    return confirmed !== undefined;
  }

  async drain(waiting: Waiting): Promise<void> {
    if (this.#pending.length === 0) return;
    let isDone = false;
    const done = (): void => {
      isDone = true;
    };
    let chunks = [this.request({ onPaper: done, onLost: done })];
    while (!isDone) {
      await waiting.answer(chunks);
      chunks = [];
    }
  }
}

const STATUS_BUFFERED = Uint8Array.of(0x1d, 0x72, 0x01);

/**
 * `GS r 1`: the answers are all alike and only their order tells. No answer may be taken for that to a later request, so nothing new is asked
 * before it is known that all older answers have come. A printer that restarts is deaf for longer than a section is on its way, so that of what
 * was sent and not answered it loses all.
 */
export class ByBufferedStatus implements Confirmations {
  #pending: Pending[] = [];
  /** Requests of an earlier life of this process may still be answered: nobody knows. */
  #isOlderLife = true;
  /** Begun and not ended: all answers since then, and the requests that were made only to find the end of the older ones. */
  #draining: { answers: number; requests: number } | undefined;

  get isOld(): boolean {
    return this.#pending.length > 0 || this.#isOlderLife || this.#draining !== undefined;
  }

  request(confirmed: Confirmed): Uint8Array {
    this.#pending.push({ id: undefined, onPaper: () => confirmed.onPaper(), onLost: () => confirmed.onLost() });
    return STATUS_BUFFERED;
  }

  take(frame: Frame): boolean {
    if (frame.kind !== 'buffered') return false;
    if (this.#draining) {
      this.#draining.answers += 1;
      return true;
    }
    const confirmed = this.#pending.shift();
    confirmed?.onPaper();
    return confirmed !== undefined;
  }

  /**
   * Asks until so many requests, one after another, got one answer each and then silence, as older requests could be unanswered: the answer to
   * an older one would be followed at once by that to the newest.
   */
  async drain(waiting: Waiting): Promise<void> {
    if (!this.isOld) return;
    const draining = this.#draining ?? { answers: 0, requests: 0 };
    this.#draining = draining;
    const allCame = (): boolean => !this.#isOlderLife && draining.answers >= this.#pending.length + draining.requests;
    for (let alone = 0; alone < UNANSWERED_LIMIT && !allCame(); ) {
      const before = draining.answers;
      draining.requests += 1;
      await waiting.answer([STATUS_BUFFERED]);
      while (!allCame() && (await waiting.another()));
      alone = draining.answers - before === 1 ? alone + 1 : 0;
    }
    this.#end(draining.answers - draining.requests);
  }

  #end(answered: number): void {
    this.#draining = undefined;
    this.#isOlderLife = false;
    for (const [at, pending] of this.#pending.splice(0).entries()) {
      if (at < answered) pending.onPaper();
      else pending.onLost();
    }
  }
}
