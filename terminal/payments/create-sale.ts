import type { Clock } from '../base/clock.ts';
import { at } from '../base/crash-points.ts';
import { type Database, inTransaction } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { newId } from '../base/ids.ts';
import { type Fen, formatYuan, zeroFen } from '../base/money.ts';
import type { Random } from '../base/random.ts';
import { authorise } from '../users/roles.ts';
import type { User } from '../users/user.ts';
import type { Payment } from './payment.ts';
import { getInState, getOpen, insertPayment, takeStan } from './store.ts';

export interface SaleIntent {
  readonly amount: Fen;
  readonly user: User;
  /** The batch that is open, or undefined when the terminal is not signed in. */
  readonly batch:
    | { readonly no: string; readonly businessDate: string; readonly open: boolean; readonly records: number }
    | undefined;
  readonly maxAmountFen: Fen;
  readonly maxRecords: number;
}

/**
 * Commits the intent of a sale: number, STAN, and the reversal that is due if we die (payments.md, Reversal 1). Nothing has left yet.
 * FORBIDDEN, INVALID_AMOUNT, SIGN_IN_REQUIRED, BATCH_CLOSING, BATCH_FULL, REVERSAL_PENDING.
 */
export function createSale(
  db: Database,
  world: { readonly clock: Clock; readonly random: Random },
  intent: SaleIntent,
): Payment {
  const { amount, user, batch } = intent;
  authorise(user, 'sale');
  if (amount <= 0 || amount > intent.maxAmountFen) {
    throw new TerminalError('INVALID_AMOUNT', {
      value: formatYuan(amount),
      min: '0.01',
      max: formatYuan(intent.maxAmountFen),
    });
  }
  if (!batch) throw new TerminalError('SIGN_IN_REQUIRED');
  if (!batch.open) throw new TerminalError('BATCH_CLOSING', { batch: batch.no });
  if (batch.records >= intent.maxRecords) throw new TerminalError('BATCH_FULL', { limit: intent.maxRecords });
  const due = getInState(db, 'REVERSING').length + getOpen(db).length;
  if (due > 0) throw new TerminalError('REVERSAL_PENDING', { value: due });

  const payment = inTransaction(db, (tx) => {
    const created: Payment = {
      no: newId(world.clock, world.random),
      txn: 'sale',
      state: 'CREATED',
      batch: batch.no,
      businessDate: batch.businessDate,
      stan: takeStan(tx),
      operator: user.no,
      amountFen: amount,
      feeFen: zeroFen,
      rateId: null,
      cardGroup: null,
      entry: null,
      card: null,
      chip: null,
      code: null,
      rrn: null,
      authCode: null,
      issuer: null,
      acquirer: null,
      createdAt: world.clock.now(),
      endedAt: null,
      why: null,
      reversal: 'DUE',
      reversalAttempts: 0,
      reversalRefusals: 0,
      prints: 0,
    };
    insertPayment(tx, created);
    at('sale.in-intent');
    return created;
  });
  at('sale.after-intent');
  return payment;
}
