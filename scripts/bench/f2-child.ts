import { createServer } from 'node:net';
import { join } from 'node:path';
import { Aedes } from 'aedes';
import Sqlite from 'better-sqlite3';
import { sql } from 'kysely';
import mqtt, { type MqttClient } from 'mqtt';
import { startBroker } from '../../sync/broker.ts';
import type { Business } from '../../sync/host/business.ts';
import { Faults } from '../../sync/host/faults.ts';
import { registerMerchant } from '../../sync/host/merchants.ts';
import type { HostStore } from '../../sync/host/store.ts';
import { Upstream } from '../../sync/host/upstream.ts';
import { Link } from '../../sync/link.ts';
import { loadHostKeys, loadTerminalKeys } from '../../sync/protocol/keys.ts';
import type { NewUpRow } from '../../sync/protocol/rows.ts';
import { ask } from '../../sync/request.ts';
import { streamMigrations } from '../../sync/stream/migrations.ts';
import { send } from '../../sync/stream/send.ts';
import { systemClock } from '../../terminal/base/clock.ts';
import { systemRandom } from '../../terminal/base/random.ts';
import { payment, record } from './f2-rows.ts';
import { serveParent } from './link-children.ts';
import { startLinkHost } from './link-host.ts';

/** One process of F2. Broker, host and terminal are three, as they are in life; the yardstick has as many. */
export type ChildTask =
  | { readonly role: 'broker' | 'bare-broker' }
  | { readonly role: 'raw-receiver' | 'raw-sender'; readonly url: string }
  /** `effects`: rows are payments and go into the reference host's business, mirror ledger and second opinion included. */
  | { readonly role: 'host' | 'terminal'; readonly url: string; readonly folder: string; readonly effects: boolean };

export type Command =
  /** Sends so many raw messages, or tells when so many have come. */
  | { readonly raw: number }
  /** Commits so many rows, then drains them; asks meanwhile when `asking`. */
  | { readonly drain: number; readonly asking: boolean }
  /** Asks so often with nothing else to do. */
  | { readonly ask: number };

/** A child's answer to its task (`url`) or to a command. */
export interface Report {
  readonly url?: string;
  readonly ms?: number;
  readonly askMs?: readonly number[];
  readonly bodyBytes?: number;
}

const merchant = '898310000000001';
const terminal = '00000001';
const rawTopic = `pos/v1/${merchant}/${terminal}/up/raw`;
const rawBytes = 300;
const rawInFlight = 100;
const pauseMs = 5; // between two requests

type OnCommand = (run: (command: Command) => Promise<Report>) => void;

async function bareBroker(): Promise<string> {
  const aedes = await Aedes.createBroker({ drainTimeout: 5_000 });
  const server = createServer({ noDelay: true }, (socket) => void aedes.handle(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return `mqtt://127.0.0.1:${address && typeof address === 'object' ? address.port : 0}`;
}

/** Y8: mqtt.js as it comes, QoS 1, 100 in flight, 300 bytes, nothing durable. */
async function rawClient(url: string, clientId: string): Promise<MqttClient> {
  const client = await mqtt.connectAsync(url, { clientId, reconnectPeriod: 0 });
  if ('setNoDelay' in client.stream && typeof client.stream.setNoDelay === 'function') client.stream.setNoDelay(true);
  return client;
}

async function rawSender(url: string, onCommand: OnCommand): Promise<void> {
  const client = await rawClient(url, terminal);
  const payload = Buffer.alloc(rawBytes, 'x');
  onCommand(async (command) => {
    let left = 'raw' in command ? command.raw : 0;
    const one = async () => {
      while (left-- > 0)
        await new Promise<void>((taken) => client.publish(rawTopic, payload, { qos: 1 }, () => taken()));
    };
    const started = performance.now();
    await Promise.all(Array.from({ length: rawInFlight }, one));
    return { ms: performance.now() - started };
  });
}

async function rawReceiver(url: string, onCommand: OnCommand): Promise<void> {
  const client = await rawClient(url, 'host');
  await client.subscribeAsync(rawTopic, { qos: 1 });
  onCommand(
    (command) =>
      new Promise((resolve) => {
        let left = 'raw' in command ? command.raw : 0;
        let started = 0;
        client.removeAllListeners('message');
        client.on('message', () => {
          started ||= performance.now();
          left -= 1;
          if (left === 0) resolve({ ms: performance.now() - started });
        });
      }),
  );
}

const host = (url: string, folder: string, effects: boolean) =>
  startLinkHost(url, folder, async (store) => {
    await sql`create table asked (n integer primary key, id text not null) strict`.execute(store);
    return effects ? referenceBusiness(store, folder) : bareBusiness(store);
  });

/** Nothing but the link: rows are recorded, a request is a transaction of its own. */
const bareBusiness = (store: HostStore): Business => ({
  applyUp: () => Promise.resolve(),
  async answer(_, id, request) {
    await store.transaction().execute((trx) => sql`insert into asked (id) values (${id})`.execute(trx));
    return { kind: 'reverse', payment: 'P1', stan: request.stan, code: '00' };
  },
});

async function referenceBusiness(store: HostStore, folder: string): Promise<Business> {
  const { opening } = loadHostKeys(join(folder, 'keys'));
  const parts = { clock: systemClock, random: systemRandom, opening, faults: new Faults(), waysOut: [] };
  await store.transaction().execute((trx) =>
    registerMerchant(
      trx,
      {
        number: merchant,
        name: '测试商户',
        account: { name: '测试商户', number: '6222020000001234', bank: '工商银行' },
        parameters: {},
        terminals: [terminal],
        firstBatch: '000001',
      },
      systemClock.now(),
    ),
  );
  return new Upstream({ ...parts, store, log: () => {}, wake: () => {} }, (error) => {
    throw error;
  });
}

async function terminalSide(
  url: string,
  folder: string,
  rowOf: (n: number) => NewUpRow,
  onCommand: OnCommand,
): Promise<void> {
  const db = new Sqlite(join(folder, 'terminal.db'));
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  for (const migration of streamMigrations) db.exec(migration.sql);
  const link = new Link({
    url,
    merchant,
    terminal,
    keys: loadTerminalKeys(join(folder, 'keys')),
    db,
    clock: systemClock,
    random: systemRandom,
    transaction: (work) => db.transaction(work)(db),
    apply: () => {},
    log: () => {},
  });
  let committed = 0;
  let asked = 0;
  const commit = (count: number): void => {
    db.transaction(() => {
      for (let n = 0; n < count; n++) send(db, rowOf(++committed));
    })();
    db.pragma('wal_checkpoint(RESTART)');
  };
  const askOnce = async (): Promise<number> => {
    asked += 1;
    const request = {
      kind: 'reverse',
      payment: 'P1',
      of: 'sale',
      stan: '000001',
      batch: '000001',
      amountFen: 1,
      reason: '',
    } as const;
    const started = performance.now();
    await ask(link, `P1:reverse:${asked}`, request, { deadlineMs: 10_000 });
    return performance.now() - started;
  };
  const askWhile = async (more: (count: number) => boolean): Promise<number[]> => {
    const askMs: number[] = [];
    while (more(askMs.length)) {
      askMs.push(await askOnce());
      await new Promise<void>((resolve) => setTimeout(resolve, pauseMs));
    }
    return askMs;
  };
  /** Until the host has acknowledged everything. */
  const drained = () =>
    new Promise<void>((resolve) => {
      const stop = link.onStatus(() => {
        if (link.status().outboxCount > 0) return;
        stop();
        resolve();
      });
    });
  link.start();
  onCommand(async (command) => {
    if ('ask' in command) return { askMs: await askWhile((count) => count < command.ask) };
    if (!('drain' in command)) return {};
    commit(command.drain);
    let draining = true;
    const done = drained().then(() => {
      draining = false;
    });
    const started = performance.now();
    link.wake();
    const asking = command.asking ? askWhile(() => draining) : Promise.resolve([]);
    await done;
    const ms = performance.now() - started;
    const bodyBytes = Number(db.prepare('SELECT avg(length(body)) FROM outbox').pluck().get());
    return { ms, askMs: await asking, bodyBytes };
  });
  await new Promise<void>((resolve) => {
    const stop = link.onStatus(() => {
      if (link.status().state !== 'open') return;
      stop();
      resolve();
    });
  });
}

async function main(task: ChildTask, onCommand: OnCommand): Promise<Report> {
  switch (task.role) {
    case 'broker':
      return { url: (await startBroker({ hostId: 'host' })).url };
    case 'bare-broker':
      return { url: await bareBroker() };
    case 'raw-receiver':
      await rawReceiver(task.url, onCommand);
      return {};
    case 'raw-sender':
      await rawSender(task.url, onCommand);
      return {};
    case 'host':
      await host(task.url, task.folder, task.effects);
      return {};
    case 'terminal':
      await terminalSide(task.url, task.folder, task.effects ? payment : record, onCommand);
      return {};
  }
}

serveParent(main);
