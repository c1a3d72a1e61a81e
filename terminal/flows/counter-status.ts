import { reversalsDue } from '../payments/queries.ts';
import { currentBatch } from '../settlement/queries.ts';
import type { User } from '../users/user.ts';
import type { CounterStatus } from './counter.ts';
import { merchantName } from './sign-in.ts';
import type { World } from './world.ts';

/** What the idle screen shows (faces.md, Cashier rules 1). */
export function counterStatus(world: World, operator: User | undefined): CounterStatus {
  const batch = currentBatch(world.db);
  const link = world.link.status();
  return {
    merchantName: merchantName(world),
    terminal: world.config.terminal,
    simulated: world.simulated,
    operator,
    link: link.gateOpen ? 'online' : link.state === 'stopped' ? 'offline' : 'connecting',
    signedIn: world.session.signedIn,
    waitingRows: world.outbox.summary(world.clock.now()).waiting,
    batch: batch && { no: batch.no, state: batch.state, records: batch.records, openedAt: batch.openedAt },
    reversalsDue: reversalsDue(world.db).length,
    printerProblem: problemOf(world.printer.status()),
    readerProblem: problemOf(world.reader.status()),
  };
}

const problemOf = (status: { readonly state: string; readonly problem?: string }): string | undefined =>
  status.state === 'ready' ? status.problem : (status.problem ?? status.state.toUpperCase());
