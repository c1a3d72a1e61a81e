import { startBroker } from '../../sync/broker.ts';
import { systemClock } from '../../terminal/base/clock.ts';
import { counterDesk } from './counter-desk.ts';
import { serveParent } from './link-children.ts';
import { startLinkHost } from './link-host.ts';

/** The broker and the host of F4; its terminal is the program itself. */
export type CounterTask =
  | { readonly role: 'broker' }
  | { readonly role: 'host'; readonly url: string; readonly folder: string };

serveParent(async (task: CounterTask) => {
  if (task.role === 'broker') return { url: (await startBroker({ hostId: 'host' })).url };
  await startLinkHost(task.url, task.folder, async () => counterDesk(systemClock));
  return {};
});
