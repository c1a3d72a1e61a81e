import type { Database, Tx } from '../base/database.ts';
import { setSetting, setting } from '../base/settings.ts';

/** What became of the last book that came back from the host (restore-book.ts). */
export interface RestoreReport {
  readonly state: 'restoring' | 'restored';
  /** Rows of this terminal that came back. */
  readonly rows: number;
  /** What could not be put back as it was; the ledger has its journals nevertheless, where it takes them. */
  readonly problems: number;
  /** The first of them. */
  readonly problem: string | null;
  /** Payments that the host approved and that nothing else is known of: they are reversed. */
  readonly reversed: number;
  /** Rows that the host had refused: they did not come back. */
  readonly refused: number;
  readonly at: number;
}

const name = 'book-restore';

export function restoreReport(db: Database): RestoreReport | undefined {
  const text = setting(db, name);
  return text === undefined ? undefined : JSON.parse(text);
}

export const saveReport = (tx: Tx, next: RestoreReport): void => setSetting(tx, name, JSON.stringify(next));
