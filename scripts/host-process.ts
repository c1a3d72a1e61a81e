import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as v from 'valibot';
import { type HostStart, hostConfig } from './host-config.ts';

/** Where it is to be found. */
export interface HostPlace {
  readonly brokerUrl: string;
  /** The reviewers' page; null: there is none. */
  readonly desk: string | null;
}

const place = v.object({ brokerUrl: v.string(), desk: v.nullable(v.string()) });

/** The reference host, with its broker when none is named, as one child process. */
export interface HostProcess {
  /** Rejects with HostFailed when it ends before it is ready. */
  readonly ready: Promise<HostPlace>;
  readonly exited: Promise<void>;
  stop(): Promise<void>;
}

export class HostFailed extends Error {
  /** The end of what it said. */
  readonly words: string;
  constructor(words: string) {
    super('the host did not start');
    this.name = 'HostFailed';
    this.words = words;
  }
}

/** Its own patience is shorter, so it is killed only when it hangs. */
const stopMs = 1_500;

/** Starts it. It never outlives this process: it ends with its standard input. */
export function startHost(start: HostStart): HostProcess {
  const file = join(start.home, 'host.json');
  writeFileSync(file, JSON.stringify(hostConfig(start), null, 2), { mode: 0o600 });
  const child = spawn(process.execPath, [join(import.meta.dirname, 'host.js'), file], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true, // Ctrl-C and a closed window are for this process, which stops the host when the terminal has said goodbye
  });
  const killWithParent = () => void child.kill('SIGKILL');
  process.once('exit', killWithParent);
  const exited = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  }).finally(() => process.off('exit', killWithParent));
  return {
    ready: placeOf(child, exited),
    exited,
    async stop() {
      child.kill('SIGTERM');
      const killer = setTimeout(killWithParent, stopMs);
      await exited;
      clearTimeout(killer);
    },
  };
}

async function placeOf(child: ChildProcess, exited: Promise<void>): Promise<HostPlace> {
  let words = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    words = (words + chunk.toString('utf8')).slice(-2000);
  });
  const { stdout } = child;
  if (!stdout) throw new HostFailed('no output');
  const line = await Promise.race([
    new Promise<string>((resolve) => createInterface({ input: stdout }).once('line', resolve)),
    exited.then(() => undefined),
  ]);
  if (line === undefined) throw new HostFailed(words.trim());
  return v.parse(place, JSON.parse(line));
}
