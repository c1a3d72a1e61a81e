import type { BatchClosed, BatchVerdict } from '../../sync/protocol/batch.ts';
import type { BatchTotals } from '../../sync/protocol/common.ts';
import type { ErrorCode } from '../base/error-table.ts';
import type { Details } from '../base/errors.ts';

/** 批次: what one may see of batches, and the ways out of what needs a person. Refusals leave one audit line. */
export interface BatchDesk {
  /** The newest first. */
  list(limit: number): readonly BatchView[];
  /** The newest one with this number. */
  byNo(no: string): BatchView | undefined;
  /**
   * A batch whose compare ended in error (verdict 3) goes on as a person at the host decided. `secret`: of 00, which a cashier needs. FORBIDDEN, SECRET_WRONG,
   * OPERATOR_LOCKED; ILLEGAL_STATE when no batch is in error; NEEDS_HUMAN while the host has not decided.
   */
  resume(secret?: string): Promise<BatchView>;
  /**
   * A reversal that needs a person is sent once more, after the host was called: whether it ended. `secret`: of 00, which a cashier needs. FORBIDDEN, SECRET_WRONG,
   * OPERATOR_LOCKED, NOT_FOUND, ILLEGAL_STATE, OFFLINE.
   */
  resumeReversal(stan: string, signal: AbortSignal, secret?: string): Promise<'ended' | 'needs-human' | 'continues'>;
}

export interface BatchView {
  readonly no: string;
  readonly state: string;
  readonly businessDate: string;
  readonly openedAt: number;
  readonly closedAt: number | undefined;
  readonly closedBy: string | undefined;
  readonly records: number;
  readonly totals: BatchTotals;
  readonly verdict: BatchVerdict['verdicts'] | undefined;
  /** The host decided what becomes of a batch in error; a supervisor lets it go on. */
  readonly isDecided: boolean;
  readonly uploaded: number;
  /** Each record on which the lists differed: what stands here and there, and what the host made of it. */
  readonly differences: BatchClosed['differing'];
  readonly nextBatch: string | undefined;
  readonly clearedAt: number | undefined;
  readonly prints: number;
}

/** What the batch asks of the cashier; the idle screen and the self-check show it. */
export type BatchAlert =
  | { readonly is: 'needs-human'; readonly isDecided: boolean }
  /** Past the cut-off, and why it could not be closed by itself: it is tried again and again. */
  | { readonly is: 'overdue'; readonly code: ErrorCode; readonly details: Details }
  /** No more records, or no more money, go in. */
  | { readonly is: 'full'; readonly count: number; readonly limit: number }
  | { readonly is: 'too-large' }
  | { readonly is: 'old'; readonly hours: number }
  | { readonly is: 'nearly-full'; readonly count: number; readonly limit: number };
