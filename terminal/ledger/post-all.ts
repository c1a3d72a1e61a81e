import type { Tx } from '../base/database.ts';
import { fen } from '../base/money.ts';
import { takeRests } from './freezes.ts';
import type { Journal } from './journal.ts';
import { post } from './post.ts';
import { balanceOf } from './queries.ts';
import { recovered } from './risk-journals.ts';

/**
 * Posts journals and what must follow at once upon each that credits 2002: first J-12, then the rests of J-09. Returns all of them in the order
 * of posting: they go up in the same row. What was posted before has no followers again.
 */
export function postAll(tx: Tx, journals: readonly Journal[]): readonly Journal[] {
  return journals.flatMap((journal) =>
    post(tx, journal) === 'posted' && creditsAvailable(journal) ? [journal, ...followers(tx, journal)] : [journal],
  );
}

const creditsAvailable = ({ lines }: Journal): boolean =>
  lines.some((line) => line.account === '2002' && line.side === 'C');

function followers(tx: Tx, cause: Journal): readonly Journal[] {
  const recovery = recoveryAfter(tx, cause);
  return [...(recovery ? [recovery] : []), ...takeRests(tx, cause)];
}

function recoveryAfter(tx: Tx, cause: Journal): Journal | undefined {
  const owedFen = balanceOf(tx.db, '1202');
  const amountFen = fen(Math.min(owedFen, balanceOf(tx.db, '2002')));
  if (amountFen <= 0) return undefined;
  const recovery = recovered(cause, amountFen);
  post(tx, recovery);
  return recovery;
}
