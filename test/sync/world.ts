import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { sql } from 'kysely';
import type { Clock } from '../../sync/clock.ts';
import type { Business, TerminalRef } from '../../sync/host/business.ts';
import { HostLink, type HostLinkTimings, hostLinkTimings } from '../../sync/host/link.ts';
import { type LinkFaults, noLinkFaults } from '../../sync/host/link-faults.ts';
import { sendDown } from '../../sync/host/send-down.ts';
import { type HostStore, openHostStore } from '../../sync/host/store.ts';
import { Link } from '../../sync/link.ts';
import { type LinkOptions, type LinkTimings, linkTimings } from '../../sync/link-options.ts';
import { loadHostKeys, loadTerminalKeys, loadVerifyKey, makeKeys } from '../../sync/protocol/keys.ts';
import type { Answer, Request } from '../../sync/protocol/requests.ts';
import type { NewDownRow, NewUpRow } from '../../sync/protocol/rows.ts';
import { streamMigrations } from '../../sync/stream/migrations.ts';
import { sendLimits } from '../../sync/stream/rules.ts';
import { send } from '../../sync/stream/send.ts';
import { systemClock } from '../../terminal/base/clock.ts';
import { systemRandom } from '../../terminal/base/random.ts';
import { hostId } from '../support/broker.ts';

/** A terminal and a host with real databases, a real broker between them, and limits short enough for a test. */

const limits = { ...sendLimits, resendMinMs: 100, resendMaxMs: 500 };
export const fastTimings: LinkTimings = {
  ...linkTimings,
  limits,
  connectMs: 400,
  keepaliveMs: 1_000,
  backOffMinMs: 20,
  backOffMaxMs: 100,
  helloMs: 50,
  tickMs: 50,
  markMs: 5,
};
export const fastHostTimings: HostLinkTimings = { ...hostLinkTimings, ...fastTimings, tickMs: 50 };

export interface Place {
  readonly folder: string;
  readonly merchant: string;
  readonly terminal: string;
}

/** A folder with keys; the terminal's number is new, so that a broker may serve several tests. */
export function newPlace(): Place {
  const folder = mkdtempSync(join(tmpdir(), 'link-'));
  makeKeys(join(folder, 'keys'), ['terminal', 'host', 'host-seal']);
  return { folder, merchant: '898310000000001', terminal: Buffer.from(systemRandom.bytes(4)).toString('hex') };
}

export const removePlace = (place: Place): void => rmSync(place.folder, { recursive: true, force: true });

/** Resolves when `condition` holds; rejects, naming it, when it does not in time. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  withinMs = 15_000,
): Promise<void> {
  const start = Date.now();
  while (!(await condition())) {
    if (Date.now() - start > withinMs) throw new Error(`not in time: ${what}`);
    await new Promise<void>((resolve) => setTimeout(resolve, 4));
  }
}

export const upRow = (n: number): NewUpRow => ({
  kind: 'settlement-checked',
  id: `check-${n}`,
  body: { no: `check-${n}`, at: 1_790_000_000_000 + n, by: '01', facts: { settlement: `S${n}` }, journals: [] },
});

export const downRow = (n: number): NewDownRow => ({
  kind: 'mirror-differs',
  id: `differs-${n}`,
  body: { no: `differs-${n}`, at: 1_790_000_000_000, seq: n, account: '2002', bookFen: n, mirrorFen: 0 },
});

export interface TestTerminal {
  readonly db: Sqlite.Database;
  readonly link: Link<Sqlite.Database>;
  readonly logged: { readonly event: string; readonly code: string }[];
  /** Commits rows n+1 … n+count and wakes the link. */
  sell(count: number): void;
  /** Ids from above, in the order in which they were applied. */
  received(): string[];
  close(): Promise<void>;
}

export type TerminalExtras = Partial<LinkOptions<Sqlite.Database>>;

export function openTerminal(place: Place, url: string, extras: TerminalExtras = {}): TestTerminal {
  mkdirSync(place.folder, { recursive: true });
  const db = new Sqlite(join(place.folder, 'terminal.db'));
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  if (!db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'outbox'").get()) {
    for (const migration of streamMigrations) db.exec(migration.sql);
    db.exec('CREATE TABLE down_applied (n INTEGER PRIMARY KEY, seq INTEGER NOT NULL, id TEXT NOT NULL) STRICT');
  }
  const logged: { event: string; code: string }[] = [];
  const keys = loadTerminalKeys(join(place.folder, 'keys'));
  const link = new Link<Sqlite.Database>({
    url,
    merchant: place.merchant,
    terminal: place.terminal,
    keys,
    db,
    clock: systemClock,
    random: systemRandom,
    timings: fastTimings,
    transaction: (work) => db.transaction(work)(db),
    apply: (tx, row) => void tx.prepare('INSERT INTO down_applied (seq, id) VALUES (?, ?)').run(row.seq, row.id),
    log: (_, event, details) => logged.push({ event, code: String(details?.['code'] ?? '') }),
    ...extras,
  });
  return {
    db,
    link,
    logged,
    sell(count) {
      const first = Number(db.prepare('SELECT coalesce(max(seq), 0) FROM outbox').pluck().get()) + 1;
      db.transaction(() => {
        for (let n = first; n < first + count; n++) send(db, upRow(n));
      })();
      link.wake();
    },
    received: () => db.prepare<[], string>('SELECT id FROM down_applied ORDER BY n').pluck().all(),
    async close() {
      await link.stop();
      db.close();
    },
  };
}

export interface TestHost {
  readonly store: HostStore;
  readonly link: HostLink;
  readonly faults: LinkFaults;
  readonly logged: { readonly event: string; readonly code: string }[];
  /** Commits `count` rows to the terminal and wakes the link. */
  tell(count: number): Promise<void>;
  /** Ids that the business applied, in order. */
  applied(): Promise<string[]>;
  close(): Promise<void>;
}

export interface HostExtras {
  readonly applyUp?: Business['applyUp'];
  readonly answer?: (id: string, request: Request) => Promise<Answer | null>;
  readonly clock?: Clock;
}

export async function openHost(
  place: Place,
  url: string,
  extras: HostExtras = {},
  protocolVersion: 4 | 5 = 4,
): Promise<TestHost> {
  const store = await openHostStore(join(place.folder, 'host.db'));
  await sql`create table if not exists up_applied (n integer primary key, terminal text not null, id text not null) strict`.execute(
    store,
  );
  const of: TerminalRef = { merchant: place.merchant, terminal: place.terminal };
  const key = loadVerifyKey(join(place.folder, 'keys', 'terminal.pub'));
  const faults = noLinkFaults();
  const logged: { event: string; code: string }[] = [];
  const link = new HostLink({
    url,
    protocolVersion,
    clientId: hostId,
    keys: loadHostKeys(join(place.folder, 'keys')),
    keyOf: (from) => (from.terminal === of.terminal ? key : undefined),
    store,
    business: {
      async applyUp(trx, from, row) {
        await extras.applyUp?.(trx, from, row);
        await sql`insert into up_applied (terminal, id) values (${from.terminal}, ${row.id})`.execute(trx);
      },
      answer: (_, id, request) => extras.answer?.(id, request) ?? Promise.resolve(null),
    },
    clock: extras.clock ?? systemClock,
    random: systemRandom,
    timings: fastHostTimings,
    faults,
    log: (_, event, details) => logged.push({ event, code: String(details?.['code'] ?? '') }),
  });
  await link.start();
  let told = 0;
  return {
    store,
    link,
    faults,
    logged,
    async tell(count) {
      await store.transaction().execute(async (trx) => {
        for (let n = 0; n < count; n++) await sendDown(trx, of, downRow(++told));
      });
      link.wake(of);
    },
    async applied() {
      const { rows } = await sql<{ id: string }>`select id from up_applied order by n`.execute(store);
      return rows.map(({ id }) => id);
    },
    async close() {
      await link.stop();
      await store.destroy();
    },
  };
}

export const ids = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${prefix}-${i + 1}`);
