import type { Host } from './host.ts';
import { shanghaiDay } from './shanghai.ts';
import type { HostTrx } from './store.ts';

/**
 * What the host lets go of. A terminal that is replaced gets its whole book back from the inbox and the outbox (restore-book.ts), so whatever tells of money stays
 * as long as its journals do, five years at least. What goes are rows that told nothing new, what is only looked at once, books that were given back and files
 * that arrived (a bill that is wanted again is made again), bills that nobody asks about any more.
 */

const dayMs = 24 * 3_600_000;
/** Longer than a terminal keeps what it could send again. */
const keepMs = 400 * dayMs;

/** Told for people to look at; a book does without. */
const passing = ['telemetry', 'audit-line', 'opening'] as const;

export interface Pruned {
  readonly inbox: number;
  readonly outbox: number;
}

/** Deletes it, in the caller's transaction: of the inbox what is from before `beforeMs`; of the outbox books and files that the terminals have. */
export async function prune(trx: HostTrx, beforeMs: number): Promise<Pruned> {
  const inbox = await trx
    .deleteFrom('inbox')
    .where('at', '<', beforeMs)
    .where('code', 'is', null)
    .where((eb) =>
      eb.or([eb('state', '=', 'repeated'), eb.and([eb('state', '=', 'applied'), eb('kind', 'in', passing)])]),
    )
    .executeTakeFirst();
  const outbox = await trx
    .deleteFrom('outbox')
    .where('kind', 'in', ['book-restore', 'file-part'])
    .where((eb) =>
      eb(
        'seq',
        '<=',
        eb.selectFrom('stream').select('stream.down_acked').whereRef('stream.id', '=', 'outbox.stream').limit(1),
      ),
    )
    .executeTakeFirst();
  await trx.deleteFrom('bill_parts').where('date', '<', shanghaiDay(beforeMs)).execute();
  return { inbox: Number(inbox.numDeletedRows), outbox: Number(outbox.numDeletedRows) };
}

/** Prunes now and once a day, until the returned function is called; what is at hand then is finished first. */
export function pruneDaily(host: Host, fatal: (error: unknown) => void): () => Promise<void> {
  const { store, clock, log } = host;
  let stopped = false;
  let cancel = (): void => {};
  const run = async (): Promise<void> => {
    const pruned = await store.transaction().execute((trx) => prune(trx, clock.now() - keepMs));
    if (pruned.inbox + pruned.outbox > 0) log('info', 'host.pruned', { ...pruned });
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
