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

type Told = Pick<World, 'db' | 'clock' | 'log'>;
type Line = Pick<AuditLine, 'by' | 'action' | 'about'>;

/** A refused command leaves one line (P-06). */
export function refusing<T>(world: Told, line: Line, work: () => T): T {
  try {
    return work();
  } catch (error) {
    auditRefusal(world, line, error);
    throw error;
  }
}

/** The same for what takes time. Nothing for what is no refusal. */
export function auditRefusal(world: Told, line: Line, error: unknown): void {
  if (!(error instanceof TerminalError)) return;
  auditAttempt(world, { ...line, outcome: 'refused', details: { ...error.details, code: error.code } });
}
