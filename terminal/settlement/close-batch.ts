import type { BatchClosed, BatchDifferences, BatchVerdict } from '../../sync/protocol/batch.ts';
import type { EntryMode, Group, TxnKind } from '../../sync/protocol/common.ts';
import { send } from '../../sync/stream/send.ts';
import { audit } from '../base/audit.ts';
import { at } from '../base/crash-points.ts';
import type { Tx } from '../base/database.ts';
import { finishWork } from '../base/due-work.ts';
import { TerminalError } from '../base/errors.ts';
import { type Batch, groups, nextBatchState, verdictEvent } from './batch.ts';
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
export const recordRowId = (batch: Batch, { stan }: Pick<BatchRecord, 'stan'>): string =>
  `${batch.no}:${batch.businessDate}:record:${stan}`;

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
 * decision of a person at the host, and waits for `resumeClose`.
 */
export function recordVerdict(tx: Tx, atMs: number, verdict: BatchVerdict): void {
  const batch = getBatch(tx.db, verdict.batch);
  if (!batch) throw new TerminalError('NOT_FOUND', { what: 'batch', no: verdict.batch });
  if (batch.state === 'NEEDS_HUMAN') keepDecision(tx, atMs, batch, verdict.verdicts);
  else if (!batch.verdict) {
    // It may have overtaken the acknowledgement.
    const comparing = batch.state === 'FROZEN' ? totalsAcknowledged(tx, batch) : batch;
    judge(tx, atMs, comparing, verdict.verdicts, { by: 'SYS', action: 'batch-verdict' });
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
  { by, supervisor }: { readonly by: string; readonly supervisor: string },
): void {
  const { decided } = batch;
  if (!decided) throw new TerminalError('NEEDS_HUMAN', { what: `批次${batch.no}` });
  const comparing: Batch = { ...batch, state: nextBatchState(batch.state, 'resumed'), decided: null };
  judge(tx, atMs, comparing, decided, { by, action: 'batch-resume', supervisor });
  at('close.in-verdict');
}

function judge(
  tx: Tx,
  atMs: number,
  batch: Batch,
  verdicts: BatchVerdict['verdicts'],
  { by, action, ...more }: { readonly by: string; readonly action: string; readonly supervisor?: string },
): void {
  const verdict = verdictEvent(verdicts);
  const state = nextBatchState(batch.state, verdict);
  const uploaded = verdict === 'not-balanced' ? recordsToUpload(batch, verdicts) : 0;
  const judged: Batch = { ...batch, state, verdict: verdicts, uploaded };
  updateBatch(tx, judged);
  audit(tx, { at: atMs, by, action, about: batch.no, outcome: 'ok', details: { verdict, ...more } });
  if (verdict === 'balanced') sendEnd(tx, atMs, judged);
}

/** As many as the totals of the groups that do not balance count. */
export const recordsToUpload = ({ totals }: Pick<Batch, 'totals'>, verdicts: BatchVerdict['verdicts']): number =>
  groups
    .filter((group) => verdicts[group] === 2)
    .reduce((sum, group) => sum + totals[group].debitCount + totals[group].creditCount, 0);

/** Those of `records`, which are in order of STAN, in the order of payments.md: advices, offline, online, refunds, completions. */
export const toUpload = ({ verdict }: Batch, records: readonly BatchRecord[]): readonly BatchRecord[] =>
  records
    .filter((record) => verdict?.[record.group] === 2)
    .sort((a, b) => uploadOrder.indexOf(placeOf(a)) - uploadOrder.indexOf(placeOf(b)));

/** Says again that a close ended, where a restored book did not bring that back because the host did not have it. `said`: whether a row is in the outbox. */
export function sayEndAgain(tx: Tx, atMs: number, said: (kind: string, id: string) => boolean): void {
  const batch = getCurrentBatch(tx.db);
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

export function uploadRecord(tx: Tx, atMs: number, batch: Batch, record: BatchRecord): void {
  send(tx.db, {
    kind: 'batch-record',
    id: recordRowId(batch, record),
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
