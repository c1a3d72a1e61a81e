import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Broker, startBroker } from '../broker.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { type HostKeys, loadHostKeys, loadVerifyKey, makeKeys } from '../protocol/keys.ts';
import type { VerifyKey } from '../protocol/signing.ts';
import type { Random } from '../random.ts';
import { billPress } from './bill-press.ts';
import type { HostConfig } from './config.ts';
import { ControlSocket } from './control.ts';
import { Desk } from './desk/server.ts';
import { Faults } from './faults.ts';
import type { Host } from './host.ts';
import { HostLink, hostLinkTimings } from './link.ts';
import { type LinkFaults, noLinkFaults } from './link-faults.ts';
import { registerMerchant } from './merchants.ts';
import type { OrderTaker } from './orders.ts';
import { mailOutlet, type Outlets, smsOutlet } from './outlets.ts';
import { pruneDaily } from './prune.ts';
import { sendLetters } from './send-letters.ts';
import { type HostStore, openHostStore } from './store.ts';
import { Upstream } from './upstream.ts';
import { Worker } from './worker.ts';

export interface Surroundings {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Called with what must not happen: stop, start again, recover. */
  readonly fatal: (error: unknown) => void;
}

/** The running host. */
export interface Program {
  readonly brokerUrl: string;
  /** Path of the control socket. */
  readonly control: string;
  /** Where the reviewers' page is; null: there is none. */
  readonly desk: string | null;
  stop(): Promise<void>;
}

/** Builds and starts the whole host: store, broker if it is to be embedded, business, link, control socket. */
export async function startProgram(config: HostConfig, surroundings: Surroundings): Promise<Program> {
  const { home } = config;
  mkdirSync(home, { recursive: true, mode: 0o700 });
  makeKeys(join(home, 'keys'), ['host', 'host-seal']);
  const keys = loadHostKeys(join(home, 'keys'));
  const verifyKeys = new Map(config.terminals.map((t) => [t.terminal, loadVerifyKey(t.publicKeyFile)]));
  const store = await openHostStore(config.database ?? join(home, 'host.db'));
  await register(store, config, surroundings.clock.now());

  const broker = config.broker
    ? await startBroker({ ...config.broker, hostId: config.hostId, log: surroundings.log })
    : null;
  const url = broker?.url ?? config.brokerUrl ?? '';
  const linkFaults = noLinkFaults();
  const { host, upstream, link } = build(config, { ...surroundings, store, keys, verifyKeys, linkFaults, url });
  const taker: OrderTaker = {
    host,
    merchant: config.merchant.number,
    terminals: config.terminals.map((t) => t.terminal),
    decided: () => upstream.stir(),
  };
  const control = new ControlSocket({ ...taker, path: config.control ?? join(home, 'host.sock'), linkFaults });
  const desk = config.desk ? new Desk({ ...taker, ...config.desk, reviewers: config.reviewers }) : null;
  upstream.start();
  const stopPruning = pruneDaily(host, surroundings.fatal);
  await link.start();
  await control.start();
  await desk?.start();
  return {
    brokerUrl: url,
    control: control.path,
    desk: desk?.url ?? null,
    async stop() {
      await stopPruning();
      await desk?.stop();
      await stopAll({ control, link, upstream, broker, store });
    },
  };
}

async function register(store: HostStore, config: HostConfig, now: number): Promise<void> {
  const { merchant, terminals, firstBatch } = config;
  const setUp = { ...merchant, terminals: terminals.map((t) => t.terminal), firstBatch };
  await store.transaction().execute((trx) => registerMerchant(trx, setUp, now));
}

interface Parts extends Surroundings {
  readonly store: HostStore;
  readonly keys: HostKeys;
  readonly verifyKeys: ReadonlyMap<string, VerifyKey>;
  readonly linkFaults: LinkFaults;
  readonly url: string;
}

const channels = ['email', 'sms'] as const;

/** The business and its link know each other: rows go in, and what was decided wakes the link. */
function build(config: HostConfig, parts: Parts): { host: Host; upstream: Upstream; link: HostLink } {
  const { clock, random, log, store, keys, verifyKeys, linkFaults: faults, url } = parts;
  const wake: Host['wake'] = (to) => link.wake(to);
  const outlets: Outlets = {
    ...(config.smtp && { email: mailOutlet(config.smtp) }),
    ...(config.smsWebhook && { sms: smsOutlet(config.smsWebhook, clock) }),
  };
  const waysOut = channels.filter((channel) => outlets[channel] !== undefined);
  const host: Host = { store, clock, random, opening: keys.opening, faults: new Faults(), waysOut, log, wake };
  const workers = [
    new Worker(clock, billPress(host), parts.fatal),
    ...channels.map(
      (channel) => new Worker(clock, (stopping) => sendLetters(host, channel, outlets[channel], stopping), parts.fatal),
    ),
  ];
  const upstream = new Upstream(host, parts.fatal, workers);
  const { resendMinMs, resendMaxMs, ...timings } = config.timings;
  const limits = { ...hostLinkTimings.limits, resendMinMs, resendMaxMs };
  const link = new HostLink({
    url,
    clientId: config.hostId,
    keys: { own: keys.own },
    keyOf: ({ merchant, terminal }) => (merchant === config.merchant.number ? verifyKeys.get(terminal) : undefined),
    store,
    business: upstream,
    clock,
    random,
    timings: { ...timings, limits },
    faults,
    log,
  });
  return { host, upstream, link };
}

interface Running {
  readonly control: ControlSocket;
  readonly link: HostLink;
  readonly upstream: Upstream;
  readonly broker: Broker | null;
  readonly store: HostStore;
}

/** What is at hand is finished, then the store is closed. */
async function stopAll({ control, link, upstream, broker, store }: Running): Promise<void> {
  await control.stop();
  await link.stop();
  await upstream.stop();
  await broker?.stop();
  await store.destroy();
}
