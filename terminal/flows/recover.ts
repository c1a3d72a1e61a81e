import { openIntents } from '../payments/queries.ts';
import { doubtOrder } from './code-sale-order.ts';
import { recordUnanswered } from './record-answer.ts';
import type { World } from './world.ts';

/**
 * One rule for each state that is not final; runs at every start and whenever due work is looked at (design.md, rule 2):
 * - payment CREATED or AUTHORIZING that no flow of this process waits for: the request may have left → its reversal is due;
 * - code sale in the same state: its order is asked after, and so it is when UNKNOWN: due work `code` (code-sale-order.ts);
 * - payment STORED, refund REQUESTED or PROCESSING: the stream resends, the result comes down (upstream-news.ts);
 * - payment REVERSING: its `reversal` due work delivers it (deliver-reversals.ts);
 * - batch FROZEN … CLEAR_DUE: the stream resends, `advanceClose` goes on where it was (end-of-day.ts);
 * - invoice REQUESTED: the stream resends, the result comes down (upstream-news.ts);
 * - settlement REQUESTED, PROCESSING: the reserve stays, the stream resends, the result comes down (upstream-news.ts).
 * Returns how many sales were found open.
 */
export function recover(world: World): number {
  const lost = openIntents(world.db).filter((payment) => !world.session.running.has(payment.no));
  for (const payment of lost) {
    if (payment.txn === 'code-sale') doubtOrder(world, payment, 'restart', 0);
    else recordUnanswered(world, payment, undefined, 'restart');
    world.log('warn', 'sale-lost-its-process', { payment: payment.no, stan: payment.stan });
  }
  return lost.length;
}
