import type { SaleAnswer } from '../../sync/protocol/requests.ts';
import { at } from '../base/crash-points.ts';
import { inTransaction } from '../base/database.ts';
import { schedule } from '../base/due-work.ts';
import type { CardFacts, Payment } from '../payments/payment.ts';
import { answersSale, recordApproved, recordDeclined, recordUnknown } from '../payments/record-answer.ts';
import { countSale } from '../settlement/open-batch.ts';
import type { World } from './world.ts';

type Part = Pick<World, 'db' | 'clock'>;
type Unknown = 'no-answer' | 'bad-answer' | 'cancelled' | 'card-refused' | 'restart';

/** What the host said about a sale, in one transaction: payment, journal, batch totals, audit, and the row for the host. */
export function recordSaleAnswer(world: Part, payment: Payment, card: CardFacts, answer: SaleAnswer): Payment {
  if (!answersSale(payment, answer)) return recordUnknownSale(world, payment, card, 'bad-answer');
  const now = world.clock.now();
  const recorded = inTransaction(world.db, (tx) => {
    if (answer.code !== '00') return recordDeclined(tx, now, payment, card, answer);
    const paid = recordApproved(tx, now, payment, card, answer);
    countSale(tx, paid);
    at('sale.in-result');
    return paid;
  });
  at('sale.after-result');
  return recorded;
}

/** The request may have arrived and no answer is to be trusted: the reversal is due, and its delivery is due work from now on. */
export function recordUnknownSale(world: Part, payment: Payment, card: CardFacts | undefined, why: Unknown): Payment {
  const now = world.clock.now();
  return inTransaction(world.db, (tx) => {
    schedule(tx, 'reversal', payment.no, now);
    return recordUnknown(tx, now, payment, card, why);
  });
}
