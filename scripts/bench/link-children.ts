import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { makeKeys } from '../../sync/protocol/keys.ts';
import { distFolder } from '../stage/child.ts';

/** Processes of a benchmark: broker, host and terminal are three, as they are in life. */
export interface LinkChild<Command, Report> {
  readonly url: string;
  command(command: Command): Promise<Report>;
  /** Like a power cut. */
  kill(): Promise<void>;
  /** Lives, and does nothing until it goes on. */
  freeze(frozen: boolean): void;
  /** From now on it has what the others leave of the processors: in life it is on a machine of its own. */
  standBack(): void;
  stop(): void;
}

/** Starts `dist/<program>.js` with its task; it reports when it is ready, and once for each command. */
export type StartChild = <Command extends object, Report extends { readonly url?: string }>(
  program: string,
  task: { readonly role: string },
  env?: Readonly<Record<string, string>>,
) => Promise<LinkChild<Command, Report>>;

/** Runs `work` with a folder that has keys in it, and a way to start children, which it ends. */
export async function withLinkChildren<T>(work: (start: StartChild, folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync('.pos-bench-');
  const stops: (() => void)[] = [];
  try {
    makeKeys(join(folder, 'keys'), ['terminal', 'host', 'host-seal']);
    const start: StartChild = async <Command extends object, Report extends { readonly url?: string }>(
      program: string,
      task: { readonly role: string },
      env: Readonly<Record<string, string>> = {},
    ) => {
      const child = await startLinkChild<Command, Report>(program, task, env);
      stops.push(child.stop);
      return child;
    };
    return await work(start, folder);
  } finally {
    for (const stop of stops.reverse()) stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function startLinkChild<Command extends object, Report extends { readonly url?: string }>(
  program: string,
  task: { readonly role: string },
  env: Readonly<Record<string, string>>,
): Promise<LinkChild<Command, Report>> {
  const child: ChildProcess = fork(join(distFolder(), `${program}.js`), [JSON.stringify(task)], {
    env: { ...process.env, ...env },
  });
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(`${program}: ${task.role} ended`)));
  ended.catch(() => {}); // also when it is ended on purpose
  const reply = async (): Promise<Report> => {
    const [message] = await Promise.race([once(child, 'message'), ended]);
    return message;
  };
  const { url = '' } = await reply();
  return {
    url,
    command: (command) => {
      child.send(command);
      return reply();
    },
    async kill() {
      child.kill('SIGKILL');
      await ended.catch(() => {});
    },
    standBack: () => setPriority(child.pid ?? 0, constants.priority.PRIORITY_LOW),
    freeze: (frozen) => void child.kill(frozen ? 'SIGSTOP' : 'SIGCONT'),
    stop: () => {
      if (child.connected) child.disconnect();
    },
  };
}

/** For the child: its task, and what it does with each command. */
export function serveParent<Task, Command, Report extends object>(
  begin: (task: Task, onCommand: (run: (command: Command) => Promise<Report>) => void) => Promise<Report>,
): void {
  const report = (message: Report): void => void process.send?.(message);
  const die = (error: unknown): void => {
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    process.exit(1);
  };
  process.once('disconnect', () => process.exit(0)); // with its parent
  const [, , task] = process.argv;
  if (!task || !process.send) return;
  const onCommand = (run: (command: Command) => Promise<Report>): void =>
    void process.on('message', (command: Command) => void run(command).then(report, die));
  begin(JSON.parse(task), onCommand).then(report, die);
}
