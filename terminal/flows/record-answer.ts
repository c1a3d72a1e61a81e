import type { CardAnswer } from '../../sync/protocol/card-requests.ts';
import { at } from '../base/crash-points.ts';
import { inTransaction } from '../base/database.ts';
import { schedule } from '../base/due-work.ts';
import { kinds } from '../payments/kinds.ts';
import type { CardFacts, Payment } from '../payments/payment.ts';
import {
  answersPayment,
  isApproval,
  recordApproved,
  recordDeclined,
  recordUnknown,
  type WhyUnknown,
} from '../payments/record-answer.ts';
import { countRecord } from '../settlement/open-batch.ts';
import { notePaid } from './settle-at-once.ts';
import type { World } from './world.ts';

type Part = Pick<World, 'db' | 'clock'>;

/**
 * What the host said about a transaction, in one database transaction: payment, what it does to another, journals, batch totals, audit, and the row for the
 * host. `card`: undefined where none was asked for.
 */
export function recordAnswer(world: Part, payment: Payment, card: CardFacts | undefined, answer: CardAnswer): Payment {
  if (!answersPayment(payment, answer)) return recordUnanswered(world, payment, card, 'bad-answer');
  const now = world.clock.now();
  const recorded = inTransaction(world.db, (tx) => {
    if (!isApproval(answer)) return recordDeclined(tx, now, payment, card, answer);
    const done = recordApproved(tx, now, payment, card, answer);
    const { side } = kinds[done.txn];
    if (side) countRecord(tx, done, side);
    notePaid(tx, done);
    at('sale.in-result');
    return done;
  });
  at('sale.after-result');
  return recorded;
}

/** The request may have arrived and no answer is to be trusted: the reversal is due, and its delivery is due work from now on. */
export function recordUnanswered(world: Part, payment: Payment, card: CardFacts | undefined, why: WhyUnknown): Payment {
  const now = world.clock.now();
  const reversing = inTransaction(world.db, (tx) => {
    schedule(tx, 'reversal', payment.no, now);
    const recorded = recordUnknown(tx, now, payment, card, why);
    at('sale.in-doubt');
    return recorded;
  });
  at('sale.after-doubt');
  return reversing;
}
