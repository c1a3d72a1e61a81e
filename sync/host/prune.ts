import { type RawBuilder, sql } from 'kysely';
import type { Host } from './host.ts';
import { shanghaiDay } from './shanghai.ts';
import type { HostStore } from './store.ts';

/**
 * What the host lets go of. A terminal that is replaced gets its whole book back from the inbox and the outbox (restore-book.ts), so whatever tells of money stays
 * as long as its journals do, five years at least. What goes are rows that told nothing new, what is only looked at once, books that were given back and files
 * that arrived (a bill that is wanted again is made again), bills that nobody asks about any more, and letters with the addresses that they went to.
 */

const dayMs = 24 * 3_600_000;
/** Longer than a terminal keeps what it could send again. */
const keepMs = 400 * dayMs;
/** Requests come between slices. */
const rowsInSlice = 500;

/** What goes of each table, `most` rows of it. Each condition is that of an index (create-desk-indexes.ts), word by word, so that nothing else is read. */
const slices: Readonly<Record<string, (beforeMs: number, most: number) => RawBuilder<unknown>>> = {
  inbox: (before, most) => sql`
    delete from inbox where (stream, epoch, seq) in (
      select stream, epoch, seq from inbox indexed by inbox_passing where at < ${before}
      and code is null and (state = 'repeated' or (state = 'applied' and kind in ('telemetry', 'audit-line', 'opening')))
      limit ${most})`,
  outbox: (_, most) => sql`
    delete from outbox where (stream, seq) in (
      select outbox.stream, outbox.seq from stream
      join outbox indexed by outbox_passing on outbox.stream = stream.id and outbox.seq <= stream.down_acked
      where kind in ('book-restore', 'file-part') limit ${most})`,
  notices: (before, most) => sql`
    delete from notices where rowid in (
      select rowid from notices indexed by notices_passing
      where kind in ('telemetry', 'audit-line') and at < ${before} limit ${most})`,
  outgoing: (before, most) => sql`
    delete from outgoing where rowid in (
      select rowid from outgoing indexed by outgoing_ended where ended_at is not null and ended_at < ${before}
      limit ${most})`,
  // Some of these are of 48 KB.
  bill_parts: (before, most) => sql`
    delete from bill_parts where rowid in (
      select bill_parts.rowid from terminals cross join bill_parts using (merchant, terminal)
      where date < ${shanghaiDay(before)} limit ${Math.ceil(most / 10)})`,
};

export type Pruned = Readonly<Record<string, number>>;

/** Deletes what is from before `beforeMs`, and books and files that the terminals have, slice by slice until it is all gone or is to stop. Returns how many rows of which table. */
export async function prune(store: HostStore, beforeMs: number, isStopped = () => false): Promise<Pruned> {
  const pruned: Record<string, number> = {};
  for (const [table, slice] of Object.entries(slices)) {
    for (let deleted = -1; deleted !== 0 && !isStopped(); ) {
      const { numAffectedRows } = await slice(beforeMs, rowsInSlice).execute(store);
      deleted = Number(numAffectedRows ?? 0);
      if (deleted > 0) pruned[table] = (pruned[table] ?? 0) + deleted;
    }
  }
  return pruned;
}

/** Prunes now and once a day, until the returned function is called; the slice at hand then is finished first. */
export function pruneDaily(host: Host, fatal: (error: unknown) => void): () => Promise<void> {
  const { store, clock, log } = host;
  let stopped = false;
  let cancel = (): void => {};
  const run = async (): Promise<void> => {
    const pruned = await prune(store, clock.now() - keepMs, () => stopped);
    if (Object.keys(pruned).length > 0) log('info', 'host.pruned', pruned);
    if (!stopped) cancel = clock.after(dayMs, again);
  };
  let running = Promise.resolve();
  const again = (): void => {
    running = run().catch(fatal);
  };
  cancel = clock.after(0, again);
  return async () => {
    stopped = true;
    cancel();
    await running;
  };
}
