import { type Seeded, seeded } from '../../scripts/storm/seeded.ts';
import { settlementDesk } from '../../terminal/flows/settlement.ts';
import type { SettlementDesk } from '../../terminal/flows/settlement-desk.ts';
import type { User } from '../../terminal/users/user.ts';
import { StateLog } from '../days/state-log.ts';
import { type Canary, canary } from '../support/canary.ts';
import { startTestSystem, type TestSystem } from '../support/terminal.ts';
import { leapingClock, type TurnableClock } from '../support/turnable-clock.ts';

/** Main account and settler. */
export const owner: User = { no: '00', role: 'MO' };

/** At 10:00 the bill and the statement of the day before are made; at 23:00 the day is cut. */
const times = { morning: '10:30', afternoon: '15:00', evening: '22:50', night: '23:05' } as const;
export type Time = keyof typeof times;

export const momentMs = (day: string, time: Time): number => Date.parse(`${day}T${times[time]}:00+08:00`);

const hostParameters = { clearing: 'next-business-day', 'host.billHour': 10, 'host.walletScanMs': 20 };
/** What waits for the link, or for a customer, is not to take real time. */
const limits = { orderQueryMs: 20, reversalWaitMs: 500, idleMs: 200 };

/** A shop whose days pass: a terminal and its host with everything real, and who works there. */
export class Shop {
  readonly system: TestSystem;
  readonly clock: TurnableClock;
  readonly chance: Seeded;
  readonly states = new StateLog();
  /** Of every customer, in two forms: nothing that is logged may have it. */
  readonly card: Canary;
  readonly tally = new Map<string, number>();
  /** Days at whose cut there was nothing to settle. */
  readonly emptyCuts = new Set<string>();
  isTerminalOff = false;
  isHostOff = false;

  private constructor(system: TestSystem, clock: TurnableClock, seed: number, card: Canary) {
    this.system = system;
    this.clock = clock;
    this.chance = seeded(seed);
    this.card = card;
  }

  /** A merchant that chose no mode (B-002), on the morning of its first day. */
  static async open(day: string, seed: number): Promise<Shop> {
    const clock = leapingClock(momentMs(day, 'morning'));
    const system = await startTestSystem({
      clock,
      hostParameters,
      hostMerchant: { mode: undefined },
      limits,
    });
    const shop = new Shop(system, clock, seed, canary('622202987123456'));
    shop.states.watch(system.db);
    return shop;
  }

  /** What people at the console do. */
  get desk(): SettlementDesk {
    return settlementDesk(this.system.terminal.world);
  }

  get isOpen(): boolean {
    return !this.isTerminalOff && !this.isHostOff;
  }

  count(what: string): void {
    this.tally.set(what, (this.tally.get(what) ?? 0) + 1);
  }

  /** Nothing that is under way is passed by, and nothing is asked before the terminal has heard of the host what the time is there. */
  async leapTo(day: string, time: Time): Promise<void> {
    if (this.isOpen) await this.system.atRest();
    await this.clock.advance(Math.max(0, momentMs(day, time) - this.clock.now()));
    if (this.isOpen)
      await this.system.eventually('the time is told', () => this.system.terminal.world.link.probe(1_000));
  }

  async turnOff(): Promise<void> {
    await this.system.atRest();
    await this.system.stopTerminal();
    this.isTerminalOff = true;
  }

  async turnOn(): Promise<void> {
    await this.system.startTerminal();
    this.isTerminalOff = false;
    this.states.watch(this.system.db);
    await this.system.ready();
  }

  async hostGoesDown(): Promise<void> {
    await this.system.atRest();
    await this.system.host.stop();
    this.isHostOff = true;
    // What is silent is noticed after some minutes.
    await this.system.eventually('offline', async () => {
      await this.clock.advance(10_000);
      return this.system.cashier.status().link !== 'online';
    });
  }

  async hostComesBack(): Promise<void> {
    await this.system.host.start();
    this.isHostOff = false;
    await this.system.ready();
  }

  rows<T>(sql: string, ...values: readonly (string | number)[]): readonly T[] {
    return this.system.db.prepare<unknown[], T>(sql).all(...values);
  }

  one<T>(sql: string, ...values: readonly (string | number)[]): T | undefined {
    return this.rows<T>(sql, ...values)[0];
  }
}
