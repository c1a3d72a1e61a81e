import type { Key } from '../../drivers/devices.ts';
import type { Clock } from '../base/clock.ts';
import { type Language, TerminalError } from '../base/errors.ts';
import type { CardToConfirm, Counter, CounterStatus, OfferedCardView, SaleStep, SettleStep } from '../flows/counter.ts';
import type { Beep, Screen } from './screen.ts';
import type { Answer, Command, Effect, Event, Progress, Query, Refusal, Result, State } from './state.ts';
import { firstState, step } from './step.ts';
import { nextTickMs, view } from './view.ts';

type CardEntry = 'contactless' | 'swipe' | 'insert';

interface RunnerOptions {
  readonly counter: Counter;
  readonly clock: Clock;
  readonly language?: Language;
  /** Something threw that is not a refusal. The screen says so; whoever started everything decides what happens to the process. */
  readonly onBug: (error: unknown) => void;
}

interface Watcher {
  readonly language: Language;
  readonly listener: (screen: Screen) => void;
  last: string;
}

/** The status changes with every row that the link delivers; a screen needs that ten times a second at most. */
const statusPauseMs = 100;
const shownTransactions = 50;

/** Owns the state of the keypad screen: keys and answers go in, commands go to the counter, screens come out to the faces. */
export class Runner {
  readonly #options: RunnerOptions;
  readonly #language: Language;
  readonly #running = new Map<number, AbortController>();
  /** Commands that wait for the cashier's yes or no. */
  readonly #asking = new Map<number, (yes: boolean) => void>();
  readonly #watchers = new Set<Watcher>();
  readonly #queue: Event[] = [];
  #state: State = firstState;
  #status: CounterStatus | undefined;
  #working = false;
  #stopped = false;
  #stopStatus: (() => void) | undefined;
  #stopTick: (() => void) | undefined;
  #stopPause: (() => void) | undefined;
  #awaitingCard: AbortController | undefined;

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#language = options.language ?? 'zh';
  }

  start(): void {
    this.#stopStatus = this.#options.counter.onStatus(() => {
      this.#stopPause ??= this.#options.clock.after(statusPauseMs, () => this.#refresh());
    });
    this.#refresh();
  }

  /** Abandons what runs, as 取消 would. */
  stop(): void {
    this.#stopped = true;
    this.#stopStatus?.();
    this.#stopTick?.();
    this.#stopPause?.();
    this.#awaitingCard?.abort();
    this.#options.counter.forgetCard();
    this.#watchers.clear();
    for (const controller of this.#running.values()) controller.abort();
  }

  key(key: Key): void {
    this.#dispatch({ is: 'key', key });
  }

  /** Nothing is half done: the program may end without a question. */
  atRest(): boolean {
    return this.#state.at.is === 'idle' || this.#state.at.is === 'log-on';
  }

  /** A card is being waited for: where the simulated one may be presented. Without an amount none can be held to the reader. */
  waitsForCard(how: CardEntry = 'contactless'): boolean {
    const { at } = this.#state;
    if (at.is === 'sale') return at.step?.at === 'card';
    return this.#awaitingCard !== undefined && how !== 'contactless';
  }

  /** The customer is asked for a PIN: where the simulated one may be entered. */
  waitsForPin(): boolean {
    const { at } = this.#state;
    return at.is === 'sale' && at.step?.at === 'pin';
  }

  /** What the screen shows of the terminal, as it is now. */
  status(): CounterStatus {
    return this.#options.counter.status();
  }

  /** What is on the screen now, without its tone. */
  screen(language: Language = this.#language): Screen {
    const { clock, counter } = this.#options;
    return view(this.#state, this.#status ?? counter.status(), language, clock.now());
  }

  /** Called with the screen of now, and with each that differs from the one before or sounds. Returns the way to stop. */
  onScreen(listener: (screen: Screen) => void, language: Language = this.#language): () => void {
    const screen = this.screen(language);
    const watcher: Watcher = { language, listener, last: JSON.stringify(screen) };
    this.#watchers.add(watcher);
    listener(screen);
    return () => {
      this.#watchers.delete(watcher);
    };
  }

  #refresh(): void {
    this.#stopPause?.();
    this.#stopPause = undefined;
    this.#status = this.#options.counter.status();
    this.#dispatch({ is: 'status', operator: this.#status.operator });
  }

  /** One event after the other: what an effect brings about waits until the step is complete. */
  #dispatch(event: Event): void {
    this.#queue.push(event);
    if (this.#working || this.#stopped) return;
    this.#working = true;
    let beep: Beep | undefined;
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) {
      const { state, effects } = step(this.#state, next, this.#options.clock.now());
      this.#state = state;
      const tone = effects.find((effect) => effect.is === 'beep')?.tone ?? (next.is === 'key' ? 'key' : undefined);
      beep = tone ?? beep;
      for (const effect of effects) this.#carryOut(effect);
    }
    this.#working = false;
    this.#show(beep);
    this.#planTick();
    this.#attendIdle();
  }

  /** A card may come whenever the screen is idle; otherwise the reader belongs to what is on the screen. */
  #attendIdle(): void {
    const { at, operator } = this.#state;
    if (at.is !== 'idle' || !operator || this.#stopped) {
      this.#awaitingCard?.abort();
      this.#awaitingCard = undefined;
      return;
    }
    if (this.#awaitingCard) return;
    const waiting = new AbortController();
    this.#awaitingCard = waiting;
    const seen = (offered: OfferedCardView | undefined): void => {
      if (offered) this.#dispatch({ is: 'card', offered });
    };
    this.#options.counter.offeredCard(waiting.signal).then(seen).catch(this.#options.onBug);
  }

  #show(beep: Beep | undefined): void {
    for (const watcher of this.#watchers) {
      const screen = this.screen(watcher.language);
      const json = JSON.stringify(screen);
      if (json === watcher.last && !beep) continue;
      watcher.last = json;
      watcher.listener(beep ? { ...screen, beep } : screen);
    }
  }

  #planTick(): void {
    this.#stopTick?.();
    const { clock } = this.#options;
    const at = nextTickMs(this.#state, clock.now());
    this.#stopTick =
      at === undefined ? undefined : clock.after(Math.max(0, at - clock.now()), () => this.#dispatch({ is: 'tick' }));
  }

  #carryOut(effect: Effect): void {
    const { counter } = this.#options;
    switch (effect.is) {
      case 'beep':
        break; // went out with the screen
      case 'run':
        this.#run(effect.id, effect.command);
        break;
      case 'abort':
        this.#running.get(effect.id)?.abort();
        this.#asking.get(effect.id)?.(false);
        break;
      case 'confirm':
        this.#asking.get(effect.id)?.(true);
        break;
      case 'read':
        this.#try(() => this.#dispatch({ is: 'answer', answer: read(counter, effect.query) }));
        break;
      case 'forget-card':
        counter.forgetCard();
        break;
      case 'check-settlement':
        this.#try(() => counter.checkSettlement(effect.no));
        break;
      case 'log-off':
        this.#try(() => {
          counter.logOff();
          this.#refresh();
        });
        break;
    }
  }

  #try(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#dispatch({ is: 'refused', refusal: this.#refusal(error) });
    }
  }

  #run(id: number, command: Command): void {
    const controller = new AbortController();
    this.#running.set(id, controller);
    this.#perform(id, command, controller.signal)
      .then(
        (result): Event => ({ is: 'done', id, result }),
        (error): Event => ({ is: 'failed', id, refusal: this.#refusal(error) }),
      )
      .then((event) => {
        this.#running.delete(id);
        this.#asking.delete(id);
        this.#refresh();
        this.#dispatch(event);
      })
      .catch(this.#options.onBug);
  }

  async #perform(id: number, command: Command, signal: AbortSignal): Promise<Result> {
    const { counter } = this.#options;
    switch (command.is) {
      case 'log-on':
        await counter.logOn(command.operator, command.secret);
        if (signal.aborted) counter.logOff(); // 取消 came while the secret was checked
        return { of: 'log-on' };
      case 'sign-in':
        await counter.signIn(signal);
        return { of: 'sign-in' };
      case 'reprint':
        await counter.reprint(command.target, signal);
        return { of: 'reprint' };
      case 'sale': {
        const { amountFen, fallback } = command;
        const progress = (step: SaleStep) => this.#progress(id, { of: 'sale', step });
        const confirm = (ask: CardToConfirm) => this.#ask(id, ask);
        return { of: 'sale', outcome: await counter.sale(amountFen, signal, progress, confirm, fallback) };
      }
      case 'close': {
        const outcome = await counter.closeBatch(signal, (step) => this.#progress(id, { of: 'close', step }));
        return { of: 'close', outcome };
      }
      case 'settle': {
        const progress = (step: SettleStep) => this.#progress(id, { of: 'settle', step });
        return { of: 'settle', settlement: await counter.settle(command.amountFen, command.offer, signal, progress) };
      }
    }
  }

  #ask(id: number, ask: CardToConfirm): Promise<boolean> {
    return new Promise((resolve) => {
      this.#asking.set(id, resolve);
      this.#progress(id, { of: 'sale', step: { at: 'confirm', ...ask } });
    });
  }

  #progress(id: number, progress: Progress): void {
    this.#dispatch({ is: 'progress', id, progress });
  }

  #refusal(error: unknown): Refusal {
    if (error instanceof TerminalError) return { code: error.code, details: error.details };
    this.#options.onBug(error);
    return { code: undefined, details: {} };
  }
}

function read(counter: Counter, query: Query): Answer {
  switch (query) {
    case 'offer':
      return { is: 'offer', offer: counter.settlementOffer() };
    case 'transactions':
      return { is: 'transactions', rows: counter.transactions(shownTransactions) };
    case 'last':
      return { is: 'last', txn: counter.lastTransaction() };
    case 'settlements':
      return { is: 'settlements', rows: counter.settlements() };
  }
}
