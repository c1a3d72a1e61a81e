import { createHash } from 'node:crypto';
import type { Database } from '../base/database.ts';
import type { Steps } from '../base/steps.ts';
import { lineText, type Statement } from './statement.ts';
import { getAllStatements, getLines } from './statement-store.ts';

/** A difference or settlement whose money is not in its account, or a statement that does not go on from the one before: which rule, and what it is about. */
export interface AccountProblem {
  readonly rule: 'P-09' | 'P-31';
  readonly about: string;
  readonly what: string;
  readonly foundFen: number;
  readonly expectedFen: number;
}

const maxProblems = 100;

/** P-09 for 1290 and 2490, what differences that are open have there, and for 2005, what settlements on their way have: each under its own number. */
const held = `SELECT account, sum(found) AS foundFen, sum(expected) AS expectedFen FROM (
    SELECT account, balance_fen AS found, 0 AS expected FROM balance WHERE side = 'D' AND account BETWEEN '1290:' AND '1290;'
    UNION ALL SELECT account, balance_fen, 0 FROM balance WHERE side = 'C' AND account BETWEEN '2490:' AND '2490;'
    UNION ALL SELECT iif(delta_fen > 0, '2490:', '1290:') || no, 0, abs(delta_fen) FROM difference
      WHERE state IN ('FOUND','INVESTIGATING') AND channel IS NOT NULL
    UNION ALL SELECT account, balance_fen, 0 FROM balance WHERE side = 'C' AND account BETWEEN '2005:' AND '2005;'
    UNION ALL SELECT '2005:' || no, 0, amount_fen FROM settlement WHERE state IN ('REQUESTED','PROCESSING'))
  GROUP BY account HAVING foundFen <> expectedFen LIMIT ${maxProblems}`;

/** Statements whose lines are read again; of all others only the heads. */
const newest = 31;
const page = 500;

/** In steps between which other things may be done; the caller keeps one snapshot open over all of them. */
export function* accountSteps(db: Database): Steps<readonly AccountProblem[]> {
  const problems: AccountProblem[] = [];
  // A copy of the book may be older than these tables.
  if (db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'statement'").get() === undefined) return problems;
  const rows = db.prepare<[], { account: string; foundFen: number; expectedFen: number }>(held).all();
  for (const { account: about, foundFen, expectedFen } of rows)
    problems.push({
      rule: 'P-09',
      about,
      what: about.startsWith('2005') ? 'settlement in transit' : 'difference in suspense',
      foundFen,
      expectedFen,
    });
  yield;
  const all = getAllStatements(db);
  for (const [index, statement] of all.entries()) {
    const expectedFen = all[index - 1]?.closingFen ?? 0;
    if (statement.openingFen !== expectedFen)
      problems.push({ ...about(statement, 'opening'), foundFen: statement.openingFen, expectedFen });
    if (index >= all.length - newest) problems.push(...(yield* lineSteps(db, statement)));
  }
  return problems.slice(0, maxProblems);
}

function* lineSteps(db: Database, statement: Statement): Steps<readonly AccountProblem[]> {
  const hash = createHash('sha256');
  let [balanceFen, fits]: [number, boolean] = [statement.openingFen, true];
  for (let last = 0; last < statement.lines; last += page) {
    for (const line of getLines(db, statement.date, last, page)) {
      hash.update(lineText(line));
      balanceFen += line.amountFen;
      fits &&= line.balanceFen === balanceFen;
    }
    yield;
  }
  const expectedFen = statement.closingFen;
  if (fits && balanceFen === expectedFen && hash.digest('hex') === statement.sha256) return [];
  return [{ ...about(statement, 'lines'), foundFen: balanceFen, expectedFen }];
}

const about = ({ no }: Statement, what: string) => ({ rule: 'P-31', about: no, what }) as const;
