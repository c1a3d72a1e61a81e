import { inTransaction } from '../base/database.ts';
import { finishWork, nextWork, schedule } from '../base/due-work.ts';
import { TerminalError } from '../base/errors.ts';
import { setSetting, setting } from '../base/settings.ts';
import { closeWork, closeWorkAbout, cutOf } from '../settlement/open-batch.ts';
import { currentBatch } from '../settlement/queries.ts';
import { auditAttempt } from './audit-attempt.ts';
import { overdueProblem } from './batch-limits.ts';
import { requireRightClock } from './clock.ts';
import { beginClose } from './end-of-day.ts';
import { changed, type World } from './world.ts';

/** The batch and the reason for which the last try was refused: an audit line for each new one, not for each try. */
const refused = 'auto-close-refused';

/**
 * 自动批结算 at the cut-off (B-054), when nobody has closed the batch. The due work belongs to the batch, and goes in the transaction that freezes it: closed by
 * whomever, before or after a restart, it is closed once. What can not be closed yet is tried again, at once when what stood in the way is gone; the idle screen
 * says what it is (batch-limits.ts).
 */
export async function closeWhenDue(world: World, signal: AbortSignal): Promise<void> {
  const { db, clock, config } = world;
  const due = nextWork(db, closeWork);
  if (!due) return;
  const batch = currentBatch(db);
  if (batch?.state !== 'OPEN' || closeWorkAbout(batch) !== due.about) {
    inTransaction(db, (tx) => finishWork(tx, closeWork, due.about));
    return;
  }
  const isLater = due.dueAt > clock.now();
  if (clock.now() < cutOf(batch, config.limits.cutoffHour)) {
    // The clock was set back: the day of this batch is not over.
    if (!isLater) inTransaction(db, (tx) => schedule(tx, closeWork, due.about, cutOf(batch, config.limits.cutoffHour)));
    return;
  }
  if (isLater && !wayIsFree(world, batch, due.about)) return;
  try {
    requireRightClock(world);
    await beginClose(world, 'SYS', signal);
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
    tryLater(world, due.about, batch.no, error.code);
  }
}

/** What the last try was refused for is gone. */
function wayIsFree(world: World, batch: Parameters<typeof overdueProblem>[1], about: string): boolean {
  const [last, code] = (setting(world.db, refused) ?? '').split(' ');
  return last === about && seen.includes(code ?? '') && overdueProblem(world, batch) === undefined;
}

/** Reasons of which one can see whether they are gone. */
const seen: readonly string[] = ['OFFLINE', 'CLOCK_WRONG', 'REVERSAL_PENDING', 'NEEDS_HUMAN', 'BATCH_HAS_UNKNOWN'];

function tryLater(world: World, about: string, batch: string, code: string): void {
  const { db, clock, config, log } = world;
  log('warn', 'auto-close-refused', { batch, code });
  const why = `${about} ${code}`;
  const isNews = setting(db, refused) !== why;
  inTransaction(db, (tx) => {
    schedule(tx, closeWork, about, clock.now() + config.limits.closeRetryMs);
    setSetting(tx, refused, why);
  });
  if (!isNews) return;
  auditAttempt(world, { by: 'SYS', action: 'batch-close', about: batch, outcome: 'refused', details: { code } });
  changed(world);
}
