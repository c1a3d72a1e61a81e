import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A program of dist/ as a child process that says one JSON line when it is ready. */
export interface Child {
  readonly ready: Readonly<Record<string, unknown>>;
  /** How it ended: the signal, or the exit status. */
  readonly exited: Promise<NodeJS.Signals | number>;
  alive(): boolean;
  /** The end of what it said on standard error. */
  words(): string;
  kill(signal: NodeJS.Signals): Promise<NodeJS.Signals | number>;
}

export class ChildFailed extends Error {
  readonly end: NodeJS.Signals | number;
  constructor(program: string, end: NodeJS.Signals | number, words: string) {
    super(`${program} ended with ${end} before it was ready: ${words.trim()}`);
    this.name = 'ChildFailed';
    this.end = end;
  }
}

export interface ChildStart {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Throws ChildFailed when it ends before it is ready. */
export async function startChild({ program, args, env }: ChildStart): Promise<Child> {
  // Standard input stays open: a child whose parent was killed sees its end and goes too.
  const child = spawn(process.execPath, [join(distFolder(), `${program}.js`), ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => {
    words = (words + chunk.toString('utf8')).slice(-4000);
  });
  const exited = new Promise<NodeJS.Signals | number>((resolve) =>
    child.once('exit', (code, signal) => resolve(signal ?? code ?? 1)),
  );
  const line = await Promise.race([firstLine(child), exited.then(() => undefined)]);
  if (line === undefined) throw new ChildFailed(program, await exited, words);
  return {
    ready: JSON.parse(line),
    exited,
    alive: () => child.exitCode === null && child.signalCode === null,
    words: () => words,
    async kill(signal) {
      child.kill(signal);
      return exited;
    },
  };
}

/** Where the bundles are: beside this one, or in dist/ when a test imports the source. */
export const distFolder = (): string =>
  import.meta.dirname.endsWith('dist') ? import.meta.dirname : join(import.meta.dirname, '../../dist');

const firstLine = (child: ChildProcess): Promise<string | undefined> =>
  new Promise((resolve) => {
    if (!child.stdout) return resolve(undefined);
    createInterface({ input: child.stdout })
      .once('line', resolve)
      .once('close', () => resolve(undefined));
  });
