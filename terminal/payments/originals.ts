import { assert } from '../base/assert.ts';
import type { Database, Tx } from '../base/database.ts';
import { schedule } from '../base/due-work.ts';
import { TerminalError } from '../base/errors.ts';
import { receivableOf } from '../ledger/accounts.ts';
import type { Journal } from '../ledger/journal.ts';
import { postAll } from '../ledger/post-all.ts';
import { type ClearedVoid, saleVoided, voidFailed, voidRequested, voidSucceeded } from '../ledger/undo-journals.ts';
import { checkNotBlocked } from './blocks.ts';
import { kinds } from './kinds.ts';
import { type CardFacts, next, type Payment } from './payment.ts';
import { getCardHash, getPayment, getWaiting, updateState } from './store.ts';

/**
 * What a void, a pre-authorisation void or a completion does to the payment that it is about. A payment is VOIDING from the intent of its void to the end; a
 * hold stays HELD until the host said yes. Each of the three steps runs in the transaction of its cause and returns what it posted.
 */

/** Whether `txn` may be done to it now. ILLEGAL_STATE, REFUND_IN_PROGRESS, RISK_BLOCKED. */
export function checkOriginal(
  db: Database,
  nowMs: number,
  txn: Payment['txn'],
  original: Payment,
  batch: { readonly no: string; readonly businessDate: string },
): void {
  const { of } = kinds[txn];
  assert(of, 'it is about another payment');
  const refuse = (state: string): never => {
    throw new TerminalError('ILLEGAL_STATE', { state, event: txn });
  };
  if (original.txn === 'code-sale' && txn === 'void') refuse('CODE_PAYMENT');
  if (!of.txns.includes(original.txn)) refuse('OTHER_TRANSACTION');
  const isHold = original.txn === 'preauth';
  if (!isHold && (original.batch !== batch.no || original.businessDate !== batch.businessDate)) refuse('OTHER_BATCH');
  if (!isPossible(original, of.intent ?? of.done)) refuse(original.state);
  if (isHold && original.validUntil !== null && original.validUntil <= nowMs) refuse('EXPIRED');
  if (!isHold) checkNotBlocked(db, original.no);
  // A completion that was told has its result still to come.
  else if (getWaiting(db, 'STORED').some((told) => told.original === original.no)) refuse('STORED');
}

function isPossible(original: Payment, event: Parameters<typeof next>[1]): boolean {
  try {
    return next(original, ...(event ? [event] : [])) !== undefined;
  } catch (error) {
    if (error instanceof TerminalError) return false;
    throw error;
  }
}

/**
 * The card of a void is that of its original, or of the pre-authorisation that this was charged without it. A book that came back from the host has no hashes: there the
 * number as it is shown must do. ILLEGAL_STATE (OTHER_CARD).
 */
export function requireSameCard(db: Database, by: Payment, shown: CardFacts): void {
  let of = by.original === null ? undefined : getPayment(db, by.original);
  while (of && getCardHash(db, of.no) === null && of.original !== null) of = getPayment(db, of.original);
  assert(of, 'a void with a card has its original');
  const hash = getCardHash(db, of.no);
  const same = hash === null ? of.card === shown.card : Buffer.compare(hash, shown.cardHash) === 0;
  if (!same) throw new TerminalError('ILLEGAL_STATE', { state: 'OTHER_CARD', event: by.txn });
}

/** At the intent. The money of a sale that cleared at once is held (J-02r): INSUFFICIENT_BALANCE when it is not there. */
export function lockOriginal(tx: Tx, by: Payment, original: Payment): readonly Journal[] {
  const { of } = kinds[by.txn];
  if (!of?.intent) return [];
  updateState(tx, { ...original, state: next(original, of.intent) });
  return original.cleared ? postAll(tx, [voidRequested(heldFor(by, original), deed(by, by.createdAt))]) : [];
}

/** At its success. */
export function changeOriginal(tx: Tx, atMs: number, by: Payment): readonly Journal[] {
  const { of } = kinds[by.txn];
  const original = originalOf(tx, by);
  if (!of || !original) return [];
  updateState(tx, { ...original, state: next(original, of.done) });
  if (by.txn === 'completion-void') holdAgain(tx, original);
  return of.intent ? postAll(tx, [voidedJournal(by, original, atMs)]) : [];
}

/** At any other end: what was locked stands as before. */
export function releaseOriginal(tx: Tx, atMs: number, by: Payment): readonly Journal[] {
  const original = kinds[by.txn].of?.intent && originalOf(tx, by);
  if (!original) return [];
  updateState(tx, { ...original, state: next(original, original.cleared ? 'not-voided-cleared' : 'not-voided') });
  return original.cleared ? postAll(tx, [voidFailed(heldFor(by, original), deed(by, atMs))]) : [];
}

/** A completion that is voided leaves its pre-authorisation as it was before; if its validity is over meanwhile, that is due work. */
function holdAgain(tx: Tx, completion: Payment): void {
  const held = originalOf(tx, completion);
  if (!held) return;
  updateState(tx, { ...held, state: next(held, 'completion-undone') });
  scheduleExpiry(tx, held);
}

export const scheduleExpiry = (tx: Tx, { no, validUntil }: Payment): void => {
  if (validUntil !== null) schedule(tx, 'preauth-expiry', no, validUntil);
};

const originalOf = (tx: Tx, { original }: Payment): Payment | undefined =>
  original === null ? undefined : getPayment(tx.db, original);

const deed = (by: Payment, atMs: number) => ({ at: atMs, by: by.operator });

const heldFor = (by: Payment, { amountFen, feeFen }: Payment): ClearedVoid => ({
  no: by.no,
  source: '2002',
  grossFen: amountFen,
  feeFen,
});

function voidedJournal(by: Payment, original: Payment, atMs: number): Journal {
  const { entry, businessDate: date, amountFen: grossFen } = original;
  assert(entry, 'what was approved has its entry mode');
  const given = { receivable: receivableOf[entry], date, grossFen };
  return original.cleared
    ? voidSucceeded({ ...given, no: by.no }, deed(by, atMs))
    : saleVoided({ ...given, txn: original.no }, deed(by, atMs));
}
