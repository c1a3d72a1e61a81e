import { createServer } from 'node:net';
import { Aedes } from 'aedes';
import { systemClock } from '../../terminal/base/clock.ts';
import { systemRandom } from '../../terminal/base/random.ts';
import { until } from '../../terminal/flows/world.ts';
import { startTerminal } from '../../terminal/main.ts';
import { prepareHome } from '../home.ts';
import { serveParent } from './link-children.ts';
import { startLinkHost } from './link-host.ts';
import { UploadDesk } from './upload-desk.ts';

/** One process of F6: the real terminal with a batch that does not balance, and a host that is nothing but the link and asks for its records. */
export type UploadTask =
  /** Counts what passes, before it reaches anybody. */
  | { readonly role: 'counting-broker' }
  | { readonly role: 'host'; readonly url: string; readonly folder: string }
  | { readonly role: 'terminal'; readonly url: string; readonly home: string };

export type UploadCommand =
  /** Terminal: closes the batch, or goes on with the close. */
  | { readonly close: true }
  /** Host: waits until it has so many records, or the end of the batch. */
  | { readonly until: number | 'end' }
  /** Broker. */
  | { readonly passed: true };

export interface UploadReport {
  readonly url?: string;
  /** Host: from its verdict to the row that ends the batch. */
  readonly ms?: number;
  /** Host: records in its inbox, and how many of them are different. */
  readonly records?: number;
  readonly different?: number;
  /** Broker: rows that passed, and those of them that had passed before. */
  readonly rows?: number;
  readonly again?: number;
}

type OnCommand = (run: (command: UploadCommand) => Promise<UploadReport>) => void;

/** As open as F2's bare broker; looks into every message of rows. */
async function countingBroker(onCommand: OnCommand): Promise<UploadReport> {
  const aedes = await Aedes.createBroker({ drainTimeout: 5_000 });
  const seen = new Set<number>();
  let again = 0;
  aedes.on('publish', ({ topic, payload }) => {
    if (!topic.endsWith('/up/rows')) return;
    const text = payload.toString('utf8');
    const { rows }: { rows: [seq: number][] } = JSON.parse(text.slice(text.indexOf('\n')));
    for (const [seq] of rows) {
      if (seen.has(seq)) again += 1;
      seen.add(seq);
    }
  });
  const server = createServer({ noDelay: true }, (socket) => void aedes.handle(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  onCommand(async () => ({ rows: seen.size, again }));
  return { url: `mqtt://127.0.0.1:${address && typeof address === 'object' ? address.port : 0}` };
}

async function host(url: string, folder: string, onCommand: OnCommand): Promise<UploadReport> {
  const desk = new UploadDesk(systemClock);
  const { store } = await startLinkHost(url, folder, async () => desk);
  onCommand(async (command) => {
    if ('until' in command) await desk.until(command.until);
    const { records, different } = await store
      .selectFrom('inbox')
      .select(({ fn }) => [fn.countAll<number>().as('records'), fn.count<number>('id').distinct().as('different')])
      .where('kind', '=', 'batch-record')
      .executeTakeFirstOrThrow();
    return { ms: desk.uploadMs, records, different };
  });
  return {};
}

async function terminal(url: string, home: string, onCommand: OnCommand): Promise<UploadReport> {
  const running = await startTerminal({
    ...prepareHome(home),
    brokerUrl: url,
    clock: systemClock,
    random: systemRandom,
    log: () => {},
    onBug: (error) => {
      throw error;
    },
  });
  const counter = running.counter();
  await counter.logOn('01', '0000');
  // A close that was cut off goes on without a sign-in.
  const isReady = () => counter.status().signedIn || counter.status().batch?.state !== 'OPEN';
  await until(running.world, isReady, new AbortController().signal);
  onCommand(async () => {
    void counter.closeBatch(new AbortController().signal, () => {});
    return {};
  });
  return {};
}

serveParent((task: UploadTask, onCommand: OnCommand) => {
  switch (task.role) {
    case 'counting-broker':
      return countingBroker(onCommand);
    case 'host':
      return host(task.url, task.folder, onCommand);
    case 'terminal':
      return terminal(task.url, task.home, onCommand);
  }
});
