import type { Clock } from '../../terminal/base/clock.ts';
import type { Log } from '../../terminal/base/log.ts';
import type { HostStart } from '../host-config.ts';
import { HostFailed, type HostPlace, type HostProcess, startHost } from '../host-process.ts';
import { reviewersOf } from './reviewers.ts';

const portOf = (url: string): number => Number(new URL(url).port);
const pauseMs = { first: 1_000, longest: 30_000 };

export interface KeptPlace extends HostPlace {
  /** The port that was asked for and was busy. */
  readonly busyPort: number | undefined;
}

/** Keeps the host running: one that dies is started again after a pause, with its broker at the same port, where the terminal looks for it, and so its reviewers' page. */
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
  async start(): Promise<KeptPlace> {
    const { broker, home } = this.#start;
    const start = { ...this.#start, desk: { port: 0, reviewers: await reviewersOf(home) } };
    try {
      return { ...(await this.#run(start)), busyPort: undefined };
    } catch (error) {
      const isBusy = error instanceof HostFailed && error.words.includes('EADDRINUSE');
      if (this.#stopping || !isBusy || !('port' in broker) || broker.port === 0) throw error;
      return { ...(await this.#run({ ...start, broker: { port: 0 } })), busyPort: broker.port };
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

  async #run(start: HostStart): Promise<HostPlace> {
    if (this.#stopping) throw new HostFailed('stopping');
    const host = startHost(start);
    this.#host = host;
    const place = await host.ready;
    this.#failures = 0;
    const broker = 'port' in start.broker ? { port: portOf(place.brokerUrl) } : start.broker;
    const desk = start.desk && place.desk !== null && { ...start.desk, port: portOf(place.desk) };
    void host.exited.then(() => this.#again({ ...start, broker, ...(desk && { desk }) }));
    return place;
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
