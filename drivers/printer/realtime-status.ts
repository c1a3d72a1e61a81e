import type { Clock } from '../clock.ts';
import type { PrinterFrame } from '../framing/escpos-status.ts';
import type { Link } from '../link.ts';
import {
  goodCondition,
  type PrinterCondition,
  REALTIME_REQUESTS,
  type RealtimeRequest,
  withRealtime,
} from './condition.ts';

/** Answers to real-time requests come in their order, so the n that one belongs to is known. */
export type Frame = Exclude<PrinterFrame, { kind: 'realtime' }> | RealtimeAnswer;

interface RealtimeAnswer {
  readonly kind: 'realtime';
  readonly status: number;
  /** undefined: nothing was asked. */
  readonly n: RealtimeRequest | undefined;
}

const ANSWER_MS = 1_000;
const POLL_EVERY_MS = 500;
/** While printing: cover and paper, then errors. */
const POLLED: readonly RealtimeRequest[] = [2, 3];

/** Asks a printer how it is (`DLE EOT n`), also while it prints. */
export class RealtimeStatus {
  readonly #clock: Clock;
  /** Requests that are to be answered, oldest first. */
  #asked: RealtimeRequest[] = [];
  #hasAnswered = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isAnswered(): boolean {
    return this.#asked.length === 0;
  }

  /** Nothing that was asked will be answered any more. */
  forget(): void {
    this.#asked = [];
  }

  named(frame: PrinterFrame): Frame {
    if (frame.kind === 'realtime') this.#hasAnswered = true;
    return frame.kind === 'realtime' ? { ...frame, n: this.#asked.shift() } : frame;
  }

  async read(link: Link<Frame>, signal?: AbortSignal): Promise<PrinterCondition> {
    let condition = goodCondition;
    for (const n of REALTIME_REQUESTS) {
      const status = await link.exchange(
        {
          label: `status-${n}`,
          chunks: [this.#request(n)],
          timeoutMs: ANSWER_MS,
          match: (frame) => (frame.kind === 'realtime' && frame.n === n ? frame.status : undefined),
        },
        signal,
      );
      condition = withRealtime(condition, n, status);
    }
    return condition;
  }

  /** Goes on asking until the returned function is called. Each request goes out between two writes, never inside one, which may be a picture. */
  poll(link: Link<Frame>): () => void {
    let cancel = (): void => undefined;
    let count = 0;
    const later = (): void => {
      cancel = this.#clock.after(POLL_EVERY_MS, () => {
        // An answer was lost. By the next turn a late one has passed.
        if (!this.isAnswered && this.#hasAnswered) this.forget();
        // One without an answer is asked again: whichever answer comes then, it is known what it answers.
        else this.#send(link, this.#asked.at(-1) ?? POLLED[count++ % POLLED.length] ?? 2);
        later();
      });
    };
    later();
    return () => cancel();
  }

  #send(link: Link<Frame>, n: RealtimeRequest): void {
    link.send(this.#request(n)).catch(() => undefined);
  }

  /** To be sent at once. */
  #request(n: RealtimeRequest): Uint8Array {
    this.#asked.push(n);
    this.#hasAnswered = false;
    return Uint8Array.of(0x10, 0x04, n);
  }
}
