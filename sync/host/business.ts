import type { Transaction } from 'kysely';
import type { Answer, Request } from '../protocol/requests.ts';
import type { UpRow } from '../protocol/rows.ts';
import type { HostDatabase } from './store.ts';

/** One terminal of one merchant, as the topics name it: merchant number (15 digits) and terminal number (8). */
export interface TerminalRef {
  readonly merchant: string;
  readonly terminal: string;
}

/** What the host's link needs of the host's business. */
export interface Business {
  /**
   * Applies one row from a terminal inside the transaction that records it in the inbox. Throws `HostReject` when the row is to be
   * quarantined and rejected: always before anything was written, so the transaction may go on. Any other throw is a bug.
   */
  applyUp(trx: Transaction<HostDatabase>, from: TerminalRef, row: UpRow): Promise<void>;
  /**
   * Answers a request in a transaction of its own: the answer is committed before it is returned, and asked twice it is the same.
   * `null`: no answer is sent (an unknown terminal, or a fault for testers).
   */
  answer(from: TerminalRef, id: string, request: Request): Promise<Answer | null>;
}

/** Why the host takes a row out of the stream unapplied. The row's bytes are kept in quarantine; money rows are never discarded. */
export type RejectCode =
  | 'UNKNOWN_TERMINAL'
  | 'UNBALANCED_JOURNAL'
  | 'UNKNOWN_ACCOUNT'
  | 'IDEMPOTENCY_CONFLICT'
  | 'BATCH_NOT_COMPARED'
  | 'UPLOAD_INCOMPLETE'
  | 'FORBIDDEN'
  | 'ILLEGAL_STATE'
  | 'SETTLEMENT_UNKNOWN'
  | 'DIFFERENCE_UNKNOWN';

export class HostReject extends Error {
  readonly code: RejectCode;

  constructor(code: RejectCode) {
    super(code);
    this.name = 'HostReject';
    this.code = code;
  }
}
