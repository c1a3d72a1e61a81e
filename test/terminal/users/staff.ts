import { type Database, openDatabase } from '../../../terminal/base/database.ts';
import { TerminalError } from '../../../terminal/base/errors.ts';
import { migrate } from '../../../terminal/base/migrate.ts';
import { base } from '../../../terminal/base/migrations/0001-base.ts';
import { usersTables } from '../../../terminal/base/migrations/0003-users.ts';
import { systemRandom } from '../../../terminal/base/random.ts';
import { logOn } from '../../../terminal/users/log-on.ts';
import { createFirstUsers } from '../../../terminal/users/manage-users.ts';
import { type TestClock, testClock } from '../../support/test-clock.ts';

/** A terminal with its three first operators, and a clock to turn. */
export interface Staff {
  readonly db: Database;
  readonly clock: TestClock;
  readonly deps: { readonly clock: TestClock; readonly random: typeof systemRandom };
  /** The operator's number, or what was refused: `SECRET_WRONG 4`, `OPERATOR_LOCKED 5` (minutes), another code. */
  logOn(no: string, secret: string): Promise<string>;
}

export async function newStaff(file = ':memory:', clock = testClock()): Promise<Staff> {
  const db = openDatabase(file);
  migrate(db, [base, usersTables]);
  const deps = { clock, random: systemRandom };
  await createFirstUsers(db, deps);
  return { db, clock, deps, logOn: (no, secret) => outcome(logOn(db, deps, { no, secret }).then((user) => user.no)) };
}

export async function outcome(attempt: Promise<string>): Promise<string> {
  try {
    return await attempt;
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
    const { left, minutes } = error.details;
    return [error.code, left ?? minutes].filter((part) => part !== undefined).join(' ');
  }
}

interface Line {
  readonly by: string;
  readonly action: string;
  readonly about: string;
  readonly outcome: string;
  readonly details: string;
}

export const auditLines = (db: Database): readonly string[] =>
  db
    .prepare<[], Line>('SELECT by, action, about, outcome, details FROM audit ORDER BY seq')
    .all()
    .map((line) => `${line.by} ${line.action} ${line.about} ${line.outcome} ${line.details}`);
