import type { Key } from '../../drivers/devices.ts';
import type { Clock } from '../base/clock.ts';
import { type Language, TerminalError } from '../base/errors.ts';
import type { Counter, CounterStatus, OfferedCardView } from '../flows/counter.ts';
import { perform } from './run-command.ts';
import { lookUp, read } from './run-query.ts';
import type { Beep, Screen } from './screen.ts';
import type { Answer, Command, Effect, Event, Progress, Refusal, Reply, State } from './state.ts';
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

/** Owns the state of the keypad screen: keys and answers go in, commands go to the counter, screens come out to the faces. */
export class Runner {
  readonly #options: RunnerOptions;
  readonly #language: Language;
  readonly #running = new Map<number, AbortController>();
  /** Commands that wait for what the cashier says. */
  readonly #asking = new Map<number, (reply: Reply) => void>();
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
    if (at.is === 'paying') return at.step?.at === 'card';
    return this.#awaitingCard !== undefined && how !== 'contactless';
  }

  /** The customer is asked for a PIN: where the simulated one may be entered. */
  waitsForPin(): boolean {
    const { at } = this.#state;
    return at.is === 'paying' && at.step?.at === 'pin';
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
      case 'reply':
        this.#asking.get(effect.id)?.(effect.reply);
        break;
      case 'look-up':
        this.#try(() => this.#answer(lookUp(counter, effect.stan, effect.to)));
        break;
      case 'read':
        this.#try(() => this.#answer(read(counter, effect.query)));
        break;
      case 'forget-card':
        counter.forgetCard();
        break;
      case 'check-settlement':
        this.#try(() => counter.checkSettlement(effect.no));
        break;
      case 'lock':
        this.#try(() => {
          counter.lock();
          this.#refresh();
        });
        break;
    }
  }

  #answer(answer: Answer): void {
    this.#dispatch({ is: 'answer', answer });
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
    const tools = {
      signal: controller.signal,
      progress: (progress: Progress) => this.#progress(id, progress),
      ask: (progress: Progress) => this.#ask(id, progress),
    };
    perform(this.#options.counter, command, tools)
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

  #ask(id: number, progress: Progress): Promise<Reply> {
    return new Promise((resolve) => {
      this.#asking.set(id, resolve);
      this.#progress(id, progress);
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
