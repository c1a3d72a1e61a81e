import type { DifferenceDecided } from '../../sync/protocol/bills.ts';
import { TerminalError } from '../base/errors.ts';
import { examineDifference } from '../settlement/difference.ts';
import type { BillRun, Difference } from '../settlement/reconcile.ts';
import { countLiveOf, getDifference, getDifferences, getRuns } from '../settlement/reconcile-store.ts';
import { authorise } from '../users/roles.ts';
import { refusing } from './audit-attempt.ts';
import type { DifferenceView, ReconciliationDesk, RunView } from './reconciliation-desk.ts';
import { changed, type World } from './world.ts';

export function reconciliationDesk(world: World): ReconciliationDesk {
  const { db } = world;
  return {
    runs(by, limit) {
      authorise(by, 'look');
      return getRuns(db, limit).map((run) => runView(run, countLiveOf(db, run.date)));
    },
    differences(by, open, limit, before) {
      authorise(by, 'look');
      return getDifferences(db, open, limit, before).map(differenceView);
    },
    byNo(by, no) {
      authorise(by, 'look');
      const difference = getDifference(db, no);
      if (!difference) throw new TerminalError('NOT_FOUND', { what: 'difference', no });
      return differenceView(difference);
    },
    examine(by, no, finding, text) {
      refusing(world, { by: by.no, action: 'difference-examined', about: no }, () =>
        examineDifference(db, world, by, { no, finding, text }),
      );
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

/** Of the row of a decision that waits. */
function neededFen(waits: string): number | undefined {
  const { body }: { readonly body: DifferenceDecided } = JSON.parse(waits);
  return body.decision === 'missing-refund' && body.record ? body.record.amountFen - body.record.feeFen : undefined;
}

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
  waits: d.waits === null ? undefined : { needsFen: neededFen(d.waits) },
  at: d.at,
});
