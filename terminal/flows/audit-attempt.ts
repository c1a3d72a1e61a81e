import { type AuditLine, audit } from '../base/audit.ts';
import { inTransaction } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import type { World } from './world.ts';

/** Writes down what has no transaction of its own: a refusal, a lock. A full disk refuses the line too, and must not hide the refusal or leave a terminal unlocked. */
export function auditAttempt(
  { db, clock, log }: Pick<World, 'db' | 'clock' | 'log'>,
  line: Omit<AuditLine, 'at'>,
): void {
  try {
    inTransaction(db, (tx) => audit(tx, { ...line, at: clock.now() }));
  } catch (failure) {
    if (!(failure instanceof TerminalError)) throw failure;
    log('error', 'audit-refused', { code: failure.code });
  }
}

/** A refused command leaves one line (P-06). */
export function refusing<T>(world: World, line: Pick<AuditLine, 'by' | 'action' | 'about'>, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof TerminalError)
      auditAttempt(world, { ...line, outcome: 'refused', details: { ...error.details, code: error.code } });
    throw error;
  }
}
