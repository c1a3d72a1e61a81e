import { inTransaction } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { paymentByStan } from '../payments/queries.ts';
import { resumeReversal } from '../payments/reverse.ts';
import { resumeClose } from '../settlement/close-batch.ts';
import { batchByNo, currentBatch, newestBatches } from '../settlement/queries.ts';
import { authoriseBySupervisor } from '../users/authorise-by-supervisor.ts';
import { authorise } from '../users/roles.ts';
import type { User } from '../users/user.ts';
import type { BatchDesk } from './batch-desk.ts';
import { deliverReversals } from './deliver-reversals.ts';
import { requireOnline } from './host-link.ts';
import { batchView } from './views.ts';
import { changed, type World } from './world.ts';

/**
 * What needs a human (states.md 1 and 3) has a way out with two persons: one at the host decides what happened, and 00 here lets the terminal go on with it. Nothing is
 * decided here, so nothing can be made up here.
 */

/** Runs a command of a counter; what is refused is written down. */
type Run = <T>(action: string, work: () => T | Promise<T>) => Promise<T>;

export const batchDesk = (world: World, user: () => User, run: Run): BatchDesk => ({
  list: (limit) => newestBatches(world.db, limit).map(batchView),
  byNo(no) {
    const batch = batchByNo(world.db, no);
    return batch && batchView(batch);
  },
  resume: (secret) => run('batch-resume', () => resumeBatch(world, user(), secret)),
  resumeReversal: (stan, signal, secret) =>
    run('reversal-resume', () => resumeReversalOf(world, user(), { stan, secret }, signal)),
});

/** 00 says yes by being there. FORBIDDEN without the secret, SECRET_WRONG, OPERATOR_LOCKED. */
async function approvedBy(world: World, user: User, secret: string | undefined, about: string): Promise<string> {
  if (user.role !== 'C') return user.no;
  if (secret === undefined) throw new TerminalError('FORBIDDEN', { operator: user.no, action: 'close-batch' });
  return (await authoriseBySupervisor(world, user, secret, { action: 'close-batch', about })).supervisor;
}

async function resumeBatch(world: World, user: User, secret: string | undefined) {
  authorise(user, 'close-batch');
  const { no } = batchInError(world);
  const supervisor = await approvedBy(world, user, secret, no);
  inTransaction(world.db, (tx) => {
    resumeClose(tx, world.clock.now(), batchInError(world), { by: user.no, supervisor });
  });
  world.link.wake();
  changed(world);
  return batchView(batchByNo(world.db, no) ?? batchInError(world));
}

function batchInError({ db }: World) {
  const batch = currentBatch(db);
  if (batch?.state !== 'NEEDS_HUMAN')
    throw new TerminalError('ILLEGAL_STATE', { state: batch?.state ?? 'CLOSED', event: 'close-batch' });
  return batch;
}

async function resumeReversalOf(
  world: World,
  user: User,
  { stan, secret }: { readonly stan: string; readonly secret: string | undefined },
  signal: AbortSignal,
): Promise<'ended' | 'needs-human' | 'continues'> {
  authorise(user, 'close-batch');
  requireOnline(world);
  const { maxReversalRefusals, reversalWaitMs } = world.config.limits;
  const { no } = stuck(world, stan);
  const supervisor = await approvedBy(world, user, secret, no);
  inTransaction(world.db, (tx) =>
    resumeReversal(tx, world.clock.now(), stuck(world, stan), maxReversalRefusals, { by: user.no, supervisor }),
  );
  changed(world);
  await deliverReversals(world, reversalWaitMs, signal);
  const state = paymentByStan(world.db, stan)?.state;
  if (state === 'REVERSED') return 'ended';
  return state === 'NEEDS_HUMAN' ? 'needs-human' : 'continues';
}

function stuck({ db }: World, stan: string) {
  const payment = paymentByStan(db, stan);
  if (!payment) throw new TerminalError('NOT_FOUND', { what: 'transaction', no: stan });
  if (payment.state !== 'NEEDS_HUMAN')
    throw new TerminalError('ILLEGAL_STATE', { state: payment.state, event: 'reversal-resume' });
  return payment;
}
