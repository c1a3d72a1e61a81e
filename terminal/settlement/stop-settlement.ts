import { send } from '../../sync/stream/send.ts';
import { audit } from '../base/audit.ts';
import type { Clock } from '../base/clock.ts';
import { at } from '../base/crash-points.ts';
import { type Database, inTransaction } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { authorise } from '../users/roles.ts';
import type { User } from '../users/user.ts';
import { getSettlement, updateSettlement } from './store.ts';

/**
 * Somebody wants a settlement back that is not accepted yet (states.md 5). The hold stays until the host says refused (STOPPED); one that it has accepted runs to its end (P-25). Asked twice
 * it is asked once. FORBIDDEN, NOT_FOUND, ILLEGAL_STATE.
 */
export function stopSettlement(db: Database, clock: Clock, user: User, no: string): void {
  authorise(user, 'settle');
  const settlement = getSettlement(db, no);
  if (!settlement) throw new TerminalError('NOT_FOUND', { what: 'settlement', no });
  if (settlement.state !== 'REQUESTED')
    throw new TerminalError('ILLEGAL_STATE', { state: settlement.state, event: 'stop-settle' });
  if (settlement.stopBy !== null) return;
  inTransaction(db, (tx) => {
    updateSettlement(tx, { ...settlement, stopBy: user.no });
    audit(tx, { at: clock.now(), by: user.no, action: 'stop-settle', about: no, outcome: 'ok' });
    const body = { no, at: clock.now(), by: user.no, facts: { settlement: no }, journals: [] };
    send(tx.db, { kind: 'stop-settle', id: no, body });
    at('settle.in-stop');
  });
  at('settle.after-stop');
}
