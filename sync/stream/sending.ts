import type { Clock } from '../clock.ts';
import {
  acked,
  closed,
  expired,
  type Have,
  mustSetAside,
  newSender,
  nextDue,
  nextSpan,
  opened,
  type Range,
  type Sender,
  type SendLimits,
  sent,
} from './rules.ts';
import type { WireRow } from './wire-row.ts';

export interface SendingOptions {
  readonly clock: Clock;
  /** Milliseconds that only run forward. */
  readonly elapsedMs: () => number;
  readonly limits: SendLimits;
  /** The last row there is, and the rows from a seq to a seq, as many as the bytes hold. */
  readonly highest: () => number | Promise<number>;
  readonly read: (from: number, to: number, bytes: number) => readonly WireRow[] | Promise<readonly WireRow[]>;
  /** Sends one message; true when the broker took it, false when the connection ended before. */
  readonly publish: (rows: readonly WireRow[]) => Promise<boolean>;
  /** The row ended the connection each time: from now on `read` gives something small in its place. */
  readonly setAside: (seq: number) => void;
  readonly failed: (error: unknown) => void;
}

/** Sends the rows of one stream by the rules of rules.ts, while it is open; the same for a terminal's outbox and a host's. */
export class Sending {
  readonly #options: SendingOptions;
  #sender: Sender;
  #connection = 0;
  #open = false;
  #pumping = false;
  #woken = false;
  #unconfirmed = new Set<Range>();
  #cancelTimer: (() => void) | null = null;

  constructor(options: SendingOptions, ackedUp: number) {
    this.#options = options;
    this.#sender = newSender(ackedUp);
  }

  /** Everything up to here is acknowledged. */
  get ackedUp(): number {
    return this.#sender.have.upTo;
  }

  get rttMs(): number | null {
    return this.#sender.rttMs;
  }

  open(have: Have, window: number): void {
    this.#connection += 1;
    this.#open = true;
    this.#unconfirmed.clear();
    this.#sender = opened(this.#sender, have, window, this.#options.elapsedMs());
    this.wake();
  }

  /** `byPeer`: the other side ended the connection. It takes messages in order, so what it choked on is the first that it did not confirm. */
  close(byPeer: boolean): void {
    if (!this.#open) return;
    this.#open = false;
    this.#connection += 1;
    this.#cancelTimer?.();
    const [first] = this.#unconfirmed;
    this.#sender = closed(this.#sender, byPeer && first ? first : null);
    this.#unconfirmed.clear();
  }

  acknowledge(have: Have, window: number): void {
    this.#sender = acked(this.#sender, have, window, this.#options.elapsedMs());
    this.wake();
  }

  /** New rows were committed. */
  wake(): void {
    if (!this.#open) return;
    this.#woken = true;
    if (!this.#pumping) void this.#pump();
  }

  async #pump(): Promise<void> {
    this.#pumping = true;
    try {
      while (this.#woken && this.#open) {
        this.#woken = false;
        await this.#fill(this.#connection);
      }
      this.#arm(nextDue(this.#sender, this.#options.limits));
    } catch (error) {
      this.#options.failed(error);
      this.#arm(this.#options.elapsedMs() + this.#options.limits.resendMinMs);
    } finally {
      this.#pumping = false;
    }
  }

  async #fill(connection: number): Promise<void> {
    const { highest, limits, elapsedMs, read, setAside } = this.#options;
    const last = await highest();
    while (this.#connection === connection) {
      this.#sender = expired(this.#sender, elapsedMs(), limits);
      const span = nextSpan(this.#sender, last, limits);
      if (!span) return;
      if (mustSetAside(this.#sender, span.from, limits)) setAside(span.from);
      const rows = await read(span.from, span.to, limits.bytes);
      const to = rows.at(-1)?.seq;
      // An acknowledgement may have come while the rows were read; then the span is chosen anew.
      const still = nextSpan(this.#sender, last, limits);
      if (this.#connection !== connection || to === undefined) return;
      if (still?.from !== span.from) continue;
      this.#sender = sent(this.#sender, { ...span, to }, elapsedMs());
      this.#publish([span.from, to], rows);
      // A backlog must not hold up a key or an answer: they have their turn before the next message is read, signed and sent.
      await nextTurn();
    }
  }

  #publish(range: Range, rows: readonly WireRow[]): void {
    const pending = this.#unconfirmed;
    pending.add(range);
    void this.#options.publish(rows).then((taken) => {
      if (taken) pending.delete(range);
    }, this.#options.failed);
  }

  #arm(dueMs: number | null): void {
    const { clock, elapsedMs } = this.#options;
    this.#cancelTimer?.();
    const open = this.#open && dueMs !== null;
    this.#cancelTimer = open ? clock.after(Math.max(1, dueMs - elapsedMs()), () => this.wake()) : null;
  }
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
