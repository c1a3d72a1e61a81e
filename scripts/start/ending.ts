import { isatty } from 'node:tty';

type Lines = readonly string[];
type Step = () => void | Promise<void>;

/** Every way to end takes less than the two seconds that a person, or a service manager, waits. */
const endMs = 1_800;
/** Asked to end, it ends well; Ctrl-C without a keypad screen is 130, as shells have it. */
const statusOf = { SIGINT: 130, SIGTERM: 0, SIGHUP: 0 } as const;

const write = (to: NodeJS.WriteStream, lines: Lines): void => {
  if (lines.length > 0) to.write(`${lines.join('\n')}\n`);
};

const hadTerminal = isatty(0);

function leave(status: number): void {
  // Node crashes when it sets a terminal back at its exit that was closed meanwhile. All is stopped by now.
  if (hadTerminal && !isatty(0)) process.kill(process.pid, 'SIGKILL');
  process.exit(status);
}

/** The end of the program, whatever brings it about: the screen is given back at once, then what was started is stopped, the newest first. */
export class Ending {
  readonly #steps: Step[] = [];
  #giveBack: () => void = () => {};
  #farewell: Lines = [];
  #isEnding = false;

  /** From now on signals and a closed terminal end the program. */
  listen(): void {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => this.end(statusOf[signal]));
    for (const stream of [process.stdout, process.stderr]) stream.on('error', () => this.end(0));
  }

  /** How the text terminal is given back. */
  screen(giveBack: () => void): void {
    this.#giveBack = giveBack;
  }

  /** Before everything that was said earlier. */
  before(step: Step): void {
    this.#steps.unshift(step);
  }

  /** The last words when all is well. */
  farewell(lines: Lines): void {
    this.#farewell = lines;
  }

  /** The first reason counts. */
  end(status: number, lines?: Lines): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    setTimeout(() => leave(status), endMs);
    void this.#stopAll().then(() => {
      if (lines) write(status === 0 ? process.stdout : process.stderr, lines);
      else write(process.stdout, this.#farewell);
      leave(status);
    });
  }

  async #stopAll(): Promise<void> {
    for (const step of [this.#giveBack, ...this.#steps]) {
      try {
        await step();
      } catch {
        // What cannot be stopped ends with the process; the reason for the end is told already.
      }
    }
  }
}
