import { type AuditLine, audit } from '../base/audit.ts';
import type { Clock } from '../base/clock.ts';
import { type Database, inTransaction } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';

/** A refused command leaves one audit line (P-06). */
export async function auditingRefusal<T>(
  db: Database,
  clock: Clock,
  line: Pick<AuditLine, 'by' | 'action' | 'about' | 'details'>,
  command: () => T | Promise<T>,
): Promise<T> {
  try {
    return await command();
  } catch (error) {
    if (error instanceof TerminalError) {
      const details = { ...line.details, code: error.code };
      inTransaction(db, (tx) => audit(tx, { ...line, at: clock.now(), outcome: 'refused', details }));
    }
    throw error;
  }
}
