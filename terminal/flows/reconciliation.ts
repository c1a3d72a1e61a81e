import { TerminalError } from '../base/errors.ts';
import { examineDifference } from '../settlement/difference.ts';
import type { BillRun, Difference } from '../settlement/reconcile.ts';
import { countLiveOf, getDifferences, getRuns } from '../settlement/reconcile-store.ts';
import { authorise } from '../users/roles.ts';
import { auditAttempt } from './audit-attempt.ts';
import type { DifferenceView, ReconciliationDesk, RunView } from './reconciliation-desk.ts';
import { changed, type World } from './world.ts';

export function reconciliationDesk(world: World): ReconciliationDesk {
  const { db } = world;
  return {
    runs(by, limit) {
      authorise(by, 'look');
      return getRuns(db, limit).map((run) => runView(run, countLiveOf(db, run.date)));
    },
    differences(by, open, limit) {
      authorise(by, 'look');
      return getDifferences(db, open, limit).map(differenceView);
    },
    examine(by, no, finding, text) {
      try {
        examineDifference(db, world, by, { no, finding, text });
      } catch (error) {
        if (error instanceof TerminalError)
          auditAttempt(world, {
            by: by.no,
            action: 'difference-examined',
            about: no,
            outcome: 'refused',
            details: { code: error.code },
          });
        throw error;
      }
      world.link.wake();
      changed(world);
    },
  };
}

const runView = (run: BillRun, openDifferences: number): RunView => ({
  date: run.date,
  version: run.version,
  state: run.state,
  rows: run.rows,
  matched: run.matched,
  differences: run.differences,
  openDifferences,
  problem: run.problem ?? undefined,
  at: run.heardAt,
});

const differenceView = (d: Difference): DifferenceView => ({
  no: d.no,
  date: d.date,
  kind: d.kind,
  state: d.state,
  payment: d.payment ?? undefined,
  batch: d.batch ?? undefined,
  here: d.here,
  there: d.there,
  hereFen: d.hereFen,
  thereFen: d.thereFen,
  deltaFen: d.deltaFen,
  finding: d.finding ?? undefined,
  decision: d.decision ?? undefined,
  decidedBy: d.decidedBy ?? undefined,
  approvedBy: d.approvedBy ?? undefined,
  at: d.at,
});
