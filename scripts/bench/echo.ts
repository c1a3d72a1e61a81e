import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { nowMs, readIoLog } from './io-log.ts';

/** A bare Node process that writes what it reads: what the machine itself takes to wake a process and let it answer, while everything else runs. */
export class Echo {
  readonly #child: ChildProcess;
  readonly #log: string;
  readonly #sentMs: number[] = [];

  /** `env`: with the shim that writes `log`. */
  constructor(env: Readonly<Record<string, string>>, log: string) {
    this.#log = log;
    this.#child = spawn(process.execPath, ['-e', 'process.stdin.on("data", (data) => process.stdout.write(data))'], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...env },
    });
  }

  async once(): Promise<void> {
    const answered = this.#child.stdout && once(this.#child.stdout, 'data');
    this.#sentMs.push(nowMs());
    this.#child.stdin?.write('.');
    await answered;
  }

  /** From each byte to its answer, in milliseconds. */
  times(): readonly number[] {
    const answers = readIoLog(this.#log).filter(({ port, isRead }) => port === 0 && !isRead);
    return this.#sentMs.map((sentMs, index) => (answers[index]?.atMs ?? Number.NaN) - sentMs);
  }

  stop(): void {
    this.#child.kill('SIGKILL');
  }
}
