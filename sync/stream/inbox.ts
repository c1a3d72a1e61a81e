import type Sqlite from 'better-sqlite3';
import type { WireRow } from './wire-row.ts';

/** The terminal's record of what it applied from above, in the transaction that applied it. */

export interface Rejection {
  readonly seq: number;
  readonly code: string;
}

export interface RejectedDownRow extends WireRow {
  readonly epoch: string;
  readonly code: string;
  readonly error: string;
  readonly at: number;
}

export class Inbox {
  readonly #state: Sqlite.Statement<[], { down_epoch: string | null; applied_down: number }>;
  readonly #begin: Sqlite.Statement<[string, string], unknown>;
  readonly #applied: Sqlite.Statement<[number], unknown>;
  readonly #reject: Sqlite.Statement<[string, number, string, string, string, string, string, number], unknown>;
  readonly #rejections: Sqlite.Statement<[string, number], Rejection>;

  /** The database must have the stream's tables. */
  constructor(db: Sqlite.Database) {
    this.#state = db.prepare('SELECT down_epoch, applied_down FROM link_state');
    this.#begin = db.prepare('UPDATE link_state SET down_epoch = ?, applied_down = 0 WHERE down_epoch IS NOT ?');
    this.#applied = db.prepare('UPDATE link_state SET applied_down = ?');
    this.#reject = db.prepare('INSERT INTO down_rejected VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
    this.#rejections = db.prepare('SELECT seq, code FROM down_rejected WHERE epoch = ? AND seq >= ? ORDER BY seq');
  }

  /** The host's epoch that is applied here, and how far. */
  state(): { readonly epoch: string | null; readonly applied: number } {
    const state = this.#state.get();
    return { epoch: state?.down_epoch ?? null, applied: state?.applied_down ?? 0 };
  }

  /** A host with another epoch counts its rows from 1. */
  begin(epoch: string): void {
    this.#begin.run(epoch, epoch);
  }

  setApplied(seq: number): void {
    this.#applied.run(seq);
  }

  reject(epoch: string, row: WireRow, code: string, error: string, at: number): void {
    this.#reject.run(epoch, row.seq, row.kind, row.id, row.body, code, error, at);
  }

  rejections(epoch: string, fromSeq: number): Rejection[] {
    return this.#rejections.all(epoch, fromSeq);
  }
}

/** Rows from above that this terminal could not understand, oldest first; for the screens and the console. */
export const rejectedDownRows = (db: Sqlite.Database): RejectedDownRow[] =>
  db.prepare<[], RejectedDownRow>('SELECT * FROM down_rejected ORDER BY at, seq').all();
