import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SyncError } from '../sync/errors.ts';
import type { Link } from '../sync/link.ts';
import { loadTerminalKeys, type TerminalKeys } from '../sync/protocol/keys.ts';
import { parseDownRow, parseUpRow } from '../sync/protocol/parse-row.ts';
import type { Answer } from '../sync/protocol/requests.ts';
import type { DownRow } from '../sync/protocol/rows.ts';
import { sealAccount, sealCard } from '../sync/protocol/sealing.ts';
import { randomName } from '../sync/random.ts';
import { beginEpoch, bookState, endRestore, keepRestored } from '../sync/stream/epoch.ts';
import { streamMigrations } from '../sync/stream/migrations.ts';
import { outboxSummary, troubledRows } from '../sync/stream/outbox.ts';
import { eraseSealed, pruneOutbox, pruneRejected } from '../sync/stream/prune.ts';
import { hasRow, isWaiting, sentRows } from '../sync/stream/waiting.ts';
import { type AuditCheck, type AuditRow, audit, auditCheckSteps, auditRows, auditRowsBy } from './base/audit.ts';
import type { Clock } from './base/clock.ts';
import { at } from './base/crash-points.ts';
import { type Database, growWal, inTransaction, type Tx } from './base/database.ts';
import { TerminalError } from './base/errors.ts';
import type { Log } from './base/log.ts';
import type { Random } from './base/random.ts';
import type { Bench as TestBench } from './bench/bench.ts';
import { wireTap } from './bench/tap.ts';
import { type Config, isSimulated } from './config.ts';
import { logoOf, makeDevices } from './devices.ts';
import { deviceViews } from './flows/abnormal-device.ts';
import { attached, type DeviceView } from './flows/attached-devices.ts';
import { type BackupStep, backUp } from './flows/backup-book.ts';
import type { CommandDesk } from './flows/command-desk.ts';
import type { ConsoleDesks } from './flows/console-desks.ts';
import type { Counter, SettlementOffer } from './flows/counter.ts';
import { KeepUp } from './flows/keep-up.ts';
import { lateLink } from './flows/late-link.ts';
import { ledgerCheck } from './flows/ledger-check.ts';
import { makeCounter } from './flows/make-counter.ts';
import { openBook } from './flows/open-book.ts';
import { initOperators } from './flows/operators.ts';
import { inSlices } from './flows/prove-book.ts';
import { recover } from './flows/recover.ts';
import { applyDown, type RestoreStream } from './flows/restore-book.ts';
import { beginRestored, markWhose } from './flows/restore-home.ts';
import { selfCheck } from './flows/self-check.ts';
import { settlementOffer } from './flows/settle.ts';
import { type DeviceTest, type DeviceTestRequest, testDevice } from './flows/test-device.ts';
import { changed, newSession, type World } from './flows/world.ts';
import { isCardAnswer, recordLateAnswer } from './payments/reverse.ts';
import { Runner } from './screens/run.ts';
import { type Bench, benchOf } from './simulated-devices.ts';
import { createFirstUsers } from './users/manage-users.ts';
import { operators } from './users/queries.ts';

/** Builds everything, starts the loops, stops them. */

export interface TerminalOptions {
  /** Folder with `terminal.db` and `keys/`; it exists, mode 0700. */
  readonly home: string;
  readonly config: Config;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Something threw that is not a refusal: the process stops and recovers at its next start. */
  readonly onBug: (error: unknown) => void;
  /** Moves `clock` on; where a tester may turn it. */
  readonly turnClock?: (ms: number) => Promise<void>;
}

export interface Terminal {
  readonly runner: Runner;
  readonly bench: Bench;
  readonly simulated: boolean;
  /** A counter with a session of its own. */
  readonly counter: () => Counter;
  readonly doctor: () => ReturnType<typeof selfCheck>;
  readonly ledgerCheck: () => ReturnType<typeof ledgerCheck>;
  readonly devices: {
    list(): readonly DeviceView[];
    test(name: string, request: DeviceTestRequest): Promise<DeviceTest>;
  };
  readonly settlementOffer: () => SettlementOffer;
  /** Copies the book into a new file; the caller proves it. */
  readonly backUp: (file: string, progress: (step: BackupStep) => void) => Promise<void>;
  /** Operators and audit trail, for who may read the socket. */
  readonly staff: {
    operators(): ReturnType<typeof operators>;
    audit(limit: number, by?: string): Promise<readonly AuditRow[]>;
    auditCheck(): Promise<AuditCheck>;
    init(supervisor: string, administrator: string): Promise<void>;
  };
  readonly world: World;
  /** What the operator console asks for; loaded by the first call. */
  readonly console: () => Promise<ConsoleDesks>;
  /** What `pos` asks for beside the counter; loaded by the first call. */
  readonly commandDesk: () => Promise<CommandDesk>;
  /** The tester's bench, opened by the first call; undefined when the terminal is not simulated. */
  readonly testBench: () => Promise<TestBench | undefined>;
  /**
   * Starts what works behind the screen: devices, due work, and the link; undefined: there is no link, as when only the start is measured.
   * DISK_FULL.
   */
  start(brokerUrl: string | undefined): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Opens the book and recovers; the keypad takes keys at the log-on screen. `start` does the rest, so that the screen need not wait for it.
 * Throws DATABASE_NEWER, DATABASE_CORRUPT, DATABASE_BUSY, DISK_FULL when the book cannot be opened.
 */
export async function openTerminal(options: TerminalOptions): Promise<Terminal> {
  const { home, config, clock, random, log, onBug } = options;
  const db = openBook(join(home, 'terminal.db'), streamMigrations);
  beginRestored(db, clock.now(), () => beginEpoch(db, randomName(random)));
  markWhose(db, config);
  const keys = loadTerminalKeys(join(home, 'keys'));
  const tap = wireTap(clock);
  const made = await makeDevices({ config, clock, random, log, tap: tap.port });
  const devices = isSimulated(config) ? tap.watched(made) : made;
  const { reader, printer, pinPad, scanner, keypad, display } = devices;
  const late = lateLink(clock);
  let link: Link<Tx> | undefined;
  const world: World = {
    home,
    config,
    simulated: isSimulated(config),
    db,
    clock,
    random,
    log,
    reader,
    printer,
    devices: devices.all.map((one) => attached(clock, one)),
    pinPad,
    scanner,
    display,
    logo: await logoOf(config, home),
    link: late.link,
    outbox: {
      // What the host has acknowledged is marked in the outbox up to half a second later; a close need not wait for that.
      isWaiting: (kind) => link?.status().outboxCount !== 0 && isWaiting(db, kind),
      has: (kind, id) => hasRow(db, kind, id),
      eraseSealed: (payment) => eraseSealed(db, 'store-sale', payment),
      isWhole: () => !bookState(db).restoring,
      prune: (beforeMs) => pruneOutbox(db, beforeMs) + pruneRejected(db, beforeMs),
      sent: (id, kinds) => sentRows(db, id, kinds),
      summary: (nowMs) => outboxSummary(db, nowMs),
      troubled: () => troubledRows(db),
    },
    seal: (card, payment) => sealCard(card, payment, keys.hostSeal),
    sealAccount: (account, application) => sealAccount(account, application, keys.hostSeal),
    cardHashKey: cardHashKey(home, random),
    session: newSession(),
  };
  if (world.simulated) await createFirstUsers(db, world);
  recover(world);

  const runner = new Runner({ counter: makeCounter(world, 'keypad'), clock, language: config.language, onBug });
  const keepUp = new KeepUp(world, onBug);
  runner.start();
  let isOnLine = false;
  const openBench = async (): Promise<TestBench | undefined> => {
    if (!world.simulated) return undefined;
    const { Bench } = await import('./bench/bench.ts');
    const opened = new Bench({
      world,
      runner,
      tap,
      devices: devices.simulated,
      holdLink: async (held) => {
        if (held) await link?.stop();
        else if (isOnLine) link?.start();
      },
      hostSocket: join(home, 'host.sock'),
      turnClock: options.turnClock,
    });
    opened.start();
    return opened;
  };
  let testBench: Promise<TestBench | undefined> | undefined;

  return {
    runner,
    bench: benchOf(devices.simulated),
    simulated: world.simulated,
    counter: () => makeCounter(world),
    doctor: () => selfCheck(world, 'SYS'),
    ledgerCheck: () => ledgerCheck(world),
    devices: {
      list: () => deviceViews(world),
      test: (name, request) => testDevice(world, name, request),
    },
    settlementOffer: () => settlementOffer(world),
    backUp: (file, progress) => backUp(world, file, progress),
    staff: {
      operators: () => operators(db, clock),
      audit: async (limit, by) =>
        by === undefined ? auditRows(db, limit) : inSlices(world, (reader) => auditRowsBy(reader, by, limit)),
      auditCheck: () => inSlices(world, auditCheckSteps),
      init: (supervisor, administrator) => initOperators(world, supervisor, administrator),
    },
    world,
    console: async () => (await import('./flows/console-desks.ts')).consoleDesks(world),
    commandDesk: async () => (await import('./flows/command-desk.ts')).commandDesk(world),
    testBench: () => (testBench ??= openBench()),
    async start(brokerUrl) {
      growWal(db);
      for (const { device } of world.devices) {
        device.onStatus(() => changed(world));
        device.start();
      }
      keypad?.onKey((key) => runner.key(key));
      link = await makeLink(options, brokerUrl, world, keys);
      late.becomes(link);
      keepUp.start();
      isOnLine = brokerUrl !== undefined;
      if (isOnLine) link.start();
    },
    async stop() {
      (await testBench)?.stop();
      runner.stop();
      await keepUp.stop();
      await link?.stop();
      await Promise.all(world.devices.map(({ device }) => device.stop()));
      db.close();
    },
  };
}

/** Both at once, for whoever shows no screen. */
export async function startTerminal(
  options: TerminalOptions & { readonly brokerUrl: string | undefined },
): Promise<Terminal> {
  const terminal = await openTerminal(options);
  await terminal.start(options.brokerUrl);
  return terminal;
}

/** Loaded only now: the client of the broker alone costs a tenth of the start. */
async function makeLink(
  options: TerminalOptions,
  brokerUrl: string | undefined,
  world: World,
  keys: TerminalKeys,
): Promise<Link<Tx>> {
  const [{ Link }, { linkTimings }] = await Promise.all([import('../sync/link.ts'), import('../sync/link-options.ts')]);
  const { config, clock, random, log, onBug } = options;
  const { db } = world;
  const { limits } = config;
  const link: Link<Tx> = new Link<Tx>({
    url: brokerUrl ?? 'mqtt://127.0.0.1:1',
    merchant: config.merchant,
    terminal: config.terminal,
    keys,
    db,
    clock,
    random,
    log,
    timings: {
      ...linkTimings,
      backOffMinMs: limits.backoffMs,
      backOffMaxMs: limits.backoffMaxMs,
      keepaliveMs: limits.keepaliveMs,
      markMs: Math.min(linkTimings.markMs, limits.resendMs / 4),
      helloMs: Math.min(linkTimings.helloMs, limits.resendMs),
      limits: { ...linkTimings.limits, resendMinMs: limits.resendMs, resendMaxMs: limits.resendMaxMs },
    },
    transaction: (work) => inTransaction(db, work),
    apply: (tx, row) => {
      try {
        applyDown(tx, { ...world, stream: restoreStream(db) }, row);
      } catch (error) {
        throw contradiction(error) ?? error;
      }
    },
    otherBook: (tx, details) => {
      audit(tx, { at: clock.now(), by: 'SYS', action: 'other-book', about: '', outcome: 'ok', details });
      world.session.signedIn = false;
    },
    applied: (rows) => {
      for (const row of rows) atApplied(row);
      link.wake(); // what the news caused goes up
      changed(world);
    },
    failed: (error) => {
      if (!mayPass(error)) onBug(error);
    },
    onLateAnswer: (id, answer) => logLateAnswer(world, id, answer),
    at,
  });
  return link;
}

const restoreStream = (db: Database): RestoreStream => ({
  parseUp: parseUpRow,
  parseDown: parseDownRow,
  keep: (row) => keepRestored(db, row),
  said: (kind, id) => hasRow(db, kind, id),
  end: () => endRestore(db),
});

/** What the host says does not fit the book: the row is set apart and shown, it must not stop the terminal again at each start. */
function contradiction(error: unknown): SyncError | undefined {
  const codes: readonly string[] = [
    'NOT_FOUND',
    'ILLEGAL_STATE',
    'IDEMPOTENCY_CONFLICT',
    'INSUFFICIENT_BALANCE',
    'SELF_APPROVAL_FORBIDDEN',
  ];
  if (!(error instanceof TerminalError) || !codes.includes(error.code)) return undefined;
  return new SyncError('BAD_MESSAGE', `contradicts the book: ${error.code}`);
}

/** No bug: the row from above that could not be applied comes again, and by then there may be room. */
const mayPass = (error: unknown): boolean =>
  error instanceof TerminalError && (error.code === 'DISK_FULL' || error.code === 'DATABASE_BUSY');

/** The crash points right behind the commit of a row from above. */
function atApplied({ kind, body }: DownRow): void {
  if (kind === 'book-restore') at(body.part === 'end' ? 'restore.after-end' : 'restore.after-part');
  if (kind === 'batch-verdict') at('close.after-verdict');
  if (kind === 'batch-cleared') at('clear.after-commit');
  if (kind === 'settle-result') at('settle.after-result');
  if (kind === 'refund-result') at('refund.after-result');
  if (kind === 'invoice-result') at('invoice.after-result');
  if (kind === 'difference-decided') at('bill.after-decision');
  if (kind === 'stored-sale-result' || kind === 'advice-result') at('stored.after-result');
  if (kind === 'freeze' || kind === 'unfreeze' || kind === 'charge-back') at('risk.after-freeze');
}

function logLateAnswer(world: World, id: string, answer: Answer): void {
  if (!isCardAnswer(answer)) return;
  world.log('warn', 'late-answer', { id, code: answer.code });
  inTransaction(world.db, (tx) => recordLateAnswer(tx, world.clock.now(), answer.payment, answer.code));
}

/** The key of the card hash; made at the first start, never leaves the terminal. */
function cardHashKey(home: string, random: Random): Uint8Array {
  const file = join(home, 'keys', 'card-hash.key');
  if (!existsSync(file)) writeFileSync(file, random.bytes(32), { mode: 0o600 });
  return readFileSync(file);
}
