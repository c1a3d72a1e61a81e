import type { Posted } from '../../sync/protocol/batch.ts';
import type { DifferenceDecided } from '../../sync/protocol/bills.ts';
import { audit } from '../base/audit.ts';
import { at } from '../base/crash-points.ts';
import { inTransaction, type Tx } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { fen } from '../base/money.ts';
import { shortageWrittenOff, surplusGivenBack, suspenseUndone } from '../ledger/difference-journals.ts';
import type { Journal } from '../ledger/journal.ts';
import { postAll } from '../ledger/post-all.ts';
import { bookLateRefund, bookLateSale, type LateRefund, mayBookRefund, mayBookSale } from '../payments/book-late.ts';
import { resolveRun } from '../settlement/bill.ts';
import { reopenDifference, suspendedOf } from '../settlement/difference.ts';
import { countRecord } from '../settlement/open-batch.ts';
import { currentBatch } from '../settlement/queries.ts';
import { type Difference, isLive, nextDifferenceState } from '../settlement/reconcile.ts';
import { getDifference, getWaitingForMoney, updateDifference } from '../settlement/reconcile-store.ts';
import { type Cause, sendPosted } from './send-posted.ts';
import { noteCleared } from './settle-at-once.ts';
import { changed, type World } from './world.ts';

/** What two persons upstream decided about a difference (P-28; J-82 to J-84), and what that books late. */

interface Decided extends Cause {
  readonly kind: 'difference-decided';
  readonly body: DifferenceDecided;
}

/**
 * Applies it in the transaction that records its row. A missing refund that the available balance does not cover waits for money, or for the end of another refund of its payment, a
 * missing sale for the end of the one that is open; another decision may come meanwhile. NOT_FOUND, ILLEGAL_STATE, SELF_APPROVAL_FORBIDDEN.
 */
export function decideDifference(tx: Tx, now: number, row: Decided): void {
  const { body } = row;
  if (body.by === body.approvedBy)
    throw new TerminalError('SELF_APPROVAL_FORBIDDEN', { operator: body.by, action: body.decision });
  const difference = getDifference(tx.db, body.difference);
  if (!difference) throw new TerminalError('NOT_FOUND', { what: 'difference', no: body.difference });
  if (!isLive(difference) && difference.decision === body.decision) return;
  const decided: Difference = {
    ...difference,
    state: nextDifferenceState(difference.state, 'looked'),
    decision: body.decision,
    decidedBy: body.by,
    approvedBy: body.approvedBy,
    reason: body.reason,
    waits: null,
  };
  if (mustWait(tx, row, difference)) {
    updateDifference(tx, { ...decided, waits: JSON.stringify(row) });
    told(tx, now, decided, 'waits');
  } else carryOut(tx, now, row, decided);
}

/** Decisions that wait for money, or for the end of the sale or refund that is open. */
export function decideWaiting(world: Pick<World, 'db' | 'clock' | 'link' | 'session' | 'log'>): void {
  const { db, link } = world;
  for (const difference of getWaitingForMoney(db)) {
    if (!decideNow(world, difference)) continue;
    at('bill.after-decision');
    link.wake();
    changed(world);
  }
}

/** False: it waits on. What can not be booked any more is open again, and upstream decides anew. */
function decideNow({ db, clock, log }: Pick<World, 'db' | 'clock' | 'log'>, difference: Difference): boolean {
  const row = rowOf(difference);
  try {
    return inTransaction(db, (tx) => {
      if (mustWait(tx, row, difference)) return false;
      carryOut(tx, clock.now(), row, { ...difference, waits: null });
      return true;
    });
  } catch (error) {
    if (!(error instanceof TerminalError) || error.code !== 'ILLEGAL_STATE') throw error;
    log('error', 'decision-refused', { difference: difference.no, code: error.code });
    const { code } = error;
    inTransaction(db, (tx) => {
      reopenDifference(tx, clock.now(), difference, code);
      told(tx, clock.now(), difference, 'refused');
    });
    return true;
  }
}

const rowOf = ({ waits }: Difference): Decided => JSON.parse(waits ?? 'null');

/** `posted`, for a book that comes back: what it answers may have waited for what came in between. */
export function restoreDecided(tx: Tx, { at: atMs, facts }: Posted): void {
  if (facts.causeKind !== 'difference-decided') return;
  const difference = getWaitingForMoney(tx.db).find((waiting) => rowOf(waiting).id === facts.causeId);
  if (difference) carryOut(tx, atMs, rowOf(difference), { ...difference, waits: null });
}

function mustWait(tx: Tx, { body }: Decided, difference: Difference): boolean {
  if (body.decision !== 'missing-sale' && body.decision !== 'missing-refund') return false;
  const late = lateOf(body, difference);
  return body.decision === 'missing-sale' ? !mayBookSale(tx.db) : !mayBookRefund(tx.db, late);
}

function carryOut(tx: Tx, now: number, row: Decided, decided: Difference): void {
  const { body } = row;
  const event = body.decision === 'explained' ? 'explained' : 'adjusted';
  const journals = postAll(tx, journalsOf(tx, now, body, decided));
  updateDifference(tx, { ...decided, state: nextDifferenceState(decided.state, event), endedAt: now });
  told(tx, now, decided, body.decision);
  resolveRun(tx, decided.date);
  noteCleared(tx, journals);
  // Without journals too: the host counts it as carried out from this row on.
  sendPosted(tx, now, row, journals, null, true);
  at('bill.in-decision');
}

function journalsOf(tx: Tx, now: number, body: DifferenceDecided, difference: Difference): readonly Journal[] {
  const suspended = suspendedOf(difference);
  const deed = { at: now, by: 'SYS' };
  if (body.decision === 'explained') return suspended ? [suspenseUndone(suspended, deed)] : [];
  if (!suspended) throw illegal(difference, body);
  const isSurplus = suspended.deltaFen > 0;
  switch (body.decision) {
    case 'write-off':
      if (isSurplus) throw illegal(difference, body);
      return [shortageWrittenOff(suspended, deed)];
    case 'give-back':
      if (!isSurplus) throw illegal(difference, body);
      return [surplusGivenBack(suspended, deed)];
    case 'missing-sale':
    case 'missing-refund':
      return [suspenseUndone(suspended, deed), ...bookMissing(tx, now, body, difference)];
  }
}

function bookMissing(tx: Tx, now: number, body: DifferenceDecided, difference: Difference): readonly Journal[] {
  const late = lateOf(body, difference);
  const counted = isOpenBatch(tx, late);
  if (body.decision === 'missing-refund') {
    const { refund, journals } = bookLateRefund(tx, now, { ...late, counted });
    if (counted) countRecord(tx, refund, 'credit');
    return journals;
  }
  const { rate, cleared } = recordOf(body, difference);
  const sale = { ...late, txn: difference.txn ?? 'sale', rateId: rate?.id ?? null, cleared };
  const { payment, journals } = bookLateSale(tx, now, sale);
  if (counted) countRecord(tx, payment, 'debit');
  return journals;
}

/** Totals of a batch that is closed stand for ever. */
function isOpenBatch(tx: Tx, { batch, businessDate }: LateRefund): boolean {
  const open = currentBatch(tx.db);
  return open?.state === 'OPEN' && open.no === batch && open.businessDate === businessDate;
}

function recordOf(body: DifferenceDecided, difference: Difference) {
  if (!body.record) throw illegal(difference, body);
  return body.record;
}

/** Only what is not here at all, and of the amount that is in suspense. */
function lateOf(body: DifferenceDecided, difference: Difference): LateRefund {
  const { amountFen, feeFen, rate: _, cleared: __, payment: no, ...record } = recordOf(body, difference);
  const { stan, here, deltaFen, txn } = difference;
  const isRefund = body.decision === 'missing-refund';
  const fits = here === '-' && no === difference.payment && deltaFen === (isRefund ? -amountFen : amountFen);
  if (!fits || isRefund !== (txn === 'refund')) throw illegal(difference, body);
  return { ...record, no, stan: record.stan ?? stan, amountFen: fen(amountFen), feeFen: fen(feeFen) };
}

const illegal = ({ kind, here, there }: Difference, { decision }: DifferenceDecided): TerminalError =>
  new TerminalError('ILLEGAL_STATE', { state: `${kind} ${here} ${there}`, event: decision });

function told(tx: Tx, now: number, { no, decidedBy, approvedBy }: Difference, outcome: string): void {
  const details = { decision: outcome, by: decidedBy ?? '', approvedBy: approvedBy ?? '' };
  audit(tx, { at: now, by: 'SYS', action: 'difference-decided', about: no, outcome: 'ok', details });
}
