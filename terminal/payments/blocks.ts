import type { Database } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { chargedBackOf, requireNotFrozen } from './freeze.ts';
import { getRefundsOf } from './refund-store.ts';

/** A payment can not be voided while upstream holds its money, took it back, or a refund of it is under way. RISK_BLOCKED, REFUND_IN_PROGRESS. */
export function checkNotBlocked(db: Database, payment: string): void {
  requireNotFrozen(db, payment);
  if (chargedBackOf(db, payment) > 0) throw new TerminalError('RISK_BLOCKED', { no: payment });
  const underWay = getRefundsOf(db, payment).find(({ state }) => state === 'REQUESTED' || state === 'PROCESSING');
  if (underWay) throw new TerminalError('REFUND_IN_PROGRESS', { no: underWay.originStan });
}
