import type { CardData } from '../../drivers/card-reader/card-data.ts';
import { isDeviceError } from '../../drivers/errors.ts';
import type { OfferedCardView } from './counter.ts';
import { changed, oneAtATime, until, type World } from './world.ts';

/** How long a swiped card is kept for its sale: as long as an operation that nobody continues (faces.md, rule 6). */
const keptMs = 60_000;
/** A card that is in the slot is told at once, so what is told later was inserted only then. */
const atOnceMs = 1_000;
/** A reader that is there and fails all the same is asked again later and later. */
const firstPauseMs = 1_000;
const longestPauseMs = 30_000;

type Part = Pick<World, 'session' | 'reader' | 'clock'>;

/** Waits for a card while nobody sells, and keeps the one that was swiped. Each counter has its own. */
export class CardAtIdle {
  readonly #world: Part;
  readonly #onFailure: (reason: string) => void;
  #kept: CardData | undefined;
  #stopKeeping: () => void = () => {};

  /** `onFailure`: how a wait ended that did not end with a card. */
  constructor(world: Part, onFailure: (reason: string) => void = () => {}) {
    this.#world = world;
    this.#onFailure = onFailure;
  }

  /** The card that was offered next, or that could not be read; undefined: `signal` came first. A reader that is absent is waited for, silently. */
  async next(signal: AbortSignal): Promise<OfferedCardView | undefined> {
    const world = this.#world;
    let failures = 0;
    while (!signal.aborted) {
      await until(world, () => isFree(world), signal);
      const seen = await oneAtATime(world, 'reader', () => this.#await(signal));
      if (typeof seen === 'object') return seen;
      failures = seen === 'failed' ? failures + 1 : 0;
      const waitMs = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.max(0, failures - 1));
      if (seen !== 'stopped') await pause(world, waitMs, signal);
    }
    return undefined;
  }

  /** The swiped card; whoever takes it erases it. */
  take(): CardData | undefined {
    const card = this.#kept;
    this.#stopKeeping();
    this.#kept = undefined;
    return card;
  }

  forget(): void {
    this.take()?.erase();
  }

  async #await(signal: AbortSignal): Promise<OfferedCardView | 'left-in' | 'stopped' | 'failed'> {
    const { reader, session, clock } = this.#world;
    if (signal.aborted || !isFree(this.#world)) return 'stopped';
    const waiting = new AbortController();
    const stop = () => waiting.abort();
    signal.addEventListener('abort', stop);
    session.stopAwaitingCard = stop;
    const sinceMs = clock.now();
    try {
      const offered = await reader.awaitCard(waiting.signal);
      const isLeftIn = session.cardLeftIn && clock.now() - sinceMs < atOnceMs;
      session.cardLeftIn = offered.by === 'insert'; // a slot with a card in it would have told that one first
      if (!waiting.signal.aborted)
        return offered.by === 'swipe' ? this.#keep(offered.card) : isLeftIn ? 'left-in' : offered;
      if (offered.by === 'swipe') offered.card.erase();
      return 'stopped';
    } catch (error) {
      if (clock.now() - sinceMs >= atOnceMs) session.cardLeftIn = false;
      if (!isDeviceError(error)) throw error;
      if (waiting.signal.aborted) return 'stopped';
      const reason = String(error.details['reason'] ?? '');
      if (error.code === 'CARD_UNREADABLE') return { by: 'unreadable', reason };
      this.#onFailure(reason); // the driver has logged what is to be said of it
      return 'failed';
    } finally {
      session.stopAwaitingCard = undefined;
      signal.removeEventListener('abort', stop);
    }
  }

  #keep(card: CardData): OfferedCardView {
    this.forget();
    this.#kept = card;
    this.#stopKeeping = this.#world.clock.after(keptMs, () => this.forget());
    return { by: 'swipe', card: card.masked };
  }
}

const isFree = ({ session, reader }: Part): boolean => session.readerWanted === 0 && reader.status().state === 'ready';

/** For whoever wants the reader: the wait for a card at idle ends first, and goes on when nobody wants it any more. */
export async function withReader<T>(world: Pick<World, 'session'>, work: () => Promise<T>): Promise<T> {
  const { session } = world;
  session.readerWanted += 1;
  session.stopAwaitingCard?.();
  try {
    return await oneAtATime(world, 'reader', work);
  } finally {
    session.readerWanted -= 1;
    changed(world);
  }
}

function pause({ clock }: Part, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const over = () => {
      stop();
      signal.removeEventListener('abort', over);
      resolve();
    };
    const stop = clock.after(ms, over);
    signal.addEventListener('abort', over);
    if (signal.aborted) over();
  });
}
