import { inTransaction } from '../base/database.ts';
import { finishWork, schedule, workDueAt } from '../base/due-work.ts';
import { TerminalError } from '../base/errors.ts';
import { setSetting, setting } from '../base/settings.ts';
import { backUpDaily, nextNight } from './backup-book.ts';
import { proveBook } from './prove-book.ts';
import { pruneBook } from './prune-book.ts';
import { selfCheck } from './self-check.ts';
import type { World } from './world.ts';

const works: Readonly<Record<string, (world: World) => Promise<void>>> = {
  proof: proveBook,
  backup: backUpDaily,
  prune: pruneBook,
  'self-check': async (world) => void (await selfCheck(world, 'SYS')),
};
const planned = 'house-kept-since';
const laterMs = 3_600_000;

/**
 * What is done once a night, and caught up once by a terminal that was off: the proof of the book, a copy of it, what is too old, the self-check. A work that is refused, as
 * by a full disk, is tried again after an hour. Nothing of it begins while something is sold.
 */
export async function keepHouse(world: World): Promise<void> {
  const { db, clock, session, log } = world;
  if (setting(db, planned) === undefined) {
    inTransaction(db, (tx) => {
      for (const kind of Object.keys(works)) schedule(tx, kind, '', nextNight(clock.now()));
      setSetting(tx, planned, String(clock.now()));
    });
  }
  for (const { kind } of workDueAt(db, clock.now())) {
    const work = works[kind];
    if (!work || session.running.size > 0) continue;
    let nextMs = nextNight(clock.now());
    try {
      await work(world);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      log('error', 'house-work-refused', { kind, code: error.code });
      nextMs = clock.now() + laterMs;
    }
    inTransaction(db, (tx) => {
      finishWork(tx, kind, '');
      schedule(tx, kind, '', nextMs);
    });
  }
}

/** A refusal, or what the system said of a file: a folder that may not be written costs the copy, not the sale. */
const isRefusal = (error: unknown): error is Error & { readonly code: string } =>
  error instanceof TerminalError || (error instanceof Error && 'syscall' in error && 'code' in error);
