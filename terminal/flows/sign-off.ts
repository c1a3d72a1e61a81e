import { audit } from '../base/audit.ts';
import { inTransaction } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { takeStan } from '../payments/store.ts';
import { currentBatch } from '../settlement/queries.ts';
import { authorise } from '../users/roles.ts';
import type { User } from '../users/user.ts';
import { requireDecided } from './decided.ts';
import { deliverReversals } from './deliver-reversals.ts';
import { askHost, requireOnline } from './host-link.ts';
import { changed, oneAtATime, type World } from './world.ts';

/**
 * 签退. Until the next sign-in by hand, or the next start, nothing is sold. Not with records in the open batch or a due reversal (payments.md).
 * FORBIDDEN, REVERSAL_PENDING, NEEDS_HUMAN, BATCH_HAS_UNKNOWN, BATCH_CLOSING, ILLEGAL_STATE (BATCH_OPEN), SIGN_IN_REQUIRED, OFFLINE (also without an answer).
 */
export function signOff(world: World, user: User, signal: AbortSignal): Promise<void> {
  authorise(user, 'sign-off');
  return oneAtATime(world, 'sale', async () => {
    await deliverReversals(world, world.config.limits.reversalWaitMs, signal);
    requireDecided(world);
    const batch = requireNoBatch(world);
    if (!world.session.signedIn) throw new TerminalError('SIGN_IN_REQUIRED');
    requireOnline(world);
    const stan = inTransaction(world.db, (tx) => takeStan(tx));
    const request = { kind: 'sign-off', stan, operator: user.no, batch } as const;
    const answer = await askHost(world, world.config.terminal, request, {
      waitMs: world.config.limits.hostWaitMs,
      signal,
    });
    if (typeof answer === 'string') throw new TerminalError('OFFLINE');
    if (answer.stan !== stan) throw new TerminalError('UPSTREAM_UNKNOWN');
    if (answer.code !== '00') throw new TerminalError('ILLEGAL_STATE', { state: 'BATCH_OPEN', event: 'sign-off' });
    world.session.signedIn = false;
    world.session.signedOff = true;
    inTransaction(world.db, (tx) =>
      audit(tx, { at: world.clock.now(), by: user.no, action: 'sign-off', about: batch ?? '', outcome: 'ok' }),
    );
    changed(world);
  });
}

/** The number of the open batch, which has no records yet. */
function requireNoBatch(world: World): string | null {
  const batch = currentBatch(world.db);
  if (batch && batch.state !== 'OPEN') throw new TerminalError('BATCH_CLOSING', { batch: batch.no });
  if (batch && batch.records > 0) throw new TerminalError('ILLEGAL_STATE', { state: 'BATCH_OPEN', event: 'sign-off' });
  return batch?.no ?? null;
}
