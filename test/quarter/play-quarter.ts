import { daysFrom, nextDay } from './calendar.ts';
import { checkArrival, checkBill, checkMoment, checkNight, checkRefusal, Statements } from './check-day.ts';
import { checkExports } from './check-files.ts';
import { sellInTheMorning, workInTheAfternoon } from './counter.ts';
import { happen } from './events.ts';
import { owner, type Shop } from './shop.ts';
import type { Moment, Story } from './story.ts';

/** Plays it day by day, and looks behind every day at what must hold. The shop is still there when it resolves; the caller stops it. */
export async function playQuarter(story: Story, shop: Shop): Promise<void> {
  const quarter = new Quarter(story, shop);
  for (const day of daysFrom(story.first, story.last)) {
    await quarter.play(day).catch((error: unknown) => {
      throw new Error(`on ${day}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    });
  }
  await quarter.begin(nextDay(story.last));
}

class Quarter {
  readonly #story: Story;
  readonly #shop: Shop;
  readonly #statements = new Statements();
  /** The days of which no bill was looked at yet. */
  #unbilled: string[] = [];
  #backOn = '';

  constructor(story: Story, shop: Shop) {
    this.#story = story;
    this.#shop = shop;
  }

  async play(day: string): Promise<void> {
    const shop = this.#shop;
    if (day !== this.#story.first) await this.begin(day);
    await this.#happen(day, 'morning');
    if (this.#sells(day)) await sellInTheMorning(shop);
    await shop.leapTo(day, 'afternoon');
    if (this.#sells(day)) await workInTheAfternoon(shop);
    await this.#happen(day, 'afternoon');
    if (this.#eventsAt(day, 'evening').length > 0) await shop.leapTo(day, 'evening');
    await this.#happen(day, 'evening');
    if (shop.isOpen && shop.desk.home(owner).balances.availableFen === 0) shop.emptyCuts.add(day);
    await shop.leapTo(day, 'night');
    this.#unbilled.push(day);
    if (shop.isTerminalOff) return;
    if (shop.isHostOff) return checkMoment(shop);
    await this.#isCut(day);
    await checkNight(shop);
    checkArrival(shop, day);
    await checkRefusal(shop);
  }

  /** Whoever was off comes back; what the night brought is there: clearing, bill, statement. */
  async begin(day: string): Promise<void> {
    const shop = this.#shop;
    await shop.leapTo(day, 'morning');
    if (day === this.#backOn) await (shop.isTerminalOff ? shop.turnOn() : shop.hostComesBack());
    if (!shop.isOpen) return;
    const yesterday = this.#unbilled.at(-1) ?? '';
    const { system, clock } = shop;
    await system.eventually(`the night brought clearing, bill and statement of ${yesterday}`, () => {
      const isCleared =
        system.host.count('SELECT count(*) FROM batches WHERE clear_at <= CAST(? AS INTEGER)', String(clock.now())) ===
        0;
      return isCleared && day === this.#openDay() && this.#hasAccounts(yesterday);
    });
    await system.atRest();
    await system.ready();
    for (const date of this.#unbilled) {
      checkBill(shop, date);
      await checkExports(shop, date, date);
    }
    this.#unbilled = [];
    checkArrival(shop, day);
    this.#statements.check(shop, this.#story.first, yesterday);
    checkMoment(shop);
  }

  #openDay(): string | undefined {
    return this.#shop.one<{ day: string }>("SELECT business_date AS day FROM batch WHERE state = 'OPEN'")?.day;
  }

  #hasAccounts(day: string): boolean {
    const { system } = this.#shop;
    const bills = system.count(
      "SELECT count(*) FROM bill_run WHERE date = ? AND state NOT IN ('OPEN', 'MATCHING')",
      day,
    );
    return bills > 0 && system.count('SELECT count(*) FROM statement WHERE date = ?', day) > 0;
  }

  /** Nothing on the last day, so that all of it has cleared by its cut. */
  #sells(day: string): boolean {
    return this.#shop.isOpen && day !== this.#story.last;
  }

  async #happen(day: string, moment: Moment): Promise<void> {
    for (const [, , event] of this.#eventsAt(day, moment)) {
      await happen(this.#shop, day, event);
      if ('until' in event) this.#backOn = event.until;
    }
  }

  #eventsAt(day: string, moment: Moment): Story['events'] {
    return this.#story.events.filter(([on, at]) => on === day && at === moment);
  }

  /** The batch of the day is closed (B-054), and what AUTO has to settle is settled or waits for an account. */
  async #isCut(day: string): Promise<void> {
    const { system, desk, clock } = this.#shop;
    await system.eventually('the day is cut', () => {
      const { nextCut, obstacles } = desk.home(owner);
      return (
        this.#openDay() === nextDay(day) &&
        (obstacles.length > 0 || (nextCut?.at ?? Number.POSITIVE_INFINITY) > clock.now())
      );
    });
    await system.ready();
  }
}
