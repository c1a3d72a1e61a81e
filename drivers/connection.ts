import { backOffMs } from './back-off.ts';
import { type Clock, sleep } from './clock.ts';
import type { Device, DeviceCounters, DeviceStatus } from './devices.ts';
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
  /** Aborted when something was plugged in, and by `stop`: no waiting then. */
  #appeared = new AbortController();
  readonly #counters = {
    connects: 0,
    losses: 0,
    timeouts: 0,
    strayFrames: 0,
    badFrames: 0,
    bytesIn: 0,
    bytesOut: 0,
  };

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
    this.#appeared.abort();
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

  counters(): DeviceCounters {
    return { ...this.#counters };
  }

  /** The part of a driver that is the same for every device. */
  device(): Device {
    return {
      name: this.#options.name,
      port: this.#options.port.describe,
      start: () => this.start(),
      stop: () => this.stop(),
      status: () => this.status(),
      onStatus: (listener) => this.onStatus(listener),
      counters: () => this.counters(),
    };
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
    const { port, clock, random } = this.#options;
    this.#set({ state: 'connecting' });
    const stopListening = port.onAppear?.(() => this.#appeared.abort());
    for (let attempt = 0; !signal.aborted; attempt++) {
      this.#appeared = new AbortController();
      const transport = await this.#connect(signal);
      if (transport && (await this.#live(transport, signal))) attempt = 0;
      if (!signal.aborted) await sleep(clock, backOffMs(attempt, random), this.#appeared.signal);
      // A node in /dev is there before its permissions are: soon again, not after the long wait that was reached.
      if (this.#appeared.signal.aborted) attempt = -1;
    }
    stopListening?.();
  }

  /** A port may take long to open; nobody waits for that once `signal` is aborted. */
  #connect(signal: AbortSignal): Promise<Transport | undefined> {
    return new Promise((resolve) => {
      const giveUp = (): void => resolve(undefined);
      signal.addEventListener('abort', giveUp);
      void this.#open(signal).then((transport) => {
        signal.removeEventListener('abort', giveUp);
        resolve(transport);
      });
    });
  }

  async #open(signal: AbortSignal): Promise<Transport | undefined> {
    try {
      const transport = await this.#options.port.connect();
      if (!signal.aborted) return transport;
      await transport.close();
    } catch (error) {
      if (!signal.aborted) this.#set({ state: 'absent', ...whyAbsent(error) });
    }
    return undefined;
  }

  /** One connection from its first to its last byte. True when it was ready for use at some time. */
  async #live(transport: Transport, signal: AbortSignal): Promise<boolean> {
    const { name, clock } = this.#options;
    const { decoder, unsolicited } = this.#protocol;
    const link = new Link<Frame>({
      device: name,
      transport,
      clock,
      decoder,
      unsolicited,
      log: this.#log,
      counters: this.#counters,
    });
    const close = (): void => void link.close();
    signal.addEventListener('abort', close);
    if (signal.aborted) close();
    this.#condition = { state: 'ready' };
    const ready = await this.#settle(link);
    if (ready) await this.#serve(link);
    // Before anything else happens, so that whoever gets the error of lost work finds the status already changed.
    if (!signal.aborted) {
      if (ready) this.#counters.losses += 1;
      this.#set({ state: 'absent', problem: ready ? 'LOST' : 'NO_ANSWER' });
    }
    signal.removeEventListener('abort', close);
    await link.close();
    return ready;
  }

  /** Lets the link be used until it is lost. */
  async #serve(link: Link<Frame>): Promise<void> {
    const { name, port } = this.#options;
    this.#generation += 1;
    this.#counters.connects += 1;
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
    const { state, problem, detail } = this.#status;
    if (state === status.state && problem === status.problem && detail === status.detail) return;
    this.#status = status;
    this.#log('device.status', {
      device: this.#options.name,
      state: status.state,
      problem: status.problem ?? '',
      ...(status.detail ? { detail: status.detail } : {}),
    });
    for (const listener of [...this.#listeners]) listener(status);
  }
}

/** Codes of DeviceError are stable words already. */
const problemOf = (error: unknown): string => (isDeviceError(error) ? error.code : 'DEVICE_FAULT');

const problemsToMend: Readonly<Record<string, string>> = {
  permission: 'NO_PERMISSION',
  'hid-unavailable': 'HID_UNAVAILABLE',
};

/** Why a port cannot be opened, for a person who can do something about it. */
function whyAbsent(error: unknown): Pick<DeviceStatus, 'problem' | 'detail'> {
  const { holder, found, reason } = isDeviceError(error) ? error.details : {};
  const known = problemsToMend[String(reason)];
  if (known) return { problem: known };
  const problem = problemOf(error);
  const detail = holder ?? found ?? (problem === 'DEVICE_FAULT' ? reason : undefined);
  return detail === undefined ? { problem } : { problem, detail: String(detail) };
}
