import { audit } from '../base/audit.ts';
import { inTransaction } from '../base/database.ts';
import { type BookCheck, bookSteps } from './check-book.ts';
import { inSlices } from './prove-book.ts';
import type { World } from './world.ts';

/** Checks the book of the running terminal (check-book.ts) while sales go on; a book that does not add up is written down and logged. */
export async function ledgerCheck(world: World): Promise<BookCheck> {
  const check = await inSlices(world, bookSteps);
  if (!check.ok && world.db.open) {
    world.log('error', 'ledger-does-not-add-up', { problems: check.problems.length });
    inTransaction(world.db, (tx) =>
      audit(tx, {
        at: world.clock.now(),
        by: 'SYS',
        action: 'ledger-check',
        about: '',
        outcome: 'refused',
        details: { problems: check.problems.length },
      }),
    );
  }
  return check;
}
