import { Connection, type DriverOptions } from '../connection.ts';
import type { ReceiptPrinter } from '../devices.ts';
import { DeviceError, isDeviceError } from '../errors.ts';
import type { Decoder } from '../framing/decoder.ts';
import { type PrinterFrame, printerStatusDecoder } from '../framing/escpos-status.ts';
import type { Exchange, Link } from '../link.ts';
import {
  fromAutomatic,
  goodCondition,
  type PrinterCondition,
  type PrinterProblem,
  problemOf,
  REALTIME_REQUESTS,
  type RealtimeRequest,
  withRealtime,
} from './condition.ts';
import { AUTOMATIC_STATUS_ON, encodeSlipChunks } from './encode-slip.ts';
import { unprintable } from './layout.ts';
import type { PrinterProfile } from './profiles.ts';

export interface PrinterOptions extends DriverOptions {
  readonly profile: PrinterProfile;
}

/** Answers to real-time requests come in their order, so the n that one belongs to is known. */
type Frame = Exclude<PrinterFrame, { kind: 'realtime' }> | RealtimeAnswer;

interface RealtimeAnswer {
  readonly kind: 'realtime';
  readonly status: number;
  /** undefined: nothing was asked. */
  readonly n: RealtimeRequest | undefined;
}

type PrinterLink = Link<Frame>;

const SHORT_ANSWER_MS = 1_000;
const CHUNK_BYTES = 512;
/** Paper moves at 50 mm/s or more, and a slow line takes a millisecond a byte. */
const PRINT_LIMIT_MS = 20_000;
const PRINT_LIMIT_MS_PER_BYTE = 2;
const POLL_EVERY_MS = 500;
const QUIET_MS = 200;
const PROCESS_IDS = 10_000;
const OLDER_ANSWER_MS = 3_000;
/** Nothing is printed between an older answer and the one that was asked for to find it. */
const ANSWERS_APART_MS = 100;
const STATUS_BUFFERED = Uint8Array.of(0x1d, 0x72, 0x01);
/** While printing: cover and paper, then errors. */
const POLLED: readonly RealtimeRequest[] = [2, 3];

/** A receipt printer that speaks ESC/POS. Slips that come while another is printed wait for their turn. */
export function escposPrinter(options: PrinterOptions): ReceiptPrinter {
  const { name, profile, port, clock, random, log } = options;
  const driver = new EscposPrinter({ name, port, clock, random, ...(log ? { log } : {}) }, profile);
  const { connection } = driver;
  return {
    name,
    columns: profile.columns,
    start: () => connection.start(),
    stop: () => connection.stop(),
    status: () => connection.status(),
    onStatus: (listener) => connection.onStatus(listener),
    async print(slip, signal) {
      const chunks = encodeSlipChunks(slip, profile, CHUNK_BYTES);
      const characters = unprintable(slip);
      if (characters > 0) log?.('printer.characters-replaced', { device: name, characters });
      await connection.use((link) => driver.print(link, chunks, signal), signal);
    },
  };
}

class EscposPrinter {
  readonly connection: Connection<Frame>;
  readonly #options: DriverOptions;
  readonly #profile: PrinterProfile;
  /** Requests for buffered status that the printer may still answer. One is of an earlier life of this process: nobody knows. */
  #answersOwed: number;
  #lastProcessId: number;
  /** Real-time requests that are to be answered, oldest first. */
  #asked: RealtimeRequest[] = [];
  #isNewLink = true;

  constructor(options: DriverOptions, profile: PrinterProfile) {
    this.#options = options;
    this.#profile = profile;
    this.#answersOwed = profile.confirmation === 'buffered-status' ? 1 : 0;
    // Not from 0: a printer may still confirm what an earlier life of this process sent.
    this.#lastProcessId = Math.floor(options.random() * PROCESS_IDS);
    this.connection = new Connection<Frame>(options, {
      decoder: (emit) => this.#decoder(emit),
      settle: (link) => this.#settle(link),
      check: async (link) => this.#report(await this.#readCondition(link)),
      unsolicited: (frame) => this.#unsolicited(frame),
    });
  }

  async print(link: PrinterLink, chunks: readonly Uint8Array[], signal: AbortSignal | undefined): Promise<void> {
    const condition = await this.#readCondition(link, signal);
    this.#report(condition);
    const before = problemOf(condition);
    if (before) throw this.#problemError(before);
    if (this.#answersOwed > 0) await this.#awaitOlderAnswers(link, signal);
    const problem = await this.#printAndConfirm(link, chunks, signal);
    if (problem) throw this.#problemError(problem);
  }

  #decoder(emit: (frame: Frame) => void): Decoder {
    this.#asked = [];
    this.#isNewLink = true;
    return printerStatusDecoder((frame) =>
      emit(frame.kind === 'realtime' ? { ...frame, n: this.#asked.shift() } : frame),
    );
  }

  /**
   * Waits until late answers have passed. What the printer still has in its buffer stays there: there is no way to clear it that all
   * printers know.
   */
  async #settle(link: PrinterLink): Promise<void> {
    if (!this.#isNewLink) await link.pause(this.#asked.length > 0 ? SHORT_ANSWER_MS : QUIET_MS);
    this.#isNewLink = false;
    this.#asked = [];
    this.#report(await this.#readCondition(link));
    if (this.#profile.automaticStatus) await link.send(Uint8Array.from(AUTOMATIC_STATUS_ON));
  }

  async #readCondition(link: PrinterLink, signal?: AbortSignal): Promise<PrinterCondition> {
    let condition = goodCondition;
    for (const n of REALTIME_REQUESTS) {
      const status = await link.exchange(
        {
          label: `status-${n}`,
          chunks: [this.#realtimeRequest(n)],
          timeoutMs: SHORT_ANSWER_MS,
          match: (frame) => (frame.kind === 'realtime' && frame.n === n ? frame.status : undefined),
        },
        signal,
      );
      condition = withRealtime(condition, n, status);
    }
    return condition;
  }

  /** To be sent at once. */
  #realtimeRequest(n: RealtimeRequest): Uint8Array {
    this.#asked.push(n);
    return Uint8Array.of(0x10, 0x04, n);
  }

  /** Sends a slip and waits for its confirmation, or for the first sign of trouble: nobody should wait for paper that is not there. */
  async #printAndConfirm(
    link: PrinterLink,
    slip: readonly Uint8Array[],
    signal: AbortSignal | undefined,
  ): Promise<PrinterProblem | false> {
    const { request, confirms } = this.#confirmation();
    const bytes = slip.reduce((sum, chunk) => sum + chunk.length, 0);
    const stopPolling = this.#pollWhilePrinting(link);
    try {
      return await link.exchange<PrinterProblem | false>(
        {
          label: 'print',
          chunks: this.#withRequest(slip, request),
          timeoutMs: PRINT_LIMIT_MS + bytes * PRINT_LIMIT_MS_PER_BYTE,
          match: (frame) => (confirms(frame) ? false : this.#troubleIn(frame)),
        },
        signal,
      );
    } finally {
      stopPolling();
      // Some printers do not answer while they print; then what is asked next must not wait behind that.
      if (this.#asked.length > 0) link.unsettled = true;
    }
  }

  *#withRequest(slip: readonly Uint8Array[], request: Uint8Array): Generator<Uint8Array> {
    yield* slip;
    if (request === STATUS_BUFFERED) this.#answersOwed += 1;
    yield request;
  }

  #confirmation(): { request: Uint8Array; confirms: (frame: Frame) => boolean } {
    if (this.#profile.confirmation === 'buffered-status') {
      return { request: STATUS_BUFFERED, confirms: (frame) => this.#takesBuffered(frame) };
    }
    this.#lastProcessId = (this.#lastProcessId + 1) % PROCESS_IDS;
    const id = String(this.#lastProcessId).padStart(4, '0');
    return {
      request: Uint8Array.of(0x1d, 0x28, 0x48, 0x06, 0x00, 0x30, 0x30, ...Buffer.from(id, 'latin1')),
      confirms: (frame) => frame.kind === 'printed' && frame.id === id,
    };
  }

  #takesBuffered(frame: Frame): boolean {
    if (frame.kind !== 'buffered') return false;
    this.#answersOwed = Math.max(0, this.#answersOwed - 1);
    return true;
  }

  /** A problem that will not go away by itself. */
  #troubleIn(frame: Frame): PrinterProblem | undefined {
    if (frame.kind === 'realtime') return frame.n && problemOf(withRealtime(goodCondition, frame.n, frame.status));
    if (frame.kind !== 'automatic') return undefined;
    const condition = fromAutomatic(frame.status);
    this.#report(condition);
    // Off-line alone is also what a printer is while its feed button is pressed.
    return problemOf({ ...condition, offline: false });
  }

  #pollWhilePrinting(link: PrinterLink): () => void {
    let cancel = (): void => undefined;
    let count = 0;
    const later = (): void => {
      cancel = this.#options.clock.after(POLL_EVERY_MS, () => {
        const n = POLLED[count % POLLED.length] ?? 2;
        count += 1;
        // A poll that does not go out means that the link is gone, which the exchange notices too.
        link.send(this.#realtimeRequest(n)).catch(() => undefined);
        later();
      });
    };
    later();
    return () => cancel();
  }

  /**
   * An earlier slip may have ended without its confirmation. The printer answers in order, so its late answer comes before that to a
   * new request; only then can an answer be taken for that of the next slip. After a power cut the older ones never come.
   */
  async #awaitOlderAnswers(link: PrinterLink, signal: AbortSignal | undefined): Promise<void> {
    this.#answersOwed += 1;
    await link.exchange(this.#olderAnswer([STATUS_BUFFERED], OLDER_ANSWER_MS), signal);
    while (this.#answersOwed > 0 && (await this.#anotherCame(link, signal)));
    this.#answersOwed = 0;
  }

  async #anotherCame(link: PrinterLink, signal: AbortSignal | undefined): Promise<boolean> {
    try {
      return await link.exchange(this.#olderAnswer([], ANSWERS_APART_MS), signal);
    } catch (error) {
      if (!isDeviceError(error) || error.code !== 'DEVICE_TIMEOUT') throw error;
      link.unsettled = false;
      return false;
    }
  }

  #olderAnswer(chunks: readonly Uint8Array[], timeoutMs: number): Exchange<Frame, true> {
    return {
      label: 'older-answers',
      chunks,
      timeoutMs,
      match: (frame) => (this.#takesBuffered(frame) ? true : undefined),
    };
  }

  #unsolicited(frame: Frame): boolean {
    this.#takesBuffered(frame);
    if (frame.kind !== 'automatic') return false;
    this.#report(fromAutomatic(frame.status));
    return true;
  }

  #report(condition: PrinterCondition): void {
    const problem = problemOf(condition);
    if (problem) this.connection.report({ state: 'fault', problem });
    else
      this.connection.report(
        condition.paperNearEnd ? { state: 'ready', problem: 'PAPER_NEAR_END' } : { state: 'ready' },
      );
  }

  #problemError(problem: PrinterProblem): DeviceError {
    const code = problem === 'PAPER_OUT' ? 'PAPER_OUT' : 'DEVICE_FAULT';
    return new DeviceError(code, this.#options.name, 'the printer cannot print', { problem });
  }
}
