import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { firstBrokenAuditLine } from '../base/audit.ts';
import { bytesOf, copyBook, mostCheckedAtOnce, nameCopy, proveCopy } from '../base/backup.ts';
import { type Clock, dayMs, shanghai } from '../base/clock.ts';
import { TerminalError } from '../base/errors.ts';
import { bookAndAuditSteps, checkBook } from './check-book.ts';
import { inSlices } from './prove-book.ts';
import type { World } from './world.ts';

/** What a proved copy holds. */
export interface BackupFacts {
  readonly file: string;
  readonly bytes: number;
  readonly journals: number;
}

export type BackupStep = { readonly at: 'copying'; readonly done: number; readonly of: number };

/** Copies the book of the running terminal to the new file `file`, which is not proved yet. BAD_REQUEST, NOT_FOUND, DISK_FULL. */
export async function backUp(
  world: Pick<World, 'db'>,
  file: string,
  progress: (step: BackupStep) => void,
): Promise<void> {
  await copyBook(world.db, file, (done, of) => progress({ at: 'copying', done, of }));
}

/** Proves that a copy is sound: its pages, its ledger (P-01 to P-04), its audit trail. DATABASE_CORRUPT, naming what is not. */
export function proveBackup(file: string): BackupFacts {
  const journals = proveCopy(file, (copy) => {
    const check = checkBook(copy);
    const [problem] = check.problems;
    if (problem) throw new TerminalError('DATABASE_CORRUPT', { file, ledger: `${problem.rule} ${problem.about}` });
    const broken = firstBrokenAuditLine(copy);
    if (broken !== undefined) throw new TerminalError('DATABASE_CORRUPT', { file, audit: broken });
    return check.journals;
  });
  return { file, bytes: bytesOf(file), journals };
}

/** The same, between sales: a large copy is read in slices, and its pages are not checked beside. */
async function proveBetweenSales(file: string, clock: Clock): Promise<BackupFacts> {
  proveCopy(file, () => undefined, mostCheckedAtOnce);
  const { problems, brokenLine, journals } = await inSlices({ db: { name: file }, clock }, bookAndAuditSteps);
  const [problem] = problems;
  if (problem) throw new TerminalError('DATABASE_CORRUPT', { file, ledger: `${problem.rule} ${problem.about}` });
  if (brokenLine !== undefined) throw new TerminalError('DATABASE_CORRUPT', { file, audit: brokenLine });
  return { file, bytes: bytesOf(file), journals };
}

/** Half past three in Shanghai: long after the cut-off, before a shop opens. */
const nightHourMs = 3.5 * 3_600_000;
const shanghaiOffsetMs = 8 * 3_600_000;

/** The next half past three. */
export function nextNight(nowMs: number): number {
  const shifted = nowMs + shanghaiOffsetMs - nightHourMs;
  return Math.floor(shifted / dayMs + 1) * dayMs - shanghaiOffsetMs + nightHourMs;
}

const daily = /^daily-\d{4}-\d{2}-\d{2}\.db$/;

/**
 * The copy of a day in `backups/`, proved; the oldest beyond `limits.keepBackups` go. Made again, it replaces the one of the same day. It holds up no
 * sale for longer than SQLite's own check of a small file.
 */
export async function backUpDaily({ clock, db, config, home, log }: World): Promise<void> {
  const folder = join(home, 'backups');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const name = `daily-${shanghai(clock.now()).day}.db`;
  const made = join(folder, `${name}.part`);
  rmSync(made, { force: true }); // of a process that died
  await copyBook(db, made);
  const { bytes, journals } = await proveBetweenSales(made, clock);
  nameCopy(made, join(folder, name), true);
  log('info', 'backup-made', { name, bytes, journals });
  const kept = readdirSync(folder)
    .filter((file) => daily.test(file))
    .toSorted();
  for (const old of kept.slice(0, -config.limits.keepBackups)) rmSync(join(folder, old));
}
