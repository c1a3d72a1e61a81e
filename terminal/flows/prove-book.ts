import { audit } from '../base/audit.ts';
import type { Clock } from '../base/clock.ts';
import { type Database, inTransaction, openDatabase } from '../base/database.ts';
import { setSetting } from '../base/settings.ts';
import { finishSlowly, type Steps } from '../base/steps.ts';
import { bookProblem, bookProblemName, brokenBook } from './batch-limits.ts';
import { bookAndAuditSteps, checkTotals } from './check-book.ts';
import { changed, type World } from './world.ts';

/**
 * Proves the book before each close and at night, as it is at one moment, while sales go on: in steps of some milliseconds on a handle of its own. What is wrong is written
 * down, logged and shown, and no batch is closed over it. NEEDS_HUMAN, naming the first thing that does not add up; DATABASE_CORRUPT.
 */
export async function proveBook(world: World): Promise<void> {
  const { problems, brokenLine } = await inSlices(world, bookAndAuditSteps);
  if (!world.db.open) return; // the terminal was stopped meanwhile
  const [first] = problems;
  const found = first ? `${first.rule} ${first.about}` : brokenLine === undefined ? '' : `#${brokenLine}`;
  if (found !== (bookProblem(world) ?? '')) remember(world, found);
  if (found !== '') throw brokenBook(found);
}

/** At the start: the running totals of the open batch against its rows (design.md, rule 5); the rest waits for the next close. */
export function proveTotals(world: World): void {
  const [first] = checkTotals(world.db);
  if (first) remember(world, `${first.rule} ${first.about}`);
}

/** Reads the book step by step, all of it as it is now. */
export async function inSlices<T>(
  { db, clock }: { readonly db: Pick<Database, 'name'>; readonly clock: Clock },
  steps: (db: Database) => Steps<T>,
  signal?: AbortSignal,
): Promise<T> {
  const reader = openDatabase(db.name, { readonly: true });
  try {
    reader.exec('BEGIN');
    return await finishSlowly(steps(reader), clock, signal);
  } finally {
    reader.close();
  }
}

function remember(world: World, found: string): void {
  if (found !== '') world.log('error', 'ledger-does-not-add-up', { found });
  inTransaction(world.db, (tx) => {
    setSetting(tx, bookProblemName, found);
    audit(tx, {
      at: world.clock.now(),
      by: 'SYS',
      action: 'ledger-check',
      about: '',
      outcome: found === '' ? 'ok' : 'refused',
      details: { found },
    });
  });
  changed(world);
}
