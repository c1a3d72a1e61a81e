import type { Key } from '../../drivers/devices.ts';
import type { Bench } from '../../terminal/bench/bench.ts';
import type { Way } from '../../terminal/bench/contract.ts';
import type { Runner } from '../../terminal/screens/run.ts';
import { settle } from '../support/test-clock.ts';
import type { TurnableClock } from '../support/turnable-clock.ts';
import { type Page, readPage } from './page.ts';

export interface Place {
  readonly bench: Bench;
  readonly runner: Runner;
  readonly clock: TurnableClock;
}

/** One sale as a cashier and a customer make it, who do what the screen asks of them. */
export interface Plan {
  readonly amountFen: number;
  readonly card: string;
  readonly by: Way;
  /** Called with each new page, before anything is done about it. */
  readonly onPage?: (page: Page) => void | Promise<void>;
  /** At this page the cashier presses 取消 in place of what it asks for. */
  readonly cancelAt?: Page['is'];
  /** Time must pass before the host answers. */
  readonly hostNeedsTime?: boolean;
}

export interface Played {
  readonly pages: readonly Page[];
  /** Why it did not come to an end. */
  readonly stuck: string | undefined;
}

/** A cashier strikes a key again when nothing happens, so many times. */
const mostStrikes = 4;
const patienceMs = 1_500;
const mostRetries = 2;
/** After so many keys for an amount the cashier gives up. */
const mostTyped = 30;
const mostPages = 300;
/** The longest wait of a sale is a minute, for a card or a PIN. */
const longestPageMs = 130_000;
const hostPatienceMs = 10_000;

export async function playSale(place: Place, plan: Plan): Promise<Played> {
  const sale = new SaleAtCounter(place, plan);
  const stop = place.runner.onScreen(({ rows }) => sale.see(readPage(rows)));
  try {
    return { stuck: await sale.play(), pages: sale.pages };
  } finally {
    stop();
  }
}

class SaleAtCounter {
  readonly pages: Page[] = [];
  readonly #place: Place;
  readonly #plan: Plan;
  readonly #arming: Promise<void>[] = [];
  #by: Way;
  #struck = 0;
  #actedOn: Page | undefined;
  #actedAtMs = 0;
  #retries = 0;
  #reprints = 0;
  #typed = 0;
  #isBegun = false;
  #isSettled = false;
  /** 0: the page is new. */
  #stepMs = 0;
  #sinceMs = 0;
  #sinceRealMs = 0;

  constructor(place: Place, plan: Plan) {
    this.#place = place;
    this.#plan = plan;
    this.#by = plan.by;
  }

  see(page: Page): void {
    if (page.text === this.#page.text) return;
    this.pages.push(page);
    const arming = this.#plan.onPage?.(page);
    if (arming) this.#arming.push(arming);
  }

  /** Undefined: it came to its end. */
  async play(): Promise<string | undefined> {
    while (!this.#isOver()) {
      const seen = this.pages.length;
      if (seen > mostPages) return 'it goes on and on';
      await Promise.all(this.#arming.splice(0));
      this.#act();
      await settle(3);
      if (this.pages.length > seen) this.#stepMs = 0;
      else {
        const stuck = await this.#wait();
        if (stuck) return stuck;
      }
    }
    return undefined;
  }

  /** Nothing happens by itself: time goes on. A good host answers in its own time, which is not turned. */
  async #wait(): Promise<string | undefined> {
    const { clock } = this.#place;
    if (this.#stepMs === 0) [this.#stepMs, this.#sinceMs, this.#sinceRealMs] = [5, clock.now(), performance.now()];
    const isHosts = this.#page.is === 'host' || this.#page.is === 'reversal';
    if (isHosts && !this.#plan.hostNeedsTime) {
      if (performance.now() - this.#sinceRealMs > hostPatienceMs) return 'the host did not answer';
      await new Promise<void>((resolve) => setTimeout(resolve, 1));
      return undefined;
    }
    if (isHosts) await settle(10);
    await clock.advance(this.#stepMs);
    this.#stepMs = Math.min(this.#stepMs * 2, isHosts ? 200 : 2_000);
    return clock.now() - this.#sinceMs > longestPageMs ? `nothing happens any more at ${this.#page.text}` : undefined;
  }

  get #page(): Page {
    return this.pages.at(-1) ?? nowhere;
  }

  /** Nobody sells twice because a keypad types by itself. */
  #isOver(): boolean {
    const { is } = this.#page;
    if (is === 'unknown') return true;
    if (this.#isSettled && (is === 'amount' || is === 'other')) return true;
    return is === 'idle' && (this.#isBegun || this.#struck >= mostStrikes);
  }

  /** Once for each page, and again when nothing came of it. */
  #act(): void {
    const page = this.#page;
    const nowMs = this.#place.clock.now();
    if (page !== this.#actedOn) this.#struck = 0;
    else if (nowMs - this.#actedAtMs < patienceMs || this.#struck >= mostStrikes) return;
    if (!this.#answer(page)) return;
    this.#actedOn = page;
    this.#actedAtMs = nowMs;
    this.#struck += 1;
  }

  /** False: nothing could be done about it yet. */
  #answer(page: Page): boolean {
    const { bench } = this.#place;
    const { card, cancelAt } = this.#plan;
    if (page.is === cancelAt) return this.#press('cancel');
    switch (page.is) {
      case 'idle':
        return this.#press('1');
      case 'amount':
        this.#isBegun = true;
        this.#typed += 1;
        return this.#type(page);
      case 'card':
        bench.removeCard();
        bench.card(card, this.#by);
        return true;
      case 'fallback':
        bench.removeCard();
        bench.card(card, 'swipe');
        return true;
      case 'confirm':
        return this.#press(page.amountFen === this.#plan.amountFen ? 'enter' : 'cancel');
      case 'pin':
        return this.#enterPin();
      case 'message':
        if (/请插卡/.test(page.text)) this.#by = 'insert';
        if (/请换卡/.test(page.text) && !/请重试/.test(page.text)) this.#retries = mostRetries;
        this.#retries += 1;
        return this.#press('enter');
      case 'print-problem':
        return this.#reprint();
      case 'approved':
      case 'declined':
        this.#isSettled = true;
        return this.#press('enter');
      case 'other':
        return this.#press('cancel');
      default:
        return true;
    }
  }

  /** One digit after the other, each when the one before is seen; 确认 only when the amount stands there right. */
  #type(page: Page): boolean {
    if (this.#retries > mostRetries || this.#typed > mostTyped) return this.#press('cancel');
    const wanted = String(this.#plan.amountFen);
    const shown = page.amountFen ? String(page.amountFen) : '';
    if (shown === wanted) return this.#press('enter');
    if (!wanted.startsWith(shown)) return this.#press('clear');
    return this.#press(digits[Number(wanted.charAt(shown.length))] ?? 'cancel');
  }

  #reprint(): boolean {
    this.#place.bench.mend('printer');
    this.#reprints += 1;
    return this.#press(this.#reprints > 2 ? 'cancel' : 'enter');
  }

  #enterPin(): boolean {
    try {
      this.#place.bench.pin('123456');
      return true;
    } catch {
      return false; // nobody asks for it yet
    }
  }

  #press(key: Key): boolean {
    this.#place.bench.key(key);
    return true;
  }
}

const digits: readonly Key[] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];
const nowhere: Page = { is: 'other', text: '', said: undefined, amountFen: undefined };
