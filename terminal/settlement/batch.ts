import type { BatchClosed, BatchVerdict } from '../../sync/protocol/batch.ts';
import type { BatchTotals, Group } from '../../sync/protocol/common.ts';
import { TerminalError } from '../base/errors.ts';

/** A batch (批次) and the states of its close, as states.md 3 has them. */
export type BatchState =
  | 'OPEN'
  | 'FROZEN'
  | 'COMPARING'
  | 'UPLOADING'
  | 'ENDING'
  | 'CLEAR_DUE'
  | 'CLOSED'
  | 'NEEDS_HUMAN';

export type BatchEvent =
  | 'close'
  | 'totals-acknowledged'
  | 'balanced'
  | 'not-balanced'
  | 'error'
  /** A person at the host decided, and one here lets it go on. */
  | 'resumed'
  | 'uploaded'
  | 'ended'
  | 'slip-done';

const edges: Readonly<Record<BatchState, Readonly<Partial<Record<BatchEvent, BatchState>>>>> = {
  OPEN: { close: 'FROZEN' },
  FROZEN: { 'totals-acknowledged': 'COMPARING' },
  COMPARING: { balanced: 'ENDING', 'not-balanced': 'UPLOADING', error: 'NEEDS_HUMAN' },
  UPLOADING: { uploaded: 'ENDING' },
  ENDING: { ended: 'CLEAR_DUE' },
  CLEAR_DUE: { 'slip-done': 'CLOSED' },
  CLOSED: {},
  NEEDS_HUMAN: { resumed: 'COMPARING' },
};

/** The state after `event`; ILLEGAL_STATE, naming state and event, for anything that states.md does not list. */
export function nextBatchState(state: BatchState, event: BatchEvent): BatchState {
  const to = edges[state][event];
  if (!to) throw new TerminalError('ILLEGAL_STATE', { state, event });
  return to;
}

export interface Batch {
  readonly id: number;
  readonly no: string;
  readonly state: BatchState;
  /** Shanghai day on which its receivables are booked. */
  readonly businessDate: string;
  readonly openedAt: number;
  readonly closedAt: number | null;
  readonly closedBy: string | null;
  readonly records: number;
  /** Running totals; frozen with the batch. */
  readonly totals: BatchTotals;
  /** Persisted at once when it comes: the slip keeps it. */
  readonly verdict: BatchVerdict['verdicts'] | null;
  /** What a person at the host decided after an error; it is carried out when a supervisor here says so. */
  readonly decided: BatchVerdict['verdicts'] | null;
  readonly differing: BatchClosed['differing'];
  readonly nextBatch: string | null;
  readonly uploaded: number;
  readonly clearedAt: number | null;
  readonly prints: number;
}

export const groups: readonly Group[] = ['domestic', 'foreign', 'codes'];

/** What a verdict means for the batch: 3 anywhere is an error, 2 anywhere asks for the records of those groups. */
export function verdictEvent(verdicts: BatchVerdict['verdicts']): 'balanced' | 'not-balanced' | 'error' {
  const all = groups.map((group) => verdicts[group]);
  if (all.includes(3)) return 'error';
  return all.includes(2) ? 'not-balanced' : 'balanced';
}

export const isBalanced = (batch: Batch): boolean =>
  batch.verdict !== null && verdictEvent(batch.verdict) === 'balanced';
