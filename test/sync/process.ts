import { openHost, openTerminal, type Place } from './world.ts';

/** A terminal or a host as a process of its own, so that it can be killed. Started by scenarios.ts after bundling. */
export interface ProcessTask {
  readonly place: Place;
  readonly url: string;
  readonly protocolVersion: 4 | 5;
  readonly as: 'terminal' | 'host';
  /** Terminal: rows to commit before the link starts, and where to die: after how many passages of which point. */
  readonly rows?: number;
  readonly die?: {
    readonly at: 'after-commit' | 'link.after-publish' | 'link.before-mark-acked';
    readonly passage: number;
  };
}

const dieNow = (): void => void process.kill(process.pid, 'SIGKILL');

async function run(task: ProcessTask): Promise<void> {
  if (task.as === 'host') {
    await openHost(task.place, task.url, {}, task.protocolVersion);
    return; // until it is killed, or reaches the point that POS_CRASH names
  }
  let left = task.die?.passage ?? 0;
  const terminal = openTerminal(task.place, task.url, {
    protocolVersion: task.protocolVersion,
    at: (point) => {
      if (point === task.die?.at && --left === 0) dieNow();
    },
  });
  terminal.sell(task.rows ?? 0);
  if (task.die?.at === 'after-commit') dieNow();
  terminal.link.start();
}

const [, , task] = process.argv;
if (task) void run(JSON.parse(task) as ProcessTask);
