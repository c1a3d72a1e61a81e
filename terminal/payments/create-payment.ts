import type { TxnKind } from '../../sync/protocol/common.ts';
import { assert } from '../base/assert.ts';
import type { Clock } from '../base/clock.ts';
import { at } from '../base/crash-points.ts';
import { type Database, inTransaction, type Tx } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { newId } from '../base/ids.ts';
import { type Fen, fen, formatYuan, zeroFen } from '../base/money.ts';
import { parameter } from '../base/parameters.ts';
import type { Random } from '../base/random.ts';
import { authorise } from '../users/roles.ts';
import type { User } from '../users/user.ts';
import { kinds } from './kinds.ts';
import { checkOriginal, lockOriginal } from './originals.ts';
import type { Payment } from './payment.ts';
import { checkSaleRisk } from './risk.ts';
import { sendRecord } from './send-record.ts';
import { getInState, getOpen, getPayment, insertPayment, takeStan } from './store.ts';

/** Transactions that are asked of the host with a reversal if no answer comes (payments.md). */
export type AskedTxn = Exclude<TxnKind, 'code-sale' | 'stored-sale' | 'completion-advice'>;

export interface Intent {
  readonly txn: AskedTxn;
  /** What was keyed; of a void it is the original's, whatever stands here. */
  readonly amount: Fen;
  readonly user: User;
  /** The batch that is open, or undefined when the terminal is not signed in. */
  readonly batch: IntentBatch | undefined;
  readonly maxAmountFen: Fen;
  readonly maxRecords: number;
  /** Number of the payment that is voided or completed. Undefined for a completion of a pre-authorisation that this terminal does not know. */
  readonly original?: string | undefined;
  /** Its authorisation code, where that is all that is known of it. */
  readonly originAuthCode?: string | undefined;
  /** Who authorised it (authorise-by-supervisor.ts), where one must. */
  readonly approvedBy?: string | undefined;
}

export interface IntentBatch {
  readonly no: string;
  readonly businessDate: string;
  readonly open: boolean;
  readonly records: number;
}

type Given = { readonly clock: Clock; readonly random: Random };

/**
 * Commits the intent of a transaction: number, STAN, and the reversal that is due if we die (payments.md, Reversal 1); a void locks its original. Nothing
 * has left yet.
 * FORBIDDEN, INVALID_AMOUNT, SIGN_IN_REQUIRED, BATCH_CLOSING, BATCH_FULL, RISK_BLOCKED, REVERSAL_PENDING; about the original: NOT_FOUND, ILLEGAL_STATE, REFUND_IN_PROGRESS,
 * RISK_BLOCKED, INSUFFICIENT_BALANCE.
 */
export function createPayment(db: Database, world: Given, intent: Intent): Payment {
  const { user, txn } = intent;
  authorise(user, txn);
  const original = intent.original === undefined ? undefined : getPayment(db, intent.original);
  if (intent.original !== undefined && !original)
    throw new TerminalError('NOT_FOUND', { what: 'transaction', no: intent.original });
  const isVoid = kinds[txn].needsSupervisor === true;
  assert(!isVoid || original, 'a void names its original');
  const amount = isVoid && original ? original.amountFen : intent.amount;
  checkAmount(amount, mostFen(db, intent, original));
  const batch = openBatch(intent);
  if (txn === 'sale') checkSaleRisk(db, world.clock, amount);
  const due = getInState(db, 'REVERSING').length + getOpen(db).length;
  if (due > 0) throw new TerminalError('REVERSAL_PENDING', { value: due });
  if (original) checkOriginal(db, world.clock.now(), txn, original, batch);

  const payment = inTransaction(db, (tx) => {
    const created = newPayment(tx, world, { ...intent, amount, batch, original });
    insertPayment(tx, created);
    if (original) lock(tx, created, original);
    at('sale.in-intent');
    return created;
  });
  at('sale.after-intent');
  return payment;
}

/** A completion may be of more than is held, up to a parameter. */
function mostFen(db: Database, { txn, maxAmountFen }: Intent, original: Payment | undefined): Fen {
  if (txn !== 'completion' || !original) return maxAmountFen;
  return fen(Math.min(maxAmountFen, Math.floor((original.amountFen * parameter(db, 'preauth.maxPercent')) / 100)));
}

export function checkAmount(amount: Fen, maxFen: Fen): void {
  if (amount > 0 && amount <= maxFen) return;
  throw new TerminalError('INVALID_AMOUNT', { value: formatYuan(amount), min: '0.01', max: formatYuan(maxFen) });
}

/** A void can always be made: it takes a record back. */
function openBatch({ txn, batch, maxRecords }: Intent): IntentBatch {
  if (!batch) throw new TerminalError('SIGN_IN_REQUIRED');
  if (!batch.open) throw new TerminalError('BATCH_CLOSING', { batch: batch.no });
  if (kinds[txn].side === 'debit' && batch.records >= maxRecords)
    throw new TerminalError('BATCH_FULL', { limit: maxRecords });
  return batch;
}

/** What it locks is held at once, and the host hears of it before it is asked. */
function lock(tx: Tx, payment: Payment, original: Payment): void {
  const journals = lockOriginal(tx, payment, original);
  if (journals.length > 0)
    sendRecord(tx, payment.createdAt, payment, {
      state: 'REQUESTED',
      rate: null,
      journals,
      id: `${payment.no}:requested`,
    });
}

/** A payment with nothing decided. What is about another one takes over how that was paid. */
export function newPayment(
  tx: Tx,
  { clock, random }: Given,
  given: Pick<Payment, 'txn'> & {
    readonly user: User;
    readonly amount: Fen;
    readonly batch: Pick<IntentBatch, 'no' | 'businessDate'>;
    readonly original?: Payment | undefined;
    readonly originAuthCode?: string | undefined;
    readonly approvedBy?: string | undefined;
  },
): Payment {
  const { txn, user, amount, batch, original: of } = given;
  // One moment for both: a book that comes back has the time from the number.
  const createdAt = clock.now();
  return {
    no: newId({ now: () => createdAt }, random),
    txn,
    state: 'CREATED',
    batch: batch.no,
    businessDate: batch.businessDate,
    stan: takeStan(tx),
    operator: user.no,
    approvedBy: given.approvedBy ?? null,
    original: of?.no ?? null,
    originAuthCode: given.originAuthCode ?? null,
    askedFen: amount,
    amountFen: amount,
    discountFen: zeroFen,
    feeFen: zeroFen,
    rateId: null,
    cardGroup: of?.cardGroup ?? null,
    entry: of?.entry ?? null,
    card: of?.card ?? null,
    chip: null,
    code: null,
    rrn: null,
    authCode: null,
    issuer: null,
    acquirer: null,
    cleared: of?.cleared ?? false,
    refundedFen: zeroFen,
    refundedFeeFen: zeroFen,
    validUntil: null,
    createdAt,
    endedAt: null,
    why: null,
    reversal: 'DUE',
    reversalAttempts: 0,
    reversalRefusals: 0,
    prints: 0,
  };
}
