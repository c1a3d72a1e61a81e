import type { BatchClosed, BatchDifferences, BatchVerdict } from '../../sync/protocol/batch.ts';
import type { EntryMode, Group, TxnKind } from '../../sync/protocol/common.ts';
import { send } from '../../sync/stream/send.ts';
import { audit } from '../base/audit.ts';
import { at } from '../base/crash-points.ts';
import type { Tx } from '../base/database.ts';
import { finishWork } from '../base/due-work.ts';
import { TerminalError } from '../base/errors.ts';
import { type Batch, nextBatchState, verdictEvent } from './batch.ts';
import { closeWork, closeWorkAbout } from './open-batch.ts';
import { getBatch, getCurrentBatch, updateBatch, updateTotals } from './store.ts';

/**
 * The close of a batch (批结算), one step a function: payments.md "Batch close" and states.md 3. Each runs in the caller's transaction and moves
 * the batch by one event, so that a restart finds a state that says what comes next and nothing is compared twice.
 */

/** One record that counts in the totals, as the host needs it to find a difference. */
export interface BatchRecord {
  readonly payment: string;
  readonly txn: TxnKind | 'refund';
  readonly side: 'debit' | 'credit';
  readonly stan: string;
  readonly group: Group;
  readonly amountFen: number;
  readonly feeFen: number;
  /** Null for credit. */
  readonly rateId: string | null;
  readonly entry: EntryMode;
  readonly rrn: string | null;
}

export const totalsRowId = (batch: Batch): string => `${batch.no}:${batch.businessDate}:totals`;
const endRowId = (batch: Batch): string => `${batch.no}:${batch.businessDate}:end`;
export const recordRowPrefix = (batch: Batch): string => `${batch.no}:${batch.businessDate}:record:`;

/**
 * OPEN → FROZEN: the totals stand, and go up in the same transaction. The caller has seen that nothing of it is undecided. `net`: the totals of the net
 * profile, in place of the running ones.
 */
export function freezeBatch(tx: Tx, atMs: number, by: string, net?: Pick<Batch, 'totals' | 'records'>): Batch {
  const current = getCurrentBatch(tx.db);
  if (!current) throw new TerminalError('SIGN_IN_REQUIRED');
  const batch: Batch = { ...current, ...net };
  const frozen: Batch = { ...batch, state: nextBatchState(batch.state, 'close'), closedBy: by };
  updateBatch(tx, frozen);
  if (net) updateTotals(tx, frozen);
  finishWork(tx, closeWork, closeWorkAbout(batch));
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
 * COMPARING → ENDING, UPLOADING or NEEDS_HUMAN. The verdict is kept at once; a verdict that comes again changes nothing, but for one after an error: it is the
 * decision of a person at the host, and waits for `resumeClose`. `records` are what counts in the totals of the batch, in order of STAN: those of the groups
 * that do not balance are uploaded.
 */
export function recordVerdict(tx: Tx, atMs: number, verdict: BatchVerdict, records: readonly BatchRecord[]): void {
  const batch = getBatch(tx.db, verdict.batch);
  if (!batch) throw new TerminalError('NOT_FOUND', { what: 'batch', no: verdict.batch });
  if (batch.state === 'NEEDS_HUMAN') keepDecision(tx, atMs, batch, verdict.verdicts);
  else if (!batch.verdict) {
    // It may have overtaken the acknowledgement.
    const comparing = batch.state === 'FROZEN' ? totalsAcknowledged(tx, batch) : batch;
    judge(tx, atMs, comparing, verdict.verdicts, records, { by: 'SYS', action: 'batch-verdict' });
  }
  at('close.in-verdict');
}

/** An error again decides nothing. */
function keepDecision(tx: Tx, atMs: number, batch: Batch, decided: BatchVerdict['verdicts']): void {
  const verdict = verdictEvent(decided);
  if (verdict === 'error') return;
  updateBatch(tx, { ...batch, decided });
  audit(tx, { at: atMs, by: 'SYS', action: 'batch-decided', about: batch.no, outcome: 'ok', details: { verdict } });
}

/** NEEDS_HUMAN → ENDING or UPLOADING, as the host decided; `by` asked for it and `supervisor` said yes. NEEDS_HUMAN while the host has not decided. */
export function resumeClose(
  tx: Tx,
  atMs: number,
  batch: Batch,
  records: readonly BatchRecord[],
  { by, supervisor }: { readonly by: string; readonly supervisor: string },
): void {
  const { decided } = batch;
  if (!decided) throw new TerminalError('NEEDS_HUMAN', { what: `批次${batch.no}` });
  const comparing: Batch = { ...batch, state: nextBatchState(batch.state, 'resumed'), decided: null };
  judge(tx, atMs, comparing, decided, records, { by, action: 'batch-resume', supervisor });
  at('close.in-verdict');
}

function judge(
  tx: Tx,
  atMs: number,
  batch: Batch,
  verdicts: BatchVerdict['verdicts'],
  records: readonly BatchRecord[],
  { by, action, ...more }: { readonly by: string; readonly action: string; readonly supervisor?: string },
): void {
  const verdict = verdictEvent(verdicts);
  const state = nextBatchState(batch.state, verdict);
  const differing = verdict === 'not-balanced' ? toUpload(verdicts, records) : [];
  for (const record of differing) uploadRecord(tx, atMs, batch, record);
  const judged: Batch = { ...batch, state, verdict: verdicts, uploaded: differing.length };
  updateBatch(tx, judged);
  audit(tx, { at: atMs, by, action, about: batch.no, outcome: 'ok', details: { verdict, ...more } });
  if (verdict === 'balanced') sendEnd(tx, atMs, judged);
}

/** The records of the groups that do not balance, in the order of payments.md: advices, offline, online, refunds, completions. */
const toUpload = (verdicts: BatchVerdict['verdicts'], records: readonly BatchRecord[]): readonly BatchRecord[] =>
  records
    .filter((record) => verdicts[record.group] === 2)
    .sort((a, b) => uploadOrder.indexOf(placeOf(a)) - uploadOrder.indexOf(placeOf(b)));

/**
 * Says again what the close has said and a restored book did not bring back, because the host did not have it: records of an upload, the end. `said`: whether a row
 * is in the outbox.
 */
export function sayCloseAgain(
  tx: Tx,
  atMs: number,
  records: readonly BatchRecord[],
  said: (kind: string, id: string) => boolean,
): void {
  const batch = getCurrentBatch(tx.db);
  if (batch?.state === 'UPLOADING' && batch.verdict) {
    const missing = toUpload(batch.verdict, records).filter(
      ({ stan }) => !said('batch-record', recordRowPrefix(batch) + stan),
    );
    for (const record of missing) uploadRecord(tx, atMs, batch, record);
  }
  if (batch?.state === 'ENDING' && !said('batch-end', endRowId(batch))) sendEnd(tx, atMs, batch);
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
    differing: [...batch.differing, ...closed.differing],
    nextBatch: closed.nextBatch,
  });
  audit(tx, {
    at: atMs,
    by: 'SYS',
    action: 'batch-closed',
    about: batch.no,
    outcome: 'ok',
    details: { differing: batch.differing.length + closed.differing.length },
  });
  at('close.in-closed');
}

/** Records that differ, before the row that ends the batch: it can not carry many. */
export function recordDifferences(tx: Tx, news: BatchDifferences): void {
  const batch = getBatch(tx.db, news.batch);
  if (!batch) throw new TerminalError('NOT_FOUND', { what: 'batch', no: news.batch });
  if (batch.state === 'CLEAR_DUE' || batch.state === 'CLOSED') return;
  updateBatch(tx, { ...batch, differing: [...batch.differing, ...news.differing] });
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

const uploadOrder: readonly string[] = ['completion-advice', 'stored-sale', 'online', 'refund', 'completion'];
const placeOf = ({ txn }: BatchRecord): string => (uploadOrder.includes(txn) ? txn : 'online');

function uploadRecord(tx: Tx, atMs: number, batch: Batch, record: BatchRecord): void {
  send(tx.db, {
    kind: 'batch-record',
    id: recordRowPrefix(batch) + record.stan,
    body: {
      no: record.payment,
      at: atMs,
      by: 'SYS',
      facts: { batch: batch.no, ...record },
      journals: [],
    },
  });
}

function sendEnd(tx: Tx, atMs: number, batch: Batch): void {
  send(tx.db, {
    kind: 'batch-end',
    id: endRowId(batch),
    body: { no: batch.no, at: atMs, by: 'SYS', facts: { batch: batch.no, uploaded: batch.uploaded }, journals: [] },
  });
}
