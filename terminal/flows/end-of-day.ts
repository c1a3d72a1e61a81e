import { at } from '../base/crash-points.ts';
import { inTransaction } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { type Batch, isBalanced } from '../settlement/batch.ts';
import { finishClose, freezeBatch, totalsAcknowledged, uploadAcknowledged } from '../settlement/close-batch.ts';
import { batchByNo, currentBatch } from '../settlement/queries.ts';
import { authorise } from '../users/roles.ts';
import type { User } from '../users/user.ts';
import { netTotalsOf } from './batch-records.ts';
import type { CloseOutcome, CloseStep } from './counter.ts';
import { requireDecided } from './decided.ts';
import { deliverReversals } from './deliver-reversals.ts';
import { requireOnline } from './host-link.ts';
import { batchSlipProblem, printBatch } from './print.ts';
import { proveBook } from './prove-book.ts';
import { isUploaded, uploadedSoFar } from './upload-batch.ts';
import { changed, oneAtATime, until, type World } from './world.ts';

/**
 * Closes the open batch, or follows the close that is running: due reversals, nothing undecided, freeze, compare, upload, end, slip. Leaving it
 * (`signal`) does not stop it; it goes on by itself, also after a restart.
 * FORBIDDEN, SIGN_IN_REQUIRED, OFFLINE, REVERSAL_PENDING, BATCH_HAS_UNKNOWN; NEEDS_HUMAN, also when the book does not add up.
 */
export async function closeBatch(
  world: World,
  user: User,
  signal: AbortSignal,
  progress: (step: CloseStep) => void,
): Promise<CloseOutcome> {
  authorise(user, 'close-batch');
  const batch = currentBatch(world.db);
  if (!batch) throw new TerminalError('SIGN_IN_REQUIRED');
  if (batch.state === 'OPEN') await beginClose(world, user.no, signal);
  return follow(world, batch.no, signal, progress);
}

/**
 * Freezes the open batch when everything of it is decided and the whole book adds up. One at a time: whoever comes second, at another face or by the clock, finds it
 * frozen. What `closeBatch` refuses.
 */
export function beginClose(world: World, by: string, signal: AbortSignal): Promise<void> {
  const isOpen = () => currentBatch(world.db)?.state === 'OPEN';
  return oneAtATime(world, 'begin-close', async () => {
    if (!isOpen()) return;
    await deliverReversals(world, world.config.limits.reversalWaitMs, signal);
    requireFreezable(world);
    await proveBook(world);
    if (!world.db.open || !isOpen()) return; // the terminal was stopped meanwhile
    requireFreezable(world); // a sale may have begun meanwhile
    freeze(world, by);
  });
}

function requireFreezable(world: World): void {
  requireOnline(world);
  requireDecided(world);
}

function freeze(world: World, by: string): void {
  inTransaction(world.db, (tx) => {
    const batch = currentBatch(tx.db);
    freezeBatch(tx, world.clock.now(), by, batch && netTotalsOf(tx.db, batch));
  });
  at('close.after-freeze');
  world.link.wake();
  changed(world);
}

/** Reports each step of the close as it happens, until the batch is closed or the screen is left. */
async function follow(
  world: World,
  batchNo: string,
  signal: AbortSignal,
  progress: (step: CloseStep) => void,
): Promise<CloseOutcome> {
  let reported = '';
  const look = (): Batch | undefined => {
    const batch = batchByNo(world.db, batchNo);
    const step = batch && closeStep(world, batch);
    if (step && JSON.stringify(step) !== reported) {
      reported = JSON.stringify(step);
      progress(step);
    }
    return batch;
  };
  await until(world, () => ['CLOSED', 'NEEDS_HUMAN'].includes(look()?.state ?? ''), signal);
  const batch = batchByNo(world.db, batchNo);
  if (batch?.state === 'NEEDS_HUMAN') return { kind: 'needs-human', batch: batchNo };
  if (batch?.state !== 'CLOSED') return { kind: 'continues', batch: batchNo, state: batch?.state ?? '' };
  return {
    kind: 'closed',
    batch: batchNo,
    balanced: isBalanced(batch),
    printProblem: batch.prints > 0 ? undefined : batchSlipProblem(world, batch),
  };
}

function closeStep(world: World, batch: Batch): CloseStep | undefined {
  switch (batch.state) {
    case 'FROZEN':
      return { at: 'freezing' };
    case 'COMPARING':
      return { at: 'comparing' };
    case 'UPLOADING':
      return {
        at: 'uploading',
        done: uploadedSoFar(world, batch),
        of: batch.uploaded,
      };
    case 'ENDING':
      return { at: 'ending' };
    case 'CLEAR_DUE':
      return { at: 'printing' };
    case 'OPEN':
    case 'CLOSED':
    case 'NEEDS_HUMAN':
      return undefined;
  }
}

/**
 * Does what the state of the batch asks for and the host's acknowledgements allow; called after every acknowledgement, every row from above and
 * at start. A batch that is not being closed is left alone.
 */
export function advanceClose(world: World): Promise<void> {
  return oneAtATime(world, 'close', async () => {
    const batch = currentBatch(world.db);
    if (batch?.state === 'FROZEN' && !world.outbox.isWaiting('batch-totals')) {
      inTransaction(world.db, (tx) => totalsAcknowledged(tx, batch));
      changed(world);
    }
    if (batch?.state === 'UPLOADING' && (await isUploaded(world, batch))) {
      inTransaction(world.db, (tx) => uploadAcknowledged(tx, world.clock.now(), batch));
      at('close.after-upload');
      world.link.wake();
      changed(world);
    }
    if (batch?.state === 'CLEAR_DUE') await finish(world, batch);
  });
}

async function finish(world: World, batch: Batch): Promise<void> {
  at('close.clear-due');
  const { session } = world;
  // Nobody asked for it and nothing is in it: its slip is put off.
  const isForNobody = batch.closedBy === 'SYS' && batch.records === 0;
  const isOut =
    session.slipOutOf === batch.id ||
    (!isForNobody && (await printBatch(world, batch, batch.prints > 0)) === undefined);
  if (isOut) session.slipOutOf = batch.id;
  if (isOut) at('close.printed');
  inTransaction(world.db, (tx) => finishClose(tx, world.clock.now(), batch, isOut));
  at('close.after-closed');
  session.signedIn = false; // the next sign-in opens the next batch
  changed(world);
}
