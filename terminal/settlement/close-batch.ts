import type { BatchClosed, BatchVerdict } from '../../sync/protocol/batch.ts';
import type { EntryMode, Group } from '../../sync/protocol/common.ts';
import { send } from '../../sync/stream/send.ts';
import { audit } from '../base/audit.ts';
import { at } from '../base/crash-points.ts';
import type { Tx } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { type Batch, nextBatchState, verdictEvent } from './batch.ts';
import { getBatch, getCurrentBatch, updateBatch } from './store.ts';

/**
 * The close of a batch (批结算), one step a function: payments.md "Batch close" and states.md 3. Each runs in the caller's transaction and moves
 * the batch by one event, so that a restart finds a state that says what comes next and nothing is compared twice.
 */

/** One approved record, as the host needs it to find a difference. */
export interface BatchRecord {
  readonly payment: string;
  readonly stan: string;
  readonly group: Group;
  readonly amountFen: number;
  readonly feeFen: number;
  readonly rateId: string;
  readonly entry: EntryMode;
  readonly rrn: string | null;
}

export const totalsRowId = (batch: Batch): string => `${batch.no}:${batch.businessDate}:totals`;
export const recordRowPrefix = (batch: Batch): string => `${batch.no}:${batch.businessDate}:record:`;

/** OPEN → FROZEN: the totals stand, and go up in the same transaction. The caller has seen that nothing of it is undecided. */
export function freezeBatch(tx: Tx, atMs: number, by: string): Batch {
  const batch = getCurrentBatch(tx.db);
  if (!batch) throw new TerminalError('SIGN_IN_REQUIRED');
  const frozen: Batch = { ...batch, state: nextBatchState(batch.state, 'close'), closedBy: by };
  updateBatch(tx, frozen);
  audit(tx, {
    at: atMs,
    by,
    action: 'batch-close',
    about: batch.no,
    outcome: 'ok',
    details: { records: batch.records },
  });
  send(tx.db, {
    kind: 'batch-totals',
    id: totalsRowId(batch),
    body: {
      no: batch.no,
      at: atMs,
      by,
      facts: { batch: batch.no, businessDate: batch.businessDate, totals: batch.totals, records: batch.records },
      journals: [],
    },
  });
  at('close.in-freeze');
  return frozen;
}

/** FROZEN → COMPARING: the host has the totals. */
export function totalsAcknowledged(tx: Tx, batch: Batch): Batch {
  const comparing: Batch = { ...batch, state: nextBatchState(batch.state, 'totals-acknowledged') };
  updateBatch(tx, comparing);
  return comparing;
}

/**
 * COMPARING → ENDING, UPLOADING or NEEDS_HUMAN. The verdict is kept at once; a verdict that comes again changes nothing. `records` are the
 * approved records of the batch: those of the groups that do not balance are uploaded.
 */
export function recordVerdict(tx: Tx, atMs: number, verdict: BatchVerdict, records: readonly BatchRecord[]): void {
  let batch = getBatch(tx.db, verdict.batch);
  if (!batch) throw new TerminalError('NOT_FOUND', { what: 'batch', no: verdict.batch });
  if (batch.verdict) return;
  if (batch.state === 'FROZEN') batch = totalsAcknowledged(tx, batch); // the verdict overtook the acknowledgement
  const event = verdictEvent(verdict.verdicts);
  const state = nextBatchState(batch.state, event);
  const differing = event === 'not-balanced' ? records.filter((record) => verdict.verdicts[record.group] === 2) : [];
  for (const record of differing) uploadRecord(tx, atMs, batch, record);
  const judged: Batch = { ...batch, state, verdict: verdict.verdicts, uploaded: differing.length };
  updateBatch(tx, judged);
  audit(tx, {
    at: atMs,
    by: 'SYS',
    action: 'batch-verdict',
    about: batch.no,
    outcome: 'ok',
    details: { verdict: event },
  });
  if (event === 'balanced') sendEnd(tx, atMs, judged);
  at('close.in-verdict');
}

/** UPLOADING → ENDING: every record of the batch was acknowledged. */
export function uploadAcknowledged(tx: Tx, atMs: number, batch: Batch): void {
  const ending: Batch = { ...batch, state: nextBatchState(batch.state, 'uploaded') };
  updateBatch(tx, ending);
  sendEnd(tx, atMs, ending);
}

/** ENDING → CLEAR_DUE: the host ended the batch too; what it found and decided is kept for the slip. */
export function recordClosed(tx: Tx, atMs: number, closed: BatchClosed): void {
  const batch = getBatch(tx.db, closed.batch);
  if (!batch) throw new TerminalError('NOT_FOUND', { what: 'batch', no: closed.batch });
  if (batch.state === 'CLEAR_DUE' || batch.state === 'CLOSED') return;
  updateBatch(tx, {
    ...batch,
    state: nextBatchState(batch.state, 'ended'),
    closedAt: atMs,
    differing: closed.differing,
    nextBatch: closed.nextBatch,
  });
  audit(tx, {
    at: atMs,
    by: 'SYS',
    action: 'batch-closed',
    about: batch.no,
    outcome: 'ok',
    details: { differing: closed.differing.length },
  });
  at('close.in-closed');
}

/** CLEAR_DUE → CLOSED: the slip came out, or was put off. The next sign-in opens the next batch. */
export function finishClose(tx: Tx, atMs: number, batch: Batch, printed: boolean): Batch {
  const closed: Batch = {
    ...batch,
    state: nextBatchState(batch.state, 'slip-done'),
    prints: batch.prints + (printed ? 1 : 0),
  };
  updateBatch(tx, closed);
  audit(tx, { at: atMs, by: 'SYS', action: 'batch-slip', about: batch.no, outcome: 'ok', details: { printed } });
  return closed;
}

export const countBatchPrint = (tx: Tx, batch: Batch): void => updateBatch(tx, { ...batch, prints: batch.prints + 1 });
export const markCleared = (tx: Tx, batch: Batch, atMs: number): void => updateBatch(tx, { ...batch, clearedAt: atMs });

function uploadRecord(tx: Tx, atMs: number, batch: Batch, record: BatchRecord): void {
  send(tx.db, {
    kind: 'batch-record',
    id: recordRowPrefix(batch) + record.stan,
    body: {
      no: record.payment,
      at: atMs,
      by: 'SYS',
      facts: { batch: batch.no, txn: 'sale', side: 'debit', ...record },
      journals: [],
    },
  });
}

function sendEnd(tx: Tx, atMs: number, batch: Batch): void {
  send(tx.db, {
    kind: 'batch-end',
    id: `${batch.no}:${batch.businessDate}:end`,
    body: { no: batch.no, at: atMs, by: 'SYS', facts: { batch: batch.no, uploaded: batch.uploaded }, journals: [] },
  });
}
