import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { startOfDay, systemClock } from '../../terminal/base/clock.ts';
import { lastCutOf, nextCutOf } from '../../terminal/settlement/cut-plan.ts';
import { newestSettlements } from '../../terminal/settlement/queries.ts';
import { getRuns } from '../../terminal/settlement/reconcile-store.ts';
import { getAllStatements } from '../../terminal/settlement/statement-store.ts';
import type { Stage } from '../stage/stage.ts';
import type { BillEvent, StatementEvent } from './event.ts';
import { until } from './until.ts';

/** What happens by itself when time passes. Read in the book of the running terminal. */

/** From midnight to 10:00 of the next day, when statements and bills are made. */
const toMorningMs = 34 * 3_600_000;
/** Host and terminal are started so long before what is to happen. */
const earlyMs = 1_000;

/** Host and terminal are started again at a later time. */
export async function turnClock(stage: Stage, to: 'cut' | 'morning'): Promise<void> {
  const toMs = await found(`the ${to}`, stage.home, (book) =>
    to === 'cut' ? nextCutOf(book)?.atMs : startOfDay(lastCutOf(book) ?? '') + toMorningMs,
  );
  await stage.terminal.kill('SIGTERM');
  await stage.host.kill('SIGTERM');
  stage.turnClock(toMs - earlyMs - systemClock.now());
  await stage.startHost();
  await stage.startTerminal();
}

/** How the settlement ended that nobody asked for. */
export const settledAtCut = (home: string): Promise<string> =>
  found('the settlement at the cut', home, (book) => {
    const [newest] = newestSettlements(book, 1);
    const isOver = newest?.mode === 'AUTO' && ['SUCCESS', 'FAILED'].includes(newest.state);
    return isOver ? newest.state : undefined;
  });

/** Those of every day up to that of the cut; it may be a later one, since nothing is settled on a holiday. */
export const statementsToCut = (home: string): Promise<readonly StatementEvent[]> =>
  found('the statement', home, (book) => {
    const made = getAllStatements(book);
    if (made.at(-1)?.date !== lastCutOf(book)) return undefined;
    return made.map(({ no, date, lines, openingFen, inFen, outFen, closingFen }) => ({
      kind: 'statement',
      ...{ no, date, lines, openingFen, inFen, outFen, closingFen },
    }));
  });

/** Of the last day on which something was sold. */
export const billCompared = (home: string): Promise<BillEvent> =>
  found('the bill', home, (book) => {
    const run = getRuns(book, 31).find(({ rows }) => rows > 0);
    if (!run || run.state === 'OPEN' || run.state === 'MATCHING') return undefined;
    const { date, state, rows, matched, differences } = run;
    return { kind: 'bill', date, state, rows, matched, differences };
  });

/** Waits until `look` finds something. */
async function found<T>(what: string, home: string, look: (book: Sqlite.Database) => T | undefined): Promise<T> {
  const book = new Sqlite(join(home, 'terminal.db'), { readonly: true });
  try {
    let value: T | undefined;
    await until(what, async () => {
      value = look(book);
      return value !== undefined;
    });
    return value as T;
  } finally {
    book.close();
  }
}
