import type { TestCard } from '../../drivers/simulator/test-card.ts';
import type { CrashPoint } from '../../terminal/base/crash-points.ts';
import { idle, Keypad } from '../support/keypad.ts';
import { cutPowerAt } from '../support/power-cut.ts';
import { startTestSystem, type TestSystem, type TestSystemOptions, unionPayCard } from '../support/terminal.ts';
import { type HastyClock, hastyClock } from './hasty-clock.ts';
import { HostWire } from './host-wire.ts';
import type { Left } from './left.ts';
import { type Mark, markOf, sinceMark } from './left.ts';

export const chipCard = { ...unionPayCard, chip: true } as const;
export const secret = '1 2 3 4 5 6 确认';

/** Nobody waits so long by chance: `runOut` ends the wait for an answer of the host. */
const hostWaitMs = 8_011;

/** A counter with everything on it: who stands there has keys to press and a screen to read; the customer has cards, a PIN and a telephone. */
export class Till {
  readonly system: TestSystem;
  readonly wire: HostWire;
  readonly #clock: HastyClock;
  readonly #keypad: Keypad;
  #mark: Mark;
  /** Of who waits at the screen, until the power goes. */
  #face: AbortSignal | undefined;

  private constructor(system: TestSystem, clock: HastyClock) {
    this.system = system;
    this.wire = new HostWire(system);
    this.#clock = clock;
    this.#keypad = new Keypad(system, () => this.#face);
    this.#mark = markOf(system);
  }

  static async open(options: TestSystemOptions = {}): Promise<Till> {
    const clock = hastyClock();
    const system = await startTestSystem({
      ...options,
      clock,
      limits: { hostWaitMs, orderQueryMs: 20, ...options.limits },
      hostParameters: {
        'risk.contactlessPerDay': 0, // one customer makes all of these
        'host.walletScanMs': 50,
        'host.walletPinMs': 50,
        ...options.hostParameters,
      },
      devices: { pinPad: true, scanner: true },
    });
    try {
      const till = new Till(system, clock);
      system.devices.pinPad.onAsk(() => void system.devices.pinPad.enterPin('123456'));
      await till.logOn();
      return till;
    } catch (error) {
      await system.stop();
      throw error;
    }
  }

  close(): Promise<void> {
    return this.system.stop();
  }

  async logOn(): Promise<void> {
    await this.#keypad.logOn();
  }

  press(line: string): void {
    this.#keypad.press(line);
  }

  /** Resolves with the first screen that shows `words`, now or later; rejects with what is shown when none does, or when the power has gone. */
  sees(words: RegExp): Promise<string> {
    return this.#keypad.sees(words);
  }

  /** These keys ask for a card. */
  asksCard(keys: string): Promise<void> {
    return this.#keypad.asksCard(keys);
  }

  present(card: TestCard = unionPayCard): void {
    this.system.devices.reader.present(card);
  }

  /** The customer holds the code under the scanner until it is read. */
  async scan(code: string): Promise<void> {
    const asks = /请扫付款码/;
    await this.sees(asks);
    let heldAtMs = 0;
    await this.system.eventually('the code is read', () => {
      if (this.#isGone() || !asks.test(this.#keypad.text())) return true;
      if (Date.now() - heldAtMs > 200) {
        heldAtMs = Date.now();
        this.system.devices.scanner.trigger(code);
      }
      return false;
    });
  }

  insert(card: TestCard = chipCard): void {
    this.system.devices.reader.insert(card);
  }

  /** Away again before the reader is done with it. */
  removedEarly(card: TestCard = unionPayCard, how: 'present' | 'insert' = 'present'): void {
    this.system.devices.reader[how](card, 'removed');
  }

  /** 确认 on the page with card and amount. */
  async yes(): Promise<void> {
    await this.sees(/请核对/);
    this.press('确认');
  }

  /** The host has been asked, and nobody waits for it any longer. */
  runOut(): void {
    this.#clock.runOut(hostWaitMs);
  }

  /** Back to the idle screen, the card in the customer's hand, the wires whole, nothing under way. */
  async leave(): Promise<void> {
    this.system.devices.reader.takeAway();
    this.wire.mend();
    for (let level = 0; level < 6 && !this.#keypad.text().includes(idle); level += 1) this.press('取消');
    await this.#keypad.sees(idle);
    await this.decided();
  }

  /** The power goes at `point` while `act` is under way, and comes back. */
  async powerCut(point: CrashPoint, act: () => Promise<unknown>): Promise<void> {
    await cutPowerAt(this.system, point, async (face) => {
      this.#face = face;
      // What somebody at the screen waits for never comes when the power has gone.
      await act().catch((error: unknown) => {
        if (!face.aborted) throw error;
      });
    });
    this.#face = undefined;
    this.wire.mend();
    this.system.devices.reader.takeAway();
    await this.logOn();
  }

  /** Voucher of the newest payment that was approved, or held. */
  voucher(): string {
    const newest = "SELECT stan FROM payment WHERE state IN ('PAID', 'CLEARED', 'HELD') ORDER BY id DESC";
    return this.system.db.prepare<[], string>(newest).pluck().get() ?? 'none';
  }

  /** Nothing is undecided any more. */
  async decided(): Promise<void> {
    await this.system.eventually('everything decided', () => this.system.count(undecided) === 0);
    await this.system.ready();
    await this.system.atRest();
  }

  /** Of the newest pre-authorisation. */
  authCode(): string {
    const newest = "SELECT auth_code FROM payment WHERE txn = 'preauth' ORDER BY id DESC";
    return this.system.db.prepare<[], string>(newest).pluck().get() ?? 'none';
  }

  /** Of the newest payment. */
  paymentNo(): string {
    return this.system.db.prepare<[], string>('SELECT max(no) FROM payment').pluck().get() ?? 'none';
  }

  mark(): void {
    this.#mark = markOf(this.system);
  }

  /** What came out of the printer so far is of what must stand before. */
  markSlips(): void {
    this.#mark = { ...this.#mark, slips: this.system.slips().length };
  }

  /** What prints by itself comes when the printer is free. */
  printed(count: number): Promise<void> {
    return this.system.eventually('its slips', () => this.left().slips.length >= count);
  }

  left(): Left {
    return sinceMark(this.system, this.#mark);
  }

  problems(): Promise<readonly string[]> {
    return this.system.problems();
  }

  #isGone(): boolean {
    return this.#face?.aborted === true;
  }
}

const undecided = `SELECT (SELECT count(*) FROM payment WHERE state IN ('CREATED', 'UNKNOWN', 'STORED', 'REVERSING', 'VOIDING'))
  + (SELECT count(*) FROM refund WHERE state IN ('REQUESTED', 'PROCESSING'))`;
