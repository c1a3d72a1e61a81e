import { AssertionFailed } from '../terminal/base/assert.ts';
import { TerminalError } from '../terminal/base/errors.ts';
import type { Log } from '../terminal/base/log.ts';
import { changed, type World } from '../terminal/flows/world.ts';
import type { OpenedConsole } from './open-console.ts';

/** How soon it is tried again: an address of the network may come up after the terminal. */
const againMs = 30_000;

export interface ConsoleWanted {
  readonly world: Pick<World, 'clock' | 'session'>;
  readonly log: Log;
  readonly onBug: (error: unknown) => void;
  readonly open: () => Promise<OpenedConsole>;
  /** Told where it is, whenever it opened. */
  readonly isAt: (url: string) => void;
}

/** Keeps the operator console open. What keeps it shut is logged, shown (self-check, alerts, `pos status`) and tried again with time: no setting of the console may cost a sale. */
export class ConsoleKeeper {
  readonly #wanted: ConsoleWanted;
  #opened: OpenedConsole | undefined;
  #opening: Promise<void> = Promise.resolve();
  #cancel: () => void = () => {};
  #bench: string | undefined;
  #isStopped = false;

  constructor(wanted: ConsoleWanted) {
    this.#wanted = wanted;
  }

  /** Undefined: it could not be opened so far. */
  async start(): Promise<OpenedConsole | undefined> {
    this.#opening = this.#open();
    await this.#opening;
    return this.#opened;
  }

  /** The bench page of this terminal, to which the console leads. */
  showBench(url: string): void {
    this.#bench = url;
    this.#opened?.showBench(url);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel();
    await this.#opening;
    await this.#opened?.stop();
  }

  async #open(): Promise<void> {
    try {
      const opened = await this.#wanted.open();
      this.#opened = opened;
      if (this.#bench !== undefined) opened.showBench(this.#bench);
      const { busyPort, url } = opened;
      this.#show(busyPort === undefined ? undefined : { isOpen: true, detail: `PORT_IN_USE ${busyPort}` });
      this.#wanted.isAt(url);
    } catch (error) {
      if (error instanceof AssertionFailed) return this.#wanted.onBug(error);
      this.#show({ isOpen: false, detail: detailOf(error) });
      if (!this.#isStopped) this.#cancel = this.#wanted.world.clock.after(againMs, () => void this.start());
    }
  }

  #show(problem: World['session']['consoleProblem']): void {
    const { world, log } = this.#wanted;
    const before = world.session.consoleProblem?.detail;
    world.session.consoleProblem = problem;
    if (problem?.detail === before) return;
    if (problem) log('error', 'console-problem', { ...problem });
    changed(world);
  }
}

/** `EADDRNOTAVAIL 192.168.1.5:8021`. */
function detailOf(error: unknown): string {
  if (error instanceof TerminalError) return `${error.code} ${error.details['what'] ?? ''}`.trim();
  if (!(error instanceof Error)) return 'UNKNOWN';
  const code = 'code' in error ? String(error.code) : error.name;
  if ('address' in error && 'port' in error) return `${code} ${error.address}:${error.port}`;
  return `${code} ${error.message}`.slice(0, 200);
}
