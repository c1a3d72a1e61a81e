import type { Clock } from '../clock.ts';
import { DeviceError, isDeviceError } from '../errors.ts';
import type { Link } from '../link.ts';
import {
  fromAutomatic,
  goodCondition,
  type PrinterCondition,
  type PrinterProblem,
  troubleOf,
  withRealtime,
} from './condition.ts';
import type { Confirmations, Confirmed } from './confirmations.ts';
import { type Frame, RealtimeStatus } from './realtime-status.ts';

export type PrinterLink = Link<Frame>;

/** Without any confirmation; paper moves at 50 mm/s or more, and two sections take 4 s on a slow line. */
const STALL_MS = 10_000;
/** The same while the printer says that it pauses. */
const PAUSE_LIMIT_MS = 20_000;

export interface TalkParts {
  readonly device: string;
  readonly clock: Clock;
  readonly confirmations: Confirmations;
  /** Nothing is printed between an older answer and the one that was asked for to find it: after so long a silence there is none. */
  readonly answersApartMs: number;
  /** What the printer says of itself. */
  readonly report: (condition: PrinterCondition) => void;
}

/** Talk with a printer while it works: waits for its confirmations, and ends at the first sign of trouble. */
export class PrinterTalk {
  readonly realtime: RealtimeStatus;
  readonly #parts: TalkParts;
  /** What has gone wrong since the present work began. */
  #trouble: PrinterProblem | undefined;
  #isPausing = false;
  /** Counts what ends a wait. */
  #events = 0;

  constructor(parts: TalkParts) {
    this.#parts = parts;
    this.realtime = new RealtimeStatus(parts.clock);
  }

  /** Every frame that is no answer to a question of its own. False: it means nothing. */
  take(frame: Frame): boolean {
    const isConfirmation = this.#parts.confirmations.take(frame);
    const condition = this.#conditionIn(frame);
    this.#trouble ??= condition && troubleOf(condition);
    if (isConfirmation || this.#trouble) this.#events += 1;
    const isAsked = frame.kind === 'realtime' && frame.n !== undefined;
    return isConfirmation || isAsked || frame.kind === 'automatic';
  }

  /** Does `work`, and meanwhile asks the printer how it is: nobody should wait for paper that is not there. */
  async during(link: PrinterLink, work: () => Promise<void>): Promise<void> {
    this.#trouble = undefined;
    const stopPolling = this.realtime.poll(link);
    try {
      await work();
    } finally {
      stopPolling();
      this.#events += 1;
      // Some printers do not answer while they print; then what is asked next must not wait behind that.
      if (!this.realtime.isAnswered) link.unsettled = true;
    }
  }

  /** Sends what `next` gives, one after another, until something is confirmed. Throws DeviceError for trouble, or when nothing is confirmed. */
  answer(
    link: PrinterLink,
    label: string,
    next: () => (Confirmed & { readonly bytes: Uint8Array }) | undefined,
    signal?: AbortSignal,
  ): Promise<void> {
    const { confirmations } = this.#parts;
    const events = this.#events;
    const isWaiting = (): boolean => this.#events === events;
    const chunks = function* (): Generator<Uint8Array> {
      // The link asks for one more when the wait is over already.
      while (isWaiting()) {
        const piece = next();
        if (!piece) return;
        yield join(piece.bytes, confirmations.request(piece));
      }
    };
    return this.#answer(link, label, chunks(), signal);
  }

  /** Waits until the printer has done what it still has. */
  drain(link: PrinterLink, signal?: AbortSignal): Promise<void> {
    const label = 'older-answers';
    return this.#parts.confirmations.drain({
      answer: (chunks) => this.#answer(link, label, chunks, signal),
      another: async () => {
        try {
          await this.#event(link, label, [], this.#parts.answersApartMs, signal);
          return true;
        } catch (error) {
          if (!isTimeout(error)) throw error;
          link.unsettled = false;
          return false;
        }
      },
    });
  }

  problemError(problem: PrinterProblem): DeviceError {
    const code = problem === 'PAPER_OUT' ? 'PAPER_OUT' : 'DEVICE_FAULT';
    return new DeviceError(code, this.#parts.device, 'the printer cannot print', { problem });
  }

  async #answer(link: PrinterLink, label: string, chunks: Iterable<Uint8Array>, signal?: AbortSignal): Promise<void> {
    try {
      await this.#event(link, label, chunks, STALL_MS, signal);
    } catch (error) {
      if (!isTimeout(error) || !this.#isPausing) throw error;
      link.unsettled = false;
      await this.#afterPause(link, label, signal);
    }
  }

  async #afterPause(link: PrinterLink, label: string, signal?: AbortSignal): Promise<void> {
    try {
      await this.#event(link, label, [], PAUSE_LIMIT_MS - STALL_MS, signal);
    } catch (error) {
      if (!isTimeout(error) || !this.#isPausing) throw error;
      throw new DeviceError('DEVICE_TIMEOUT', this.#parts.device, 'its head does not cool', { problem: 'OVERHEATED' });
    }
  }

  /** Waits for a confirmation. Throws for trouble, whether it shows now or has shown before. */
  async #event(
    link: PrinterLink,
    label: string,
    chunks: Iterable<Uint8Array>,
    timeoutMs: number,
    signal?: AbortSignal,
  ): Promise<void> {
    if (!this.#trouble) {
      const events = this.#events;
      const match = (frame: Frame): true | undefined => {
        this.take(frame);
        return this.#events > events || undefined;
      };
      await link.exchange({ label, chunks, timeoutMs, match }, signal);
    }
    if (this.#trouble) throw this.problemError(this.#trouble);
  }

  #conditionIn(frame: Frame): PrinterCondition | undefined {
    if (frame.kind === 'automatic') {
      const condition = fromAutomatic(frame.status);
      this.#isPausing = condition.pausing;
      this.#parts.report(condition);
      return condition;
    }
    if (frame.kind !== 'realtime' || frame.n === undefined) return undefined;
    const condition = withRealtime(goodCondition, frame.n, frame.status);
    if (frame.n === 3) this.#isPausing = condition.pausing;
    if (condition.pausing || troubleOf(condition)) this.#parts.report(condition);
    return condition;
  }
}

const isTimeout = (error: unknown): boolean => isDeviceError(error) && error.code === 'DEVICE_TIMEOUT';

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
