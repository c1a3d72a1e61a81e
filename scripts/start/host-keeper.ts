import type { Clock } from '../../terminal/base/clock.ts';
import type { Log } from '../../terminal/base/log.ts';
import type { HostStart } from '../host-config.ts';
import { HostFailed, type HostProcess, startHost } from '../host-process.ts';

const pauseMs = { first: 1_000, longest: 30_000 };

export interface HostPlace {
  readonly brokerUrl: string;
  /** The port that was asked for and was busy. */
  readonly busyPort: number | undefined;
}

/** Keeps the host running: one that dies is started again after a pause, with its broker at the same port, where the terminal looks for it. */
export class HostKeeper {
  readonly #start: HostStart;
  readonly #clock: Clock;
  #log: Log = () => {};
  #host: HostProcess | undefined;
  #stopping = false;
  #cancelPause: () => void = () => {};
  #failures = 0;

  constructor(start: HostStart, clock: Clock) {
    this.#start = start;
    this.#clock = clock;
  }

  /** Rejects with HostFailed when it does not start the first time; a busy port is replaced by any free one. */
  async start(): Promise<HostPlace> {
    const { broker } = this.#start;
    try {
      return { brokerUrl: await this.#run(this.#start), busyPort: undefined };
    } catch (error) {
      const isBusy = error instanceof HostFailed && error.words.includes('EADDRINUSE');
      if (this.#stopping || !isBusy || !('port' in broker) || broker.port === 0) throw error;
      const brokerUrl = await this.#run({ ...this.#start, broker: { port: 0 } });
      return { brokerUrl, busyPort: broker.port };
    }
  }

  /** Where restarts are told. */
  logTo(log: Log): void {
    this.#log = log;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#cancelPause();
    await this.#host?.stop();
  }

  async #run(start: HostStart): Promise<string> {
    const host = startHost(start);
    this.#host = host;
    const brokerUrl = await host.ready;
    this.#failures = 0;
    const broker = 'port' in start.broker ? { port: Number(new URL(brokerUrl).port) } : start.broker;
    void host.exited.then(() => this.#again({ ...start, broker }));
    return brokerUrl;
  }

  #again(start: HostStart): void {
    if (this.#stopping) return;
    const waitMs = Math.min(pauseMs.longest, pauseMs.first * 2 ** Math.min(this.#failures, 10));
    this.#failures += 1;
    this.#log('warn', 'host-ended', { startsAgainInMs: waitMs });
    this.#cancelPause = this.#clock.after(waitMs, () => {
      this.#run(start).then(
        () => this.#log('info', 'host-started'),
        () => this.#again(start),
      );
    });
  }
}
