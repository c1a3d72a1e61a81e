import { TerminalError } from '../base/errors.ts';
import { shownParameters } from '../base/parameters.ts';
import { setting } from '../base/settings.ts';
import { batchByNo, newestBatches } from '../settlement/queries.ts';
import { operators } from '../users/queries.ts';
import { authorise } from '../users/roles.ts';
import { deviceViews } from './abnormal-device.ts';
import { refusing } from './audit-attempt.ts';
import { auditPart } from './console-audit.ts';
import { beginCloseAtConsole } from './console-close.ts';
import type { ConsoleDesk, OtherDesks } from './console-desk.ts';
import { overview } from './console-overview.ts';
import { transactionWithTimeline } from './console-timeline.ts';
import { todo } from './console-todo.ts';
import { findTransactions } from './console-transactions.ts';
import { testDevice } from './test-device.ts';
import { batchView } from './views.ts';
import type { World } from './world.ts';

export const consoleDesk = (world: World, others: OtherDesks): ConsoleDesk => ({
  overview: (by, signal) => overview(world, by, others, signal),
  transactions: (by, filter, signal) => findTransactions(world, by, filter, signal),
  transaction: (by, no) => transactionWithTimeline(world, by, no),
  todo: (by) => todo(world, by, others),
  batches(by, limit, before) {
    authorise(by, 'look');
    return newestBatches(world.db, limit, before).map(batchView);
  },
  batch(by, no) {
    authorise(by, 'look');
    const batch = batchByNo(world.db, no);
    if (!batch) throw new TerminalError('NOT_FOUND', { what: 'batch', no });
    return batchView(batch);
  },
  closeBatch: (by, signal, progress) => beginCloseAtConsole(world, by, signal, progress),
  parameters(by) {
    authorise(by, 'look');
    return { rev: Number(setting(world.db, 'rev') ?? 0), parameters: shownParameters(world.db) };
  },
  audit: (by, ask, signal) => auditPart(world, by, ask, signal),
  devices(by) {
    authorise(by, 'look');
    return deviceViews(world);
  },
  async testDevice(by, name, signal) {
    const line = { by: by.no, action: 'test-device', about: name };
    refusing(world, line, () => authorise(by, name === 'printer' ? 'reprint' : 'look'));
    return testDevice(world, name, { operator: by, signal, progress: () => {} });
  },
  operators(by) {
    authorise(by, 'look');
    return operators(world.db, world.clock).map(({ no, role, locked, inShift }) => ({ no, role, locked, inShift }));
  },
});
