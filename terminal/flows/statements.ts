import { TerminalError } from '../base/errors.ts';
import { getLines, getStatement, getStatements } from '../settlement/statement-store.ts';
import { authorise } from '../users/roles.ts';
import { checkRange, makeReport } from './report.ts';
import type { StatementDesk } from './statement-desk.ts';
import type { World } from './world.ts';

/** Lines of a statement in one answer at most. */
const mostLines = 500;

export function statementDesk(world: World): StatementDesk {
  const { db } = world;
  return {
    statements(by, from, to) {
      authorise(by, 'statements');
      checkRange(from, to);
      return getStatements(db, from, to);
    },
    statement(by, date, limit, after) {
      authorise(by, 'statements');
      const head = getStatement(db, date);
      if (!head) throw new TerminalError('NOT_FOUND', { what: 'statement', no: date });
      return { head, lines: getLines(db, date, after, Math.min(limit, mostLines)) };
    },
    report(by, from, to, signal) {
      if (by.role === 'C') return makeReport(world, from, to, by.no, signal);
      authorise(by, 'statements');
      return makeReport(world, from, to, undefined, signal);
    },
  };
}
