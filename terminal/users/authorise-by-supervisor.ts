import { audit } from '../base/audit.ts';
import type { Clock } from '../base/clock.ts';
import { type Database, inTransaction } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { proveSecret } from './log-on.ts';
import type { Action } from './roles.ts';
import { supervisorNo, type User } from './user.ts';

/** Who said yes, for the row and the slip of what was authorised. */
export interface Approval {
  /** 00 主管 */
  readonly supervisor: string;
  readonly at: number;
}

/**
 * 主管密码 for void, refund, pre-authorisation void and completion void (payments.md; faces.md, cashier rule 9). Wrong secrets count and lock as
 * at log-on, together with those. One audit line for each try, by the maker. `about`: what it is for, such as a STAN. The flow asks for this first and
 * does nothing without it.
 * SECRET_WRONG, OPERATOR_LOCKED; SELF_APPROVAL_FORBIDDEN when 00 is the maker (four eyes, cross-cutting.md).
 */
export async function authoriseBySupervisor(
  { db, clock }: { readonly db: Database; readonly clock: Clock },
  maker: User,
  secret: string,
  what: { readonly action: Action; readonly about: string },
): Promise<Approval> {
  const line = {
    by: maker.no,
    action: 'authorise',
    about: what.about,
    details: { supervisor: supervisorNo, for: what.action },
  };
  if (maker.no === supervisorNo) {
    const refusal = new TerminalError('SELF_APPROVAL_FORBIDDEN', { operator: maker.no, action: what.action });
    const details = { ...line.details, code: refusal.code };
    inTransaction(db, (tx) => audit(tx, { ...line, at: clock.now(), outcome: 'refused', details }));
    throw refusal;
  }
  await proveSecret(db, clock, supervisorNo, secret, { line });
  return { supervisor: supervisorNo, at: clock.now() };
}
