import Sqlite from 'better-sqlite3';
import { seeded } from '../../scripts/storm/seeded.ts';
import { ruleForAmount } from '../../sync/host/amount-table.ts';
import type { Random } from '../../terminal/base/random.ts';
import type { Bench } from '../../terminal/bench/bench.ts';
import type { Runner } from '../../terminal/screens/run.ts';
import { allSimulated, turnedLimits } from '../support/scenario-stage.ts';
import { startTestSystem, type TestSystem } from '../support/terminal.ts';
import { settle } from '../support/test-clock.ts';
import { type TurnableClock, turnableClock } from '../support/turnable-clock.ts';
import { type Page, readPage } from './page.ts';
import type { Books } from './verdict.ts';

/** A book for thousands of sales; keys come through the keypad, so that its faults are seen. */
const limits = { ...turnedLimits, maxRecords: 1_000_000 };
const devices = { ...allSimulated, keypad: 'sim' };

const patienceMs = 10_000;
/** Longer than a device is asked before it is given up. */
const momentMs = 2_500;

/** A whole terminal with its tester's bench, operator 01 at the idle screen, and both books open. */
export class Scene {
  readonly system: TestSystem;
  readonly bench: Bench;
  readonly runner: Runner;
  readonly clock: TurnableClock;
  readonly #random: CaseRandom;
  readonly #host: Sqlite.Database;
  readonly #charges: Sqlite.Statement<[number], number>;
  readonly #states: Sqlite.Statement<[number], string>;
  #amounts = 0;

  private constructor(system: TestSystem, bench: Bench, clock: TurnableClock, random: CaseRandom) {
    this.system = system;
    this.bench = bench;
    this.runner = system.terminal.runner;
    this.clock = clock;
    this.#random = random;
    this.#host = new Sqlite(system.host.file, { readonly: true });
    this.#charges = this.#host
      .prepare<[number], number>(
        "SELECT count(*) FROM approvals WHERE amount_fen = ? AND state NOT IN ('DECLINED', 'REVERSED')",
      )
      .pluck();
    this.#states = system.db.prepare<[number], string>('SELECT state FROM payment WHERE amount_fen = ?').pluck();
  }

  static async start(config: Readonly<Record<string, unknown>> = {}): Promise<Scene> {
    const clock = turnableClock();
    const random = caseRandom();
    const system = await startTestSystem({
      hostParameters: { 'batch.maxRecords': 1_000_000 },
      clock,
      random,
      hostTickMs: 1_000,
      config: { ...devices, limits, ...config },
    });
    const bench = await system.terminal.testBench();
    if (!bench) throw new Error('everything is simulated');
    const scene = new Scene(system, bench, clock, random);
    for (const key of ['0', '1', 'enter', '0', '0', '0', '0', 'enter'] as const) system.terminal.runner.key(key);
    await scene.until('operator 01 stands at the idle screen', () => scene.page().is === 'idle');
    await scene.mend();
    return scene;
  }

  page(): Page {
    return readPage(this.runner.screen().rows);
  }

  /** One that no other sale of this scene has. Not given: the host approves it. */
  nextAmountFen(ending?: string): number {
    do this.#amounts += 1;
    while (ruleForAmount(this.#amounts).does !== 'approve');
    return ending === undefined ? this.#amounts : this.#amounts * 100_000 + Number(ending);
  }

  /** The terminal's chance begins anew: what a wire changes is the same the next time. */
  reseed(seed: number): void {
    this.#random.begin(seed);
  }

  /** Everything is good again, and what is due has been done. */
  async mend(): Promise<void> {
    await this.bench.reset();
    this.bench.removeCard();
    await this.until('everything is good again', () => this.#isGood());
    // A device that is just being asked whether it is well may still turn out not to be.
    await this.clock.advance(momentMs);
    await this.until('everything is good again', () => this.#isGood());
  }

  books(amountFen: number): Books {
    const states = this.#states.all(amountFen);
    return {
      host: this.#charges.get(amountFen) ?? 0,
      terminal: states.filter((state) => state === 'PAID').length,
      failed: states.filter((state) => state === 'FAILED' || state === 'REVERSED').length,
      undecided: states.filter((state) => !['PAID', 'FAILED', 'REVERSED'].includes(state)),
    };
  }

  /** What strict simulators noted since the last reset. */
  violations(): readonly { readonly device: string; readonly text: string }[] {
    return this.bench.devices().flatMap(({ name, violations }) => violations.map((text) => ({ device: name, text })));
  }

  async until(what: string, check: () => boolean): Promise<void> {
    const endMs = performance.now() + patienceMs;
    for (let stepMs = 5; !check(); stepMs = Math.min(stepMs * 2, 200)) {
      if (performance.now() > endMs) throw new Error(`not in time: ${what}: ${this.whatIs()}`);
      await settle(5);
      if (check()) return;
      await this.clock.advance(stepMs);
    }
  }

  whatIs(): string {
    const { link, signedIn, reversalsDue } = this.runner.status();
    const devices = this.system.terminal.world.devices
      .map(({ device }) => `${device.name} ${Object.values(device.status()).join(' ')}`)
      .join(', ');
    return `link ${link}, signed in ${signedIn}, reversals ${reversalsDue}, ${devices}; ${this.page().text}`;
  }

  async stop(): Promise<void> {
    this.#host.close();
    await this.system.stop();
  }

  #isGood(): boolean {
    const { link, signedIn, reversalsDue } = this.runner.status();
    const { devices } = this.system.terminal.world;
    return (
      link === 'online' &&
      signedIn &&
      reversalsDue === 0 &&
      devices.every(({ device }) => device.status().state === 'ready')
    );
  }
}

interface CaseRandom extends Random {
  begin(seed: number): void;
}

/** Chance that replays. */
function caseRandom(): CaseRandom {
  let chance = seeded(1);
  return {
    begin(seed) {
      chance = seeded(seed);
    },
    next: () => chance.next(),
    bytes: (length) => Uint8Array.from({ length }, () => chance.below(256)),
  };
}
