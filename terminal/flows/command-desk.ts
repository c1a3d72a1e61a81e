import { shanghai } from '../base/clock.ts';
import { newestApplications } from '../settlement/apply.ts';
import type { OpenCode } from '../users/set-up.ts';
import type { User } from '../users/user.ts';
import { applicationView } from './apply.ts';
import { type ConsoleDesks, consoleDesks } from './console-desks.ts';
import { consoleCode } from './console-user.ts';
import type { ExportDesk, ExportView } from './export-desk.ts';
import type { ApplicationView } from './settlement-desk.ts';
import { onChange, until, type World } from './world.ts';

/** What the command line asks for: the desks of the console, and to wait where a page is told. */
export interface CommandDesk extends ConsoleDesks {
  /** In Shanghai. */
  today(): string;
  /** As an application stands a few seconds later, or as soon as upstream said something. */
  answered(application: ApplicationView, signal: AbortSignal): Promise<ApplicationView>;
  /** As an export stands when it is over, or the caller leaves, which does not stop it. */
  made(by: User, begun: ExportView, signal: AbortSignal, progress: (step: ExportStep) => void): Promise<ExportView>;
  /** See `consoleCode`. */
  code(supervisorSecret: string, login?: string): Promise<OpenCode>;
}

export interface ExportStep {
  readonly at: 'exporting';
  readonly done: number;
  readonly of: number;
}

const answerMs = 4_000;
/** How often the rows of an export are looked at. */
const lookMs = 250;
/** In which one is looked for again. */
const newest = 200;

export function commandDesk(world: World): CommandDesk {
  const desks = consoleDesks(world);
  return {
    ...desks,
    today: () => shanghai(world.clock.now()).day,
    answered: (application, signal) => answered(world, application, signal),
    made: (by, begun, signal, progress) => made(world, { by, begun, exports: desks.exports }, signal, progress),
    code: (secret, login) => consoleCode(world, secret, login),
  };
}

async function answered(world: World, application: ApplicationView, signal: AbortSignal): Promise<ApplicationView> {
  const now = (): ApplicationView => {
    const found = newestApplications(world.db, newest).find(({ no }) => no === application.no);
    return found ? applicationView(found) : application;
  };
  const stop = new AbortController();
  const leave = (): void => stop.abort();
  const cancel = world.clock.after(answerMs, leave);
  signal.addEventListener('abort', leave);
  await until(world, () => now().state !== 'SENT', stop.signal);
  signal.removeEventListener('abort', leave);
  cancel();
  return now();
}

async function made(
  world: World,
  { by, begun, exports }: { readonly by: User; readonly begun: ExportView; readonly exports: ExportDesk },
  signal: AbortSignal,
  progress: (step: ExportStep) => void,
): Promise<ExportView> {
  const isOver = ({ state }: ExportView): boolean => state !== 'QUEUED' && state !== 'RUNNING';
  let seen = begun;
  let told = -1;
  while (!isOver(seen) && !signal.aborted) {
    if (seen.done !== told) progress({ at: 'exporting', done: seen.done, of: seen.of });
    told = seen.done;
    await somethingNew(world, signal);
    seen = exports.byNo(by, begun.id);
  }
  return seen;
}

/** A change, some time, or the end of the wait. */
function somethingNew(world: World, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      stop();
      cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const stop = onChange(world, end);
    const cancel = world.clock.after(lookMs, end);
    signal.addEventListener('abort', end);
  });
}
