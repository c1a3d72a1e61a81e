import { type Clock, sleep } from './clock.ts';
import { DeviceError } from './errors.ts';
import type { Decoder } from './framing/decoder.ts';
import type { CloseReason, Transport } from './transport/transport.ts';

/** Where a driver writes what happened: a stable word and details without anything that a card or a customer brought. */
export type Log = (event: string, details: Readonly<Record<string, string | number | boolean>>) => void;

/** One question to a device and how to know its answer. */
export interface Exchange<Frame, Answer> {
  /** For logs and errors: `activate`, `print` … */
  readonly label: string;
  /** Written one after another, each taken only when it is its turn, the rest not at all once the exchange has ended. */
  readonly chunks: Iterable<Uint8Array>;
  /** From the first byte written to the answer, in milliseconds. */
  readonly timeoutMs: number;
  /** undefined: not the answer to this question. Must not throw. */
  match(frame: Frame): Answer | undefined;
}

/** What a link counts, for the whole life of its device: see DeviceCounters. */
export interface LineCounters {
  timeouts: number;
  strayFrames: number;
  badFrames: number;
  bytesIn: number;
  bytesOut: number;
}

export interface LinkParts<Frame> {
  readonly device: string;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly decoder: (emit: (frame: Frame) => void) => Decoder;
  /** A frame that no exchange waits for. False: it answers nothing that was asked; it is dropped and counted. */
  readonly unsolicited: (frame: Frame) => boolean;
  readonly log: Log;
  readonly counters: LineCounters;
}

interface Waiting<Frame> {
  /** Something was sent, so that silence is a fault; else it only listens for what may come. */
  asked: boolean;
  offer(frame: Frame): boolean;
  fail(error: DeviceError): void;
}

/** After this silence the rest of a half frame will not come any more. */
const HALF_FRAME_MS = 500;

/** One connection to one device: frames instead of bytes, one exchange at a time. Whoever holds an old Link holds a dead one. */
export class Link<Frame> {
  /** Set when an exchange ended without its answer: the device may still be busy with it, or answer late. */
  unsettled = false;
  readonly closed: Promise<CloseReason>;
  readonly #parts: LinkParts<Frame>;
  readonly #decoder: Decoder;
  readonly #gone = new AbortController();
  #waiting: Waiting<Frame> | undefined;
  #lastByteMs: number;

  constructor(parts: LinkParts<Frame>) {
    this.#parts = parts;
    this.#lastByteMs = parts.clock.now();
    this.#decoder = parts.decoder((frame) => this.#receive(frame));
    this.closed = new Promise((resolve) => {
      parts.transport.onClose((reason) => {
        this.#waiting?.fail(this.#error('DEVICE_ABSENT', 'connection lost'));
        this.#decoder.dropPartial();
        this.#gone.abort();
        resolve(reason);
      });
    });
    parts.transport.onData((bytes) => {
      this.#lastByteMs = parts.clock.now();
      this.#take(bytes);
    });
  }

  /** Bytes that are not a question of their own. Throws as Transport.write. */
  send(bytes: Uint8Array): Promise<void> {
    this.#parts.counters.bytesOut += bytes.length;
    return this.#parts.transport.write(bytes);
  }

  close(): Promise<void> {
    return this.#parts.transport.close();
  }

  /** Waits, but not for a device that is gone. */
  pause(ms: number): Promise<void> {
    return sleep(this.#parts.clock, ms, this.#gone.signal);
  }

  /**
   * Asks and waits. Throws DeviceError: DEVICE_TIMEOUT, DEVICE_ABSENT, CANCELLED at once by `signal`, DEVICE_BUSY while another
   * exchange waits. Without an answer the link is `unsettled`.
   */
  exchange<Answer>(exchange: Exchange<Frame, Answer>, signal?: AbortSignal): Promise<Answer> {
    if (signal?.aborted) return Promise.reject(this.#error('CANCELLED', `${exchange.label} cancelled`));
    if (this.#waiting)
      return Promise.reject(this.#error('DEVICE_BUSY', `${exchange.label} while another command waits`));
    if (this.#parts.clock.now() - this.#lastByteMs >= HALF_FRAME_MS) this.#decoder.dropPartial();
    return new Promise((resolve, reject) => {
      const end = (): void => {
        stopTimer();
        signal?.removeEventListener('abort', cancel);
        if (this.#waiting === waiting) this.#waiting = undefined;
      };
      const waiting: Waiting<Frame> = {
        asked: false,
        offer: (frame) => {
          const answer = exchange.match(frame);
          if (answer === undefined) return false;
          end();
          resolve(answer);
          return true;
        },
        fail: (error) => {
          end();
          this.unsettled = true;
          reject(error);
        },
      };
      const cancel = (): void => waiting.fail(this.#error('CANCELLED', `${exchange.label} cancelled`));
      const stopTimer = this.#parts.clock.after(exchange.timeoutMs, () => {
        if (waiting.asked) this.#countTimeout(exchange.label);
        waiting.fail(this.#error('DEVICE_TIMEOUT', `no answer to ${exchange.label}`));
      });
      signal?.addEventListener('abort', cancel, { once: true });
      this.#waiting = waiting;
      void this.#write(exchange, waiting);
    });
  }

  async #write<Answer>(exchange: Exchange<Frame, Answer>, waiting: Waiting<Frame>): Promise<void> {
    for (const chunk of exchange.chunks) {
      if (this.#waiting !== waiting) return;
      waiting.asked = true;
      try {
        await this.send(chunk);
      } catch {
        return this.#waiting === waiting
          ? waiting.fail(this.#error('DEVICE_ABSENT', `${exchange.label} not sent`))
          : undefined;
      }
    }
  }

  #take(bytes: Uint8Array): void {
    const { counters } = this.#parts;
    const badBefore = this.#decoder.noise?.badCrcs ?? 0;
    counters.bytesIn += bytes.length;
    this.#decoder.push(bytes);
    counters.badFrames += (this.#decoder.noise?.badCrcs ?? 0) - badBefore;
  }

  #countTimeout(exchange: string): void {
    this.#parts.counters.timeouts += 1;
    this.#parts.log('device.timeout', { device: this.#parts.device, exchange });
  }

  #receive(frame: Frame): void {
    if (this.#waiting?.offer(frame)) return;
    const { counters, device, log, unsolicited } = this.#parts;
    if (unsolicited(frame)) return;
    counters.strayFrames += 1;
    log('device.stray-frame', { device, strayFrames: counters.strayFrames });
  }

  #error(code: 'DEVICE_ABSENT' | 'DEVICE_BUSY' | 'DEVICE_TIMEOUT' | 'CANCELLED', message: string): DeviceError {
    return new DeviceError(code, this.#parts.device, message);
  }
}
