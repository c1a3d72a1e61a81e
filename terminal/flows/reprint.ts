import { audit } from '../base/audit.ts';
import { inTransaction } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { newestPayments, paymentByStan } from '../payments/queries.ts';
import { countBatchPrint } from '../settlement/close-batch.ts';
import { lastClosedBatch } from '../settlement/queries.ts';
import { authorise } from '../users/roles.ts';
import type { User } from '../users/user.ts';
import type { ReprintTarget } from './counter.ts';
import { deviceRefusal } from './device-refusal.ts';
import { printBatch, printSale } from './print.ts';
import { changed, type World } from './world.ts';

/**
 * Prints a slip again, or what is missing of it. Only what was booked has a slip. The copy carries the duplicate mark when the slip came out
 * before, and is counted.
 * A `signal` that is aborted before the slip has its turn keeps the paper; half a slip is worse than a slip nobody waits for.
 * NOT_FOUND, ILLEGAL_STATE, PAPER_OUT, DEVICE_*.
 */
export async function reprint(world: World, user: User, what: ReprintTarget, signal: AbortSignal): Promise<void> {
  authorise(user, 'reprint');
  const problem =
    what.kind === 'batch-slip' ? await reprintBatch(world, user, signal) : await reprintSale(world, what, signal);
  changed(world);
  if (problem) throw deviceRefusal(problem, 'printer');
}

function reprintSale(
  world: World,
  what: Exclude<ReprintTarget, { kind: 'batch-slip' }>,
  signal: AbortSignal,
): Promise<string | undefined> {
  const booked = (state: string) => state === 'PAID' || state === 'CLEARED';
  const payment =
    what.kind === 'last'
      ? newestPayments(world.db, 100).find((p) => booked(p.state))
      : paymentByStan(world.db, what.stan);
  if (!payment)
    throw new TerminalError('NOT_FOUND', { what: 'transaction', no: what.kind === 'last' ? '' : what.stan });
  if (!booked(payment.state)) throw new TerminalError('ILLEGAL_STATE', { state: payment.state, event: 'reprint' });
  return printSale(world, payment, payment.prints > 0, signal);
}

async function reprintBatch(world: World, user: User, signal: AbortSignal): Promise<string | undefined> {
  const batch = lastClosedBatch(world.db);
  if (!batch) throw new TerminalError('NOT_FOUND', { what: 'batch-slip', no: '' });
  const problem = await printBatch(world, batch, batch.prints > 0, signal);
  if (problem) return problem;
  inTransaction(world.db, (tx) => {
    countBatchPrint(tx, batch);
    audit(tx, { at: world.clock.now(), by: user.no, action: 'reprint', about: batch.no, outcome: 'ok' });
  });
  return undefined;
}
