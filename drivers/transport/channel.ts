import type { Clock } from '../clock.ts';
import { DeviceError } from '../errors.ts';
import type { CloseReason, Transport } from './transport.ts';

/** What a wire must bring; everything that the contract of Transport adds is done once, in Channel. */
export interface Wire {
  readonly describe: string;
  readonly clock: Clock;
  /** Never called while another write is under way. */
  write(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

const WRITE_LIMIT_MS = 5_000;

/** A Transport over any wire: writes in order and in time, no byte lost before the listener is there, the end told exactly once. */
export class Channel implements Transport {
  readonly #wire: Wire;
  #tail: Promise<void> = Promise.resolve();
  #data: ((bytes: Uint8Array) => void) | undefined;
  #early: Uint8Array[] = [];
  #ended: { readonly reason: CloseReason; readonly closing: Promise<void> } | undefined;
  #closeListener: ((reason: CloseReason) => void) | undefined;
  readonly #pending = new Set<(error: DeviceError) => void>();

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  write(bytes: Uint8Array, timeoutMs = WRITE_LIMIT_MS): Promise<void> {
    if (this.#ended) return Promise.reject(this.#gone());
    const sent = this.#tail.then(() => (this.#ended ? Promise.reject(this.#gone()) : this.#wire.write(bytes)));
    this.#tail = sent.catch(() => this.end('lost'));
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        stopTimer();
        this.#pending.delete(fail);
      };
      const fail = (error: DeviceError): void => {
        settle();
        reject(error);
      };
      const stopTimer = this.#wire.clock.after(timeoutMs, () => {
        fail(new DeviceError('DEVICE_TIMEOUT', this.#wire.describe, 'bytes did not go out in time'));
        void this.end('write-timeout');
      });
      this.#pending.add(fail);
      sent.then(
        () => {
          settle();
          resolve();
        },
        () => fail(this.#gone()),
      );
    });
  }

  onData(listener: (bytes: Uint8Array) => void): void {
    this.#data = listener;
    for (const bytes of this.#early.splice(0)) listener(bytes);
  }

  onClose(listener: (reason: CloseReason) => void): void {
    const ended = this.#ended;
    if (ended) queueMicrotask(() => listener(ended.reason));
    else this.#closeListener = listener;
  }

  close(): Promise<void> {
    return this.end('closed');
  }

  /** For the wire: bytes that arrived. */
  receive(bytes: Uint8Array): void {
    if (this.#ended) return;
    if (this.#data) this.#data(bytes);
    else this.#early.push(bytes);
  }

  /** For the wire: the connection is over. The first reason counts. */
  end(reason: CloseReason): Promise<void> {
    if (this.#ended) return this.#ended.closing;
    const closing = this.#wire.close().catch(() => undefined);
    this.#ended = { reason, closing };
    this.#early = [];
    for (const fail of [...this.#pending]) fail(this.#gone());
    this.#closeListener?.(reason);
    return closing;
  }

  #gone(): DeviceError {
    return new DeviceError('DEVICE_ABSENT', this.#wire.describe, 'connection is closed');
  }
}
