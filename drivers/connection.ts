import { backOffMs } from './back-off.ts';
import { type Clock, sleep } from './clock.ts';
import type { DeviceStatus } from './devices.ts';
import { DeviceError, isDeviceError } from './errors.ts';
import type { Decoder } from './framing/decoder.ts';
import { Link, type Log } from './link.ts';
import { Queue } from './queue.ts';
import type { Port, Transport } from './transport/transport.ts';

/** What every driver is made with. `random` gives 0 ≤ r < 1. */
export interface DriverOptions {
  /** The port's name in the configuration: `card-reader`, `printer` … */
  readonly name: string;
  readonly port: Port;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log?: Log;
}

/** What a driver adds to a connection. */
export interface Protocol<Frame> {
  decoder(emit: (frame: Frame) => void): Decoder;
  /**
   * Brings the device into a known state with nothing under way: after each connect, and whenever an exchange ended without its
   * answer. A throw means that the device cannot be spoken to; the connection is then made anew.
   */
  settle(link: Link<Frame>): Promise<void>;
  /** Asks an idle device how it is. Never called while anything else uses the link, because on some devices a ping ends a transaction. */
  check?(link: Link<Frame>): Promise<void>;
  /** A frame that nothing waits for; false when it is not one that the device sends by itself. */
  unsolicited(frame: Frame): boolean;
}

const CHECK_EVERY_MS = 5_000;

/**
 * Owner of one device: keeps it connected, lets one piece of work at it at a time, and knows how it is. It sends nothing again by
 * itself: work that was cut off ends with an error, and what to do is decided by whoever asked for it.
 */
export class Connection<Frame> {
  readonly #options: DriverOptions;
  readonly #protocol: Protocol<Frame>;
  readonly #log: Log;
  readonly #queue = new Queue();
  readonly #listeners = new Set<(status: DeviceStatus) => void>();
  #status: DeviceStatus = { state: 'stopped' };
  /** What the device says of itself, as long as it is connected. */
  #condition: DeviceStatus = { state: 'ready' };
  #running: { readonly stop: AbortController; readonly done: Promise<void> } | undefined;
  #link: Link<Frame> | undefined;
  #generation = 0;

  constructor(options: DriverOptions, protocol: Protocol<Frame>) {
    this.#options = options;
    this.#protocol = protocol;
    this.#log = options.log ?? (() => undefined);
  }

  start(): void {
    if (this.#running) return;
    const stop = new AbortController();
    this.#running = { stop, done: this.#run(stop.signal) };
  }

  async stop(): Promise<void> {
    const running = this.#running;
    if (!running) return;
    running.stop.abort();
    await this.#link?.close();
    await running.done;
    this.#running = undefined;
    this.#set({ state: 'stopped' });
  }

  status(): DeviceStatus {
    return this.#status;
  }

  onStatus(listener: (status: DeviceStatus) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Told by the driver: what the device says of itself. */
  report(condition: { readonly state: 'ready' | 'fault'; readonly problem?: string }): void {
    this.#condition = condition;
    if (this.#link) this.#set(condition);
  }

  /**
   * Runs `work` when everything before it has ended. Throws DeviceError: DEVICE_ABSENT when there is no connection, CANCELLED when
   * `signal` is aborted while waiting, and what `work` throws.
   */
  async use<T>(work: (link: Link<Frame>) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const { name } = this.#options;
    if (!(await this.#queue.enter(signal))) throw new DeviceError('CANCELLED', name, 'cancelled before it began');
    try {
      const link = this.#link;
      if (!link) throw new DeviceError('DEVICE_ABSENT', name, 'not connected');
      return await work(link);
    } finally {
      void this.#leave();
    }
  }

  /** Told by the driver: the device has lost its settings. It is settled when nothing else is under way. */
  settle(): void {
    this.use(async (link) => {
      link.unsettled = true;
    }).catch(() => undefined);
  }

  /** The caller has its answer; the next one waits until the device has settled. */
  async #leave(): Promise<void> {
    const link = this.#link;
    if (link?.unsettled && !(await this.#settle(link))) await link.close();
    this.#queue.leave();
  }

  async #settle(link: Link<Frame>): Promise<boolean> {
    link.unsettled = false;
    try {
      await this.#protocol.settle(link);
      return true;
    } catch (error) {
      this.#log('device.not-settled', { device: this.#options.name, problem: problemOf(error) });
      return false;
    }
  }

  async #run(signal: AbortSignal): Promise<void> {
    this.#set({ state: 'connecting' });
    for (let attempt = 0; !signal.aborted; attempt++) {
      const transport = await this.#connect();
      if (transport && (await this.#live(transport, signal))) attempt = 0;
      if (!signal.aborted) await sleep(this.#options.clock, backOffMs(attempt, this.#options.random), signal);
    }
  }

  async #connect(): Promise<Transport | undefined> {
    try {
      return await this.#options.port.connect();
    } catch (error) {
      this.#set({ state: 'absent', problem: problemOf(error) });
      return undefined;
    }
  }

  /** One connection from its first to its last byte. True when it was ready for use at some time. */
  async #live(transport: Transport, signal: AbortSignal): Promise<boolean> {
    const { name, clock } = this.#options;
    const { decoder, unsolicited } = this.#protocol;
    const link = new Link<Frame>({ device: name, transport, clock, decoder, unsolicited, log: this.#log });
    const close = (): void => void link.close();
    signal.addEventListener('abort', close);
    if (signal.aborted) close();
    this.#condition = { state: 'ready' };
    const ready = await this.#settle(link);
    if (ready) await this.#serve(link);
    // Before anything else happens, so that whoever gets the error of lost work finds the status already changed.
    if (!signal.aborted) this.#set({ state: 'absent', problem: ready ? 'LOST' : 'NO_ANSWER' });
    signal.removeEventListener('abort', close);
    await link.close();
    return ready;
  }

  /** Lets the link be used until it is lost. */
  async #serve(link: Link<Frame>): Promise<void> {
    const { name, port } = this.#options;
    this.#generation += 1;
    const generation = this.#generation;
    this.#link = link;
    this.#log('device.connected', { device: name, port: port.describe, generation });
    this.#set(this.#condition);
    const stopChecks = this.#checkEvery(link);
    const reason = await link.closed;
    stopChecks();
    this.#link = undefined;
    this.#log('device.lost', { device: name, reason, generation });
  }

  #checkEvery(link: Link<Frame>): () => void {
    const { check } = this.#protocol;
    if (!check) return () => undefined;
    let cancel = (): void => undefined;
    const later = (): void => {
      cancel = this.#options.clock.after(CHECK_EVERY_MS, () => void now());
    };
    const now = async (): Promise<void> => {
      // What fails here leaves the link unsettled, and `use` deals with that.
      if (!this.#queue.busy) await this.use(check).catch(() => undefined);
      if (this.#link === link) later();
    };
    later();
    return () => cancel();
  }

  #set(status: DeviceStatus): void {
    const { state, problem } = this.#status;
    if (state === status.state && problem === status.problem) return;
    this.#status = status;
    this.#log('device.status', { device: this.#options.name, state: status.state, problem: status.problem ?? '' });
    for (const listener of [...this.#listeners]) listener(status);
  }
}

/** Codes of DeviceError are stable words already. */
const problemOf = (error: unknown): string => (isDeviceError(error) ? error.code : 'DEVICE_FAULT');
