import type { Sealed } from '../../sync/protocol/sealed.ts';
import { send } from '../../sync/stream/send.ts';
import { audit } from '../base/audit.ts';
import { type Clock, hourMs } from '../base/clock.ts';
import { at } from '../base/crash-points.ts';
import { type Database, inTransaction } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { type Fen, formatYuan, sumFen } from '../base/money.ts';
import { parameter } from '../base/parameters.ts';
import type { Random } from '../base/random.ts';
import { authorise } from '../users/roles.ts';
import { category } from './category.ts';
import { checkAmount, type Intent, newPayment } from './create-payment.ts';
import { type CardFacts, next, type Payment } from './payment.ts';
import { checkSaleRisk } from './risk.ts';
import { getOpen, getWaiting, insertPayment, updateAnswered } from './store.ts';

/**
 * An offline sale (离线消费): accepted here within its limits, its card sealed to the host at once, and told. Nothing is posted until its result
 * (told-result.ts). The row in the outbox is the instruction: it is resent until the host has it.
 */

export type StoredIntent = Omit<Intent, 'txn' | 'original' | 'approvedBy'>;

/**
 * Whether a sale of this amount may be taken offline now. FORBIDDEN, INVALID_AMOUNT, SIGN_IN_REQUIRED, BATCH_CLOSING, BATCH_FULL; OFFLINE_NOT_ALLOWED with the
 * limit, its value and what is used of it. `entry`: as soon as it is known.
 */
export function checkStored(db: Database, clock: Clock, intent: StoredIntent, entry?: CardFacts['entry']): void {
  const { user, amount, batch } = intent;
  authorise(user, 'sale');
  checkAmount(amount, intent.maxAmountFen);
  if (!batch) throw new TerminalError('SIGN_IN_REQUIRED');
  if (!batch.open) throw new TerminalError('BATCH_CLOSING', { batch: batch.no });
  if (batch.records >= intent.maxRecords) throw new TerminalError('BATCH_FULL', { limit: intent.maxRecords });
  checkSaleRisk(db, clock, amount);
  if (getOpen(db).length > 0) throw new TerminalError('REVERSAL_PENDING', { value: 1 });
  const over = overLimit(db, clock, amount, entry);
  if (over) throw new TerminalError('OFFLINE_NOT_ALLOWED', { ...over });
}

interface Over {
  readonly what: string;
  readonly value: string | number;
  readonly limit: string | number;
}

function overLimit(db: Database, clock: Clock, amount: Fen, entry: CardFacts['entry'] | undefined): Over | undefined {
  if (!parameter(db, 'offline.enabled')) return { what: 'offline-off', value: '', limit: '' };
  if (entry === 'MAG') return { what: 'offline-entry', value: entry, limit: 'CHIP/CONTACTLESS' };
  const stored = getWaiting(db, 'STORED').filter(({ txn }) => txn === 'stored-sale');
  const money = (what: string, value: number, limit: number): Over | undefined =>
    value > limit ? { what, value: formatYuan(value), limit: formatYuan(limit) } : undefined;
  const number = (what: string, value: number, limit: number): Over | undefined =>
    value > limit ? { what, value, limit } : undefined;
  const oldestMs = clock.now() - Math.min(clock.now(), ...stored.map(({ createdAt }) => createdAt));
  return (
    money('offline-amount', amount, parameter(db, 'offline.maxFen')) ??
    money('offline-total', sumFen([amount, ...stored.map((p) => p.amountFen)]), parameter(db, 'offline.maxTotalFen')) ??
    number('offline-count', stored.length + 1, parameter(db, 'offline.maxCount')) ??
    number('offline-age', Math.floor(oldestMs / hourMs), parameter(db, 'offline.maxAgeHours'))
  );
}

/**
 * Takes the sale: number, STAN, facts of the card and the sealed card, in one transaction. `seal` gets the payment's number. What checkStored refuses, and
 * DISK_FULL: nothing is overwritten.
 */
export function storeSale(
  db: Database,
  world: { readonly clock: Clock; readonly random: Random },
  intent: StoredIntent,
  card: CardFacts,
  seal: (payment: string) => Sealed,
): Payment {
  checkStored(db, world.clock, intent, card.entry);
  const { user, amount, batch } = intent;
  if (!batch) throw new TerminalError('SIGN_IN_REQUIRED');
  const payment = inTransaction(db, (tx) => {
    const made = newPayment(tx, world, { txn: 'stored-sale', user, amount, batch });
    const { entry, card: masked, chip } = card;
    const stored: Payment = { ...made, state: next(made, 'store'), entry, card: masked, chip, reversal: null };
    insertPayment(tx, stored);
    updateAnswered(tx, stored, card);
    const { no, stan, createdAt, operator } = stored;
    const details = { amountFen: amount, stan };
    audit(tx, { at: createdAt, by: operator, action: 'stored-sale', about: no, outcome: 'ok', details });
    send(tx.db, {
      kind: 'store-sale',
      id: no,
      body: {
        no,
        at: createdAt,
        by: operator,
        facts: {
          batch: batch.no,
          stan,
          amountFen: amount,
          entry: entry === 'CHIP' ? 'CHIP' : 'CONTACTLESS',
          card: masked,
          sealed: seal(no),
          mcc: category(db),
        },
        journals: [],
      },
    });
    at('stored.in-store');
    return stored;
  });
  at('stored.after-store');
  return payment;
}
