import { hourMs } from '../base/clock.ts';
import { TerminalError } from '../base/errors.ts';
import { parameter } from '../base/parameters.ts';
import { setting } from '../base/settings.ts';
import { type Batch, groups } from '../settlement/batch.ts';
import { cutOf } from '../settlement/open-batch.ts';
import { currentBatch } from '../settlement/queries.ts';
import type { BatchAlert } from './batch-desk.ts';
import { requireRightClock } from './clock.ts';
import { requireDecided } from './decided.ts';
import { requireOnline } from './host-link.ts';
import type { World } from './world.ts';

/** How much a batch may hold, and what it asks of the cashier (payments.md, Batch close 7; faces.md). */

const oldMs = 24 * hourMs;
const warnShare = 0.8;
/** What the amounts of a side may come to: twelve digits, as ISO 8583 has them. */
const mostFen = 999_999_999_999;

type Place = Pick<World, 'db' | 'config'>;

/** `batch.maxRecords` of upstream, or less where this terminal's own limit is lower. */
export const recordLimit = ({ db, config }: Place): number =>
  Math.min(config.limits.maxRecords, parameter(db, 'batch.maxRecords'));

/** With which count the open batch is full: a batch whose sums have no room for one more sale is full as it is. */
export function mostRecords(world: Place): number {
  const batch = currentBatch(world.db);
  return batch && isTooLarge(world, batch) ? batch.records : recordLimit(world);
}

const isTooLarge = ({ config }: Place, { totals }: Batch): boolean =>
  groups.some((group) => {
    const { debitFen, creditFen } = totals[group];
    return Math.max(debitFen, creditFen) > mostFen - config.limits.maxAmountFen;
  });

/** The one thing that matters most; undefined: nothing. */
export function batchAlert(world: World): BatchAlert | undefined {
  const batch = currentBatch(world.db);
  if (!batch) return undefined;
  if (batch.state === 'NEEDS_HUMAN') return { is: 'needs-human', isDecided: batch.decided !== null };
  if (batch.state !== 'OPEN') return undefined;
  const [count, limit] = [batch.records, recordLimit(world)];
  const ageMs = world.clock.now() - batch.openedAt;
  const problem = overdueProblem(world, batch);
  if (problem) return { is: 'overdue', code: problem.code, details: problem.details };
  if (count >= limit) return { is: 'full', count, limit };
  if (isTooLarge(world, batch)) return { is: 'too-large' };
  if (ageMs > oldMs) return { is: 'old', hours: Math.floor(ageMs / hourMs) };
  return count >= limit * warnShare ? { is: 'nearly-full', count, limit } : undefined;
}

/** Why a batch whose day is over is not closed. Undefined: it will be in a moment, or its day is not over. */
export function overdueProblem(world: World, batch: Batch): TerminalError | undefined {
  if (world.clock.now() < cutOf(batch, world.config.limits.cutoffHour)) return undefined;
  try {
    requireClosable(world);
    return undefined;
  } catch (error) {
    if (error instanceof TerminalError) return error;
    throw error;
  }
}

/** What an automatic close needs beside a book that adds up. OFFLINE, CLOCK_WRONG, REVERSAL_PENDING, NEEDS_HUMAN, BATCH_HAS_UNKNOWN. */
function requireClosable(world: World): void {
  requireOnline(world);
  requireRightClock(world);
  requireDecided(world);
  const broken = bookProblem(world);
  if (broken !== undefined) throw brokenBook(broken);
}

const name = 'book-problem';
/** What the last proof of the book found (prove-book.ts), if it did not add up. */
export const bookProblem = ({ db }: Pick<World, 'db'>): string | undefined => setting(db, name) || undefined;
export const bookProblemName = name;
export const brokenBook = (found: string): TerminalError => new TerminalError('NEEDS_HUMAN', { what: `账本${found}` });
