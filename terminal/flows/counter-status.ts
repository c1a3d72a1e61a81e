import { needingHuman, reversalsDue } from '../payments/queries.ts';
import { currentBatch } from '../settlement/queries.ts';
import type { User } from '../users/user.ts';
import { isAbnormal, tampered } from './abnormal-device.ts';
import { batchAlert } from './batch-limits.ts';
import { clockWrongBySec } from './clock.ts';
import type { CounterStatus, DeviceName, DeviceProblem } from './counter.ts';
import { restoreReport } from './restore-report.ts';
import { merchantName } from './sign-in.ts';
import type { World } from './world.ts';

/** What the idle screen shows (faces.md, Cashier rules 1). */
export function counterStatus(world: World, operator: User | undefined): CounterStatus {
  const batch = currentBatch(world.db);
  const link = world.link.status();
  const deviceProblems = problemsOf(world);
  const problemOf = (name: DeviceName) => deviceProblems.find(({ device }) => device === name)?.problem;
  return {
    merchantName: merchantName(world),
    terminal: world.config.terminal,
    hotline: world.config.hotline,
    simulated: world.simulated,
    operator,
    link: link.gateOpen ? 'online' : link.state === 'stopped' ? 'offline' : 'connecting',
    signedIn: world.session.signedIn,
    waitingRows: world.outbox.summary(world.clock.now()).waiting,
    batch: batch && { no: batch.no, state: batch.state, records: batch.records, openedAt: batch.openedAt },
    batchAlert: batchAlert(world),
    reversalsDue: reversalsDue(world.db).length,
    reversalsStuck: needingHuman(world.db).length,
    clockWrong: clockWrongBySec(world) !== undefined,
    restoring: restoreReport(world.db)?.state === 'restoring',
    printerProblem: problemOf('printer'),
    readerProblem: problemOf('card-reader'),
    consoleProblem: world.session.consoleProblem?.detail,
    deviceProblems,
  };
}

/** What a sale cannot do without comes first. */
const byWeight: readonly DeviceName[] = ['printer', 'card-reader', 'pin-pad', 'scanner', 'keypad', 'display'];

const problemsOf = (world: World): readonly DeviceProblem[] =>
  byWeight.flatMap((name) => {
    const status = world.devices.find(({ device }) => device.name === name)?.device.status();
    if (!status) return [];
    if (isAbnormal(world, name)) return [{ device: name, problem: tampered, detail: undefined }];
    const problem = status.state === 'ready' ? status.problem : (status.problem ?? status.state.toUpperCase());
    return problem === undefined ? [] : [{ device: name, problem, detail: status.detail }];
  });
