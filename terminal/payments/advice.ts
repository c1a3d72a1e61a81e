import { send } from '../../sync/stream/send.ts';
import { audit } from '../base/audit.ts';
import type { Clock } from '../base/clock.ts';
import { at } from '../base/crash-points.ts';
import { type Database, inTransaction } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { fen } from '../base/money.ts';
import { parameter } from '../base/parameters.ts';
import type { Random } from '../base/random.ts';
import { authorise } from '../users/roles.ts';
import { category } from './category.ts';
import { checkAmount, type Intent, newPayment } from './create-payment.ts';
import { checkOriginal } from './originals.ts';
import { next, type Payment } from './payment.ts';
import { getOpen, getPayment, getWaiting, insertPayment, updateAnswered } from './store.ts';

/**
 * A completion that is told instead of asked (预授权完成通知), of a pre-authorisation of this terminal. Nothing is posted until its result
 * (told-result.ts); it can not be voided.
 * FORBIDDEN, NOT_FOUND, ILLEGAL_STATE, INVALID_AMOUNT over the parameter's share of what is held, SIGN_IN_REQUIRED, BATCH_CLOSING, BATCH_FULL.
 */
export function adviseCompletion(
  db: Database,
  world: { readonly clock: Clock; readonly random: Random },
  intent: Omit<Intent, 'txn' | 'approvedBy'> & { readonly original: string },
): Payment {
  const { user, amount, batch } = intent;
  authorise(user, 'completion');
  const held = getPayment(db, intent.original);
  if (!held) throw new TerminalError('NOT_FOUND', { what: 'transaction', no: intent.original });
  const mostFen = Math.floor((held.amountFen * parameter(db, 'preauth.maxPercent')) / 100);
  checkAmount(amount, fen(Math.min(intent.maxAmountFen, mostFen)));
  if (!batch) throw new TerminalError('SIGN_IN_REQUIRED');
  if (!batch.open) throw new TerminalError('BATCH_CLOSING', { batch: batch.no });
  if (batch.records >= intent.maxRecords) throw new TerminalError('BATCH_FULL', { limit: intent.maxRecords });
  if (getOpen(db).length > 0) throw new TerminalError('REVERSAL_PENDING', { value: 1 });
  checkOriginal(db, world.clock.now(), 'completion-advice', held, batch);
  if (getWaiting(db, 'STORED').some(({ original }) => original === held.no))
    throw new TerminalError('ILLEGAL_STATE', { state: 'STORED', event: 'completion' });

  const payment = inTransaction(db, (tx) => {
    const made = newPayment(tx, world, { txn: 'completion-advice', user, amount, batch, original: held });
    const { entry, card, cardGroup } = held;
    const told: Payment = { ...made, state: next(made, 'store'), entry, card, cardGroup, reversal: null };
    insertPayment(tx, told);
    updateAnswered(tx, told, undefined);
    const { no, stan, createdAt, operator } = told;
    const details = { amountFen: amount, stan, original: held.no };
    audit(tx, { at: createdAt, by: operator, action: 'completion-advice', about: no, outcome: 'ok', details });
    send(tx.db, {
      kind: 'complete-by-advice',
      id: no,
      body: {
        no,
        at: createdAt,
        by: operator,
        facts: {
          batch: batch.no,
          stan,
          amountFen: amount,
          entry: entry ?? 'CHIP',
          card,
          original: held.no,
          authCode: held.authCode,
          mcc: category(db),
        },
        journals: [],
      },
    });
    at('stored.in-store');
    return told;
  });
  at('stored.after-store');
  return payment;
}
