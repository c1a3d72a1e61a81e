import type { Database } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { needingHuman, openIntents, reversalsDue, undecided } from '../payments/queries.ts';
import { refundsUndecided } from '../payments/refund-queries.ts';
import type { World } from './world.ts';

/** REVERSAL_PENDING. */
export function requireNoReversal({ db }: Pick<World, 'db'>): void {
  const due = reversalsDue(db);
  if (due.length > 0) throw new TerminalError('REVERSAL_PENDING', { value: due.length });
}

/**
 * Whether everything of the open batch has its end (states.md 3): no reversal due or stuck, nothing running, no code order and no void in doubt, every stored
 * sale, advice and refund accepted or refused. REVERSAL_PENDING, NEEDS_HUMAN, BATCH_HAS_UNKNOWN.
 */
export function requireDecided(world: Pick<World, 'db'>): void {
  const { db } = world;
  requireNoReversal(world);
  const stuck = needingHuman(db)[0];
  if (stuck) throw new TerminalError('NEEDS_HUMAN', { what: `流水${stuck.stan}` });
  const open = undecidedCount(db);
  if (open > 0) throw new TerminalError('BATCH_HAS_UNKNOWN', { value: open });
}

/** Payments and refunds that have no end yet. */
export const undecidedCount = (db: Database): number =>
  openIntents(db).length + undecided(db).length + refundsUndecided(db);
