import type { ForwardedResult } from '../../sync/protocol/payments.ts';
import { present } from '../base/assert.ts';
import { audit } from '../base/audit.ts';
import { at } from '../base/crash-points.ts';
import type { Tx } from '../base/database.ts';
import { schedule } from '../base/due-work.ts';
import { TerminalError } from '../base/errors.ts';
import { receivableOf } from '../ledger/accounts.ts';
import { feeOf } from '../ledger/fee.ts';
import { type Journal, saleSucceeded } from '../ledger/journal.ts';
import { postAll } from '../ledger/post-all.ts';
import { faultWork } from './fault-slip.ts';
import { changeOriginal } from './originals.ts';
import { next, type Payment } from './payment.ts';
import { getPayment, updateAnswered } from './store.ts';

/** Due work: the sealed card of this payment is not needed any more. */
export const eraseWork = 'erase-sealed';

/**
 * The host's word on what was told (stored sale, completion by advice): accepted, J-01, and it counts in its batch; or refused, which a fault slip tells. A result that was
 * applied before changes nothing. NOT_FOUND, ILLEGAL_STATE.
 */
export function recordStoredResult(
  tx: Tx,
  atMs: number,
  result: ForwardedResult,
): { readonly payment: Payment; readonly booked: boolean; readonly journals: readonly Journal[] } {
  const stored = getPayment(tx.db, result.no);
  if (!stored) throw new TerminalError('NOT_FOUND', { what: 'transaction', no: result.no });
  if (stored.state !== 'STORED') return { payment: stored, booked: false, journals: [] };
  const accepted = isAccepted(result);
  const payment = accepted ? approved(stored, result, atMs) : refused(stored, result, atMs);
  updateAnswered(tx, payment, undefined);
  const journals = accepted ? postAll(tx, [moneyIn(payment, atMs)]) : [];
  const changes = accepted ? changeOriginal(tx, atMs, payment) : [];
  if (payment.txn === 'stored-sale') schedule(tx, eraseWork, payment.no, atMs);
  if (!accepted) schedule(tx, faultWork, payment.no, atMs); // nobody waits at the screen for it any more
  audit(tx, {
    at: atMs,
    by: 'SYS',
    action: `${payment.txn}-result`,
    about: payment.no,
    outcome: 'ok',
    details: { outcome: result.outcome, code: result.code, reason: result.reason },
  });
  at('stored.in-result');
  return { payment, booked: accepted, journals: [...journals, ...changes] };
}

/** Nothing follows upon either (sync/protocol/payments.ts). */
function isAccepted({ outcome }: ForwardedResult): boolean {
  if (outcome === 'accepted') return true;
  if (outcome === 'refused') return false;
  throw new TerminalError('ILLEGAL_STATE', { state: 'STORED', event: outcome });
}

function approved(stored: Payment, result: ForwardedResult, atMs: number): Payment {
  const rate = present(result.rate, 'what is accepted has its fee rate');
  return {
    ...answered(stored, result, atMs),
    state: next(stored, 'approved'),
    feeFen: feeOf(stored.amountFen, rate),
    rateId: rate.id,
  };
}

const refused = (stored: Payment, result: ForwardedResult, atMs: number): Payment => ({
  ...answered(stored, result, atMs),
  state: next(stored, 'declined'),
  why: result.reason,
});

const answered = (stored: Payment, result: ForwardedResult, atMs: number): Payment => ({
  ...stored,
  cardGroup: result.group,
  code: result.code,
  rrn: result.rrn,
  authCode: result.authCode,
  issuer: result.issuer,
  acquirer: result.acquirer,
  endedAt: atMs,
});

function moneyIn({ no: txn, businessDate: date, amountFen: grossFen, entry }: Payment, atMs: number): Journal {
  const receivable = receivableOf[present(entry, 'what was told has its entry mode')];
  return saleSucceeded({ txn, receivable, date, grossFen }, { at: atMs, by: 'SYS' });
}
