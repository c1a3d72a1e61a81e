import { audit } from '../base/audit.ts';
import { inTransaction } from '../base/database.ts';
import { checkLedger, type LedgerCheck } from '../ledger/check.ts';
import type { World } from './world.ts';

/** Checks the book of the running terminal (P-01 to P-04); a book that does not add up is written down and logged. */
export function ledgerCheck(world: World): LedgerCheck {
  const check = checkLedger(world.db);
  if (!check.ok) {
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
