import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { dayMs } from '../base/clock.ts';
import { inTransaction } from '../base/database.ts';
import { pruneExports } from '../exports/keep-export.ts';
import { pruneInvoices } from '../invoices/prune-invoices.ts';
import { pruneNotices } from '../notices/notice.ts';
import { deleteOldParts } from '../settlement/reconcile-store.ts';
import type { World } from './world.ts';

/** Parts of files that no bill has named. */
const partsKeptMs = 7 * dayMs;

/**
 * Lets go of what nobody needs any more: rows that the host has had for `limits.keepSentDays`, rows from above that could not be understood, customers'
 * invoices of more than five years, notices of more than a year, exports that ended a month ago, files that no bill has named for a week, and logs of `limits.keepLogDays`. Payments, journals, batches, settlements and the audit trail stay (five years at least, whatever upstream says): what the host
 * would need again is made from them, and the chain of the audit trail has no beginning but its first line.
 */
export async function pruneBook(world: World): Promise<void> {
  const { db, clock, config, outbox, log, home } = world;
  const beforeMs = clock.now() - config.limits.keepSentDays * dayMs;
  let rows = 0;
  for (let deleted = 1; deleted > 0; rows += deleted) {
    deleted = inTransaction(
      db,
      (tx) =>
        outbox.prune(beforeMs) +
        pruneInvoices(tx, clock.now()) +
        pruneNotices(tx, clock.now()) +
        pruneExports(tx, clock.now()) +
        deleteOldParts(tx, clock.now() - partsKeptMs),
    );
    await new Promise<void>((resolve) => clock.after(0, resolve)); // a sale may come between two
  }
  const logs = await pruneLogs(join(home, 'log'), clock.now() - config.limits.keepLogDays * dayMs);
  if (rows + logs > 0) log('info', 'pruned', { rows, logs });
}

/** A file that is gone or not ours to delete costs nothing but its room. */
async function pruneLogs(folder: string, beforeMs: number): Promise<number> {
  let deleted = 0;
  for (const name of await readdir(folder).catch(() => [])) {
    if (!/\.log$/.test(name)) continue;
    const file = join(folder, name);
    const about = await stat(file).catch(() => undefined);
    if (!about || about.mtimeMs >= beforeMs) continue;
    await rm(file, { force: true });
    deleted += 1;
  }
  return deleted;
}
