import { consoleDesk } from './console.ts';
import { changesOf } from './console-changes.ts';
import type { Changed, ConsoleDesk, OtherDesks } from './console-desk.ts';
import { consoleUserDesk } from './console-user.ts';
import type { ConsoleUserDesk } from './console-user-desk.ts';
import { exportDesk } from './export.ts';
import { noticeDesk } from './notice.ts';
import { reconciliationDesk } from './reconciliation.ts';
import { settlementDesk } from './settlement.ts';
import { statementDesk } from './statements.ts';
import type { World } from './world.ts';

/** Everything that a user of the console may ask for. */
export interface ConsoleDesks extends OtherDesks {
  readonly users: ConsoleUserDesk;
  readonly look: ConsoleDesk;
  /** What changed, from now on. */
  changes(): { since(): readonly Changed[] };
}

export function consoleDesks(world: World): ConsoleDesks {
  const others: OtherDesks = {
    settlement: settlementDesk(world),
    reconciliation: reconciliationDesk(world),
    statements: statementDesk(world),
    exports: exportDesk(world),
    notices: noticeDesk(world),
  };
  return {
    ...others,
    users: consoleUserDesk(world),
    look: consoleDesk(world, others),
    changes: () => changesOf(world),
  };
}
