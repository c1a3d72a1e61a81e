import { randomInt } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareHome } from '../../scripts/home.ts';
import { manualMode } from '../../scripts/host-config.ts';
import { type CounterDevices, openDevices } from '../../scripts/stage/counter-devices.ts';
import { checkBooks } from '../../scripts/storm/check-books.ts';
import type { Clock } from '../../terminal/base/clock.ts';
import type { Database } from '../../terminal/base/database.ts';
import type { Log } from '../../terminal/base/log.ts';
import { fen } from '../../terminal/base/money.ts';
import { openLog } from '../../terminal/base/open-log.ts';
import { systemRandom } from '../../terminal/base/random.ts';
import { type Config, readConfig } from '../../terminal/config.ts';
import type { CloseOutcome, CloseStep, Counter, SaleOutcome, SettlementView } from '../../terminal/flows/counter.ts';
import { startTerminal, type Terminal } from '../../terminal/main.ts';
import { type TestBroker, testBroker } from './broker.ts';
import { InProcessHost } from './in-process-host.ts';
import { type MqttTap, tapTo } from './mqtt-tap.ts';
import { newBook } from './new-book.ts';
import { clockFrom, limits, type SellOptions, type TestSystemOptions, unionPayCard } from './system-options.ts';
import { TerminalPower } from './terminal-power.ts';

export { type SellOptions, type TestSystemOptions, unionPayCard, visaCard } from './system-options.ts';

/** How long a test waits for something that should happen at once, on a busy machine. */
const patienceMs = 10_000;

/**
 * A terminal, its host and a broker in this process, with real databases, real MQTT and devices on real sockets. Each has numbers of its own, so
 * that many may share a broker (`POS_BROKER_URL`). Between each program and the broker is a tap.
 */
export class TestSystem {
  readonly home: string;
  readonly config: Config;
  readonly devices: CounterDevices;
  readonly wire: MqttTap;
  readonly host: InProcessHost;
  /** Everything both programs logged, as JSON. */
  readonly logged: string[] = [];
  /** What was thrown that is not a refusal; a good test leaves none. */
  readonly bugs: unknown[] = [];
  readonly #options: TestSystemOptions;
  readonly #broker: TestBroker;
  readonly #clock: Clock;
  readonly #power: TerminalPower;
  #flushLog: () => void = () => {};
  #terminal: Terminal | undefined;
  #cashier: Counter | undefined;
  #supervisor: Promise<Counter> | undefined;

  private constructor(parts: {
    readonly home: string;
    readonly config: Config;
    readonly devices: CounterDevices;
    readonly broker: TestBroker;
    readonly wire: MqttTap;
    readonly hostWire: MqttTap;
    readonly options: TestSystemOptions;
    readonly clock: Clock;
  }) {
    const { home, config, options } = parts;
    this.home = home;
    this.config = config;
    this.devices = parts.devices;
    this.wire = parts.wire;
    this.#broker = parts.broker;
    this.#options = options;
    this.#power = new TerminalPower(home, [parts.wire.url, ...Object.values(parts.devices.addresses)]);
    this.#clock = parts.clock;
    this.host = new InProcessHost({
      home,
      config,
      parameters: options.hostParameters ?? {},
      merchant: { ...manualMode, ...options.hostMerchant },
      tickMs: options.hostTickMs ?? 50,
      wire: parts.hostWire,
      clock: this.#clock,
      log: this.#logAs('host'),
      fatal: (error) => this.bugs.push(error),
    });
  }

  /** Everything made, nothing started. */
  static async open(options: TestSystemOptions = {}): Promise<TestSystem> {
    const home = mkdtempSync(join(tmpdir(), 'pos-test-'));
    prepareHome(home);
    const clock = options.clock ?? clockFrom(options.now);
    writeFileSync(join(home, 'terminal.db'), await newBook(clock), { mode: 0o600 });
    const broker = await testBroker();
    const [devices, wire, hostWire] = await Promise.all([
      openDevices(options.devices),
      tapTo(broker.url),
      tapTo(broker.url),
    ]);
    const config = readConfig({
      terminal: String(randomInt(10_000_000, 99_999_999)),
      ...devices.addresses,
      ...(options.devices?.keypad ? {} : { keypad: 'none' }),
      limits: { ...limits, ...options.limits },
      ...options.config,
    });
    return new TestSystem({ home, config, devices, broker, wire, hostWire, options, clock });
  }

  get terminal(): Terminal {
    if (!this.#terminal) throw new Error('the terminal is not running');
    return this.#terminal;
  }

  get db(): Database {
    return this.terminal.world.db;
  }

  /** Operator 01 at the counter. */
  get cashier(): Counter {
    if (!this.#cashier) throw new Error('nobody is logged on');
    return this.#cashier;
  }

  /** Operator 00, who settles. */
  supervisor(): Promise<Counter> {
    const logOn = async (): Promise<Counter> => {
      const counter = this.terminal.counter();
      await counter.logOn('00', '123456');
      return counter;
    };
    this.#supervisor ??= logOn();
    return this.#supervisor;
  }

  /** Where the terminal keeps its book: another folder after each power cut. */
  get terminalHome(): string {
    return this.#power.home;
  }

  async startTerminal(): Promise<void> {
    const { clock } = this.#options;
    const lives = this.#power.live();
    this.#terminal = await startTerminal({
      home: this.terminalHome,
      config: this.config,
      brokerUrl: this.wire.url,
      clock: this.#clock,
      random: this.#options.random ?? systemRandom,
      log: this.#terminalLog(),
      onBug: (error) => lives() && this.bugs.push(error),
      ...(clock && { turnClock: (ms: number) => clock.advance(ms) }),
    });
    this.#cashier = this.#terminal.counter();
    await this.#cashier.logOn('01', '0000');
  }

  async stopTerminal(): Promise<void> {
    const running = this.#terminal;
    this.#terminal = this.#cashier = this.#supervisor = undefined;
    await running?.stop();
    this.#power.mend();
    this.#flushLog();
  }

  /**
   * The power goes this instant: what is on disk, and what was said on the wires before, is all that is left. What goes on in this process is a ghost that
   * reaches nobody; `stopTerminal` ends it, and `startTerminal` starts a terminal from that disk.
   */
  pullPlug(): void {
    this.#power.cut();
  }

  /** Resolves when `check` holds; it is looked at whenever the terminal changes, and now and then for the host's sake. */
  async eventually(what: string, check: () => boolean | Promise<boolean>, limitMs = patienceMs): Promise<void> {
    const endMs = Date.now() + limitMs;
    while (!(await check())) {
      if (Date.now() > endMs) throw new Error(`not in time: ${what}\n${this.logged.slice(-15).join('\n')}`);
      await this.#nextChange();
    }
  }

  /** Online, signed in, no reversal due. */
  async ready(): Promise<void> {
    await this.eventually('online and signed in', () => {
      const { link, signedIn, reversalsDue } = this.cashier.status();
      return link === 'online' && signedIn && reversalsDue === 0;
    });
  }

  /** Nothing is on its way between terminal and host, no close runs, and the host has nothing due. */
  async atRest(): Promise<void> {
    await this.eventually('everything at rest', () => {
      const { waitingRows, batch } = this.cashier.status();
      const closing = batch !== undefined && batch.state !== 'OPEN' && batch.state !== 'NEEDS_HUMAN';
      return waitingRows === 0 && !closing && this.host.pending() === 0;
    });
  }

  /** A sale as a cashier and a customer make it. */
  sell(amountFen: number, options: SellOptions = {}): Promise<SaleOutcome> {
    const { how = 'contactless', card = unionPayCard, signal = new AbortController().signal } = options;
    const { reader } = this.devices;
    const present = options.atReader ?? (() => (how === 'swipe' ? reader.swipe(card) : reader.present(card)));
    return this.cashier.sale(
      fen(amountFen),
      signal,
      (step) => {
        if (step.at === 'card') present();
        options.onStep?.(step);
      },
      options.confirm ?? (() => Promise.resolve(true)),
    );
  }

  closeBatch(
    progress: (step: CloseStep) => void = () => {},
    signal = new AbortController().signal,
  ): Promise<CloseOutcome> {
    return this.cashier.closeBatch(signal, progress);
  }

  /** Sold, closed and cleared: this much gross is there to be settled, less its fee. Signed in again afterwards. */
  async earn(...amountsFen: readonly number[]): Promise<void> {
    for (const amountFen of amountsFen) await this.sell(amountFen);
    await this.closeBatch();
    await this.atRest();
    await this.ready();
  }

  /** Settles everything that is available, or `amountFen`, and waits for the outcome. */
  async settle(amountFen?: number, key?: string): Promise<SettlementView> {
    const counter = await this.supervisor();
    const offer = counter.settlementOffer();
    const amount = fen(amountFen ?? offer.availableFen);
    return counter.settle(amount, offer, new AbortController().signal, () => {}, key);
  }

  /** Every slip that came out, as lines. */
  slips(): readonly (readonly string[])[] {
    return this.devices.printer.slips.map((slip) => slip.lines);
  }

  /** A number of the terminal's book. */
  count(sql: string, ...values: readonly string[]): number {
    return (
      this.db
        .prepare<unknown[], number>(sql)
        .pluck()
        .get(...values) ?? 0
    );
  }

  /** Waits for rest and returns what is wrong with the two books. */
  async problems(allowDifferences = false): Promise<readonly string[]> {
    await this.atRest();
    return [...checkBooks(this.db, this.host.file, allowDifferences), ...this.bugs.map((bug) => `bug: ${String(bug)}`)];
  }

  async stop(): Promise<void> {
    await this.stopTerminal();
    await this.host.stop();
    await Promise.all([this.wire.stop(), this.host.wire.stop(), this.devices.close()]);
    await this.#broker.stop();
    this.#power.stop();
  }

  #nextChange(): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.#cashier?.onStatus(() => done());
      const done = () => {
        stop?.();
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(done, 10);
    });
  }

  #logAs(who: string): Log {
    return (level, event, details = {}) => {
      this.logged.push(JSON.stringify({ who, level, event, ...details }));
    };
  }

  #terminalLog(): Log {
    const remember = this.#logAs('terminal');
    if (!this.#options.logFiles) return remember;
    const { log, flush } = openLog(join(this.terminalHome, 'log'));
    this.#flushLog = flush;
    return (level, event, details) => {
      remember(level, event, details);
      log(level, event, details);
    };
  }
}

/** A system that is signed in and ready to sell. */
export async function startTestSystem(options: TestSystemOptions = {}): Promise<TestSystem> {
  const system = await TestSystem.open(options);
  try {
    await system.host.start();
    await system.startTerminal();
    await system.ready();
    return system;
  } catch (error) {
    await system.stop();
    throw error;
  }
}
