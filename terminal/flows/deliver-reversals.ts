import { at } from '../base/crash-points.ts';
import { inTransaction } from '../base/database.ts';
import { finishWork, schedule } from '../base/due-work.ts';
import { faultWork } from '../payments/fault-slip.ts';
import type { Payment } from '../payments/payment.ts';
import { reversalsDue } from '../payments/queries.ts';
import { markReversalSent, recordReversalAnswer } from '../payments/reverse.ts';
import { askHost, isOnline } from './host-link.ts';
import { changed, oneAtATime, type World } from './world.ts';

/**
 * Sends the due reversals, the oldest first, and stops at the first that could not be delivered (payments.md, Reversal 3). Ends after `waitMs`
 * at the latest, or when `signal` is aborted; what is left stays due.
 */
export function deliverReversals(world: World, waitMs: number, signal: AbortSignal): Promise<void> {
  const endMs = world.clock.now() + waitMs;
  return oneAtATime(world, 'reversals', async () => {
    for (const payment of reversalsDue(world.db)) {
      const leftMs = endMs - world.clock.now();
      if (leftMs <= 0 || signal.aborted || !isOnline(world)) return;
      if (!(await deliver(world, payment, leftMs, signal))) return;
    }
  });
}

async function deliver(world: World, due: Payment, waitMs: number, signal: AbortSignal): Promise<boolean> {
  const { reversalRetryMs: first, reversalRetryMaxMs: max } = world.config.limits;
  const delayMs = Math.min(max, first * 2 ** Math.min(due.reversalAttempts, 16));
  const sent = inTransaction(world.db, (tx) => {
    schedule(tx, 'reversal', due.no, world.clock.now() + delayMs);
    return markReversalSent(tx, due);
  });
  at('reversal.before-send');
  const { no, stan, batch, askedFen: amountFen, why } = due;
  const request = { kind: 'reverse', payment: no, of: due.txn, stan, batch, amountFen, reason: why ?? '' } as const;
  const answer = await askHost(world, no, request, { waitMs, signal, sent: () => at('reversal.after-send') });
  if (typeof answer === 'string' || answer.payment !== no || answer.stan !== stan) return false;
  const ended = inTransaction(world.db, (tx) => {
    const after = recordReversalAnswer(
      tx,
      world.clock.now(),
      sent,
      answer.code,
      world.config.limits.maxReversalRefusals,
    );
    if (after.state !== 'REVERSING') finishWork(tx, 'reversal', due.no);
    if (after.state === 'NEEDS_HUMAN') schedule(tx, faultWork, due.no, world.clock.now());
    at('reversal.in-result');
    return after;
  });
  at('reversal.after-result');
  world.link.wake();
  changed(world);
  return ended.state !== 'REVERSING';
}
