import { checkpoint } from '../base/database.ts';
import { nextDueAt, workDueAt } from '../base/due-work.ts';
import { TerminalError } from '../base/errors.ts';
import { currentBatch } from '../settlement/queries.ts';
import { closeWhenDue } from './auto-close.ts';
import { settleOrders } from './code-sale-order.ts';
import { deliverReversals } from './deliver-reversals.ts';
import { advanceClose } from './end-of-day.ts';
import { expireHolds } from './expire-holds.ts';
import { isOnline } from './host-link.ts';
import { keepAccounts } from './keep-accounts.ts';
import { keepHouse } from './keep-house.ts';
import { makeExports } from './make-export.ts';
import { printFaults } from './print-faults.ts';
import { proveTotals } from './prove-book.ts';
import { recover } from './recover.ts';
import { settleByItself } from './settle-at-once.ts';
import { signIn } from './sign-in.ts';
import { eraseForwarded } from './stored-sale.ts';
import { changed, onChange, type World } from './world.ts';

/**
 * What the terminal does by itself: finds lost sales, delivers due reversals, carries on a close, settles, signs in, and tidies the database when nothing
 * else happens. It looks after every change, and when the next due work is due; it never runs twice at once.
 */
export class KeepUp {
  readonly #world: World;
  readonly #onBug: (error: unknown) => void;
  readonly #abort = new AbortController();
  #cancelTimer: () => void = () => {};
  #stopListening: (() => void)[] = [];
  #busy: Promise<void> | undefined;
  readonly #besides = new Map<string, Promise<void>>();
  #again = false;
  #signInAfterMs = 0;

  /** `onBug` gets what is not a refusal: then the process must stop. */
  constructor(world: World, onBug: (error: unknown) => void) {
    this.#world = world;
    this.#onBug = onBug;
  }

  start(): void {
    const world = this.#world;
    proveTotals(world);
    this.#stopListening = [world.link.onStatus(() => changed(world)), onChange(world, () => this.#look())];
    this.#look();
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    this.#cancelTimer();
    for (const stop of this.#stopListening) stop();
    await this.#busy;
    await Promise.all(this.#besides.values());
  }

  #look(): void {
    if (this.#abort.signal.aborted) return;
    this.#again = true;
    this.#busy ??= this.#round()
      .catch(this.#onBug)
      .finally(() => {
        this.#busy = undefined;
      });
  }

  async #round(): Promise<void> {
    while (this.#again && !this.#abort.signal.aborted) {
      this.#again = false;
      try {
        await this.#work();
      } catch (error) {
        // A refusal, such as a full disk, must not end the loop: it is tried again when something changes or at the next look.
        if (!(error instanceof TerminalError)) throw error;
        this.#world.log('error', 'keep-up-refused', { code: error.code });
      }
    }
    this.#setTimer();
  }

  async #work(): Promise<void> {
    const { clock, db, session, config } = this.#world;
    recover(this.#world);
    // What it lacks may have ended what is to be done here.
    if (!this.#world.outbox.isWhole()) return;
    expireHolds(this.#world);
    const reversalDue = workDueAt(db, clock.now()).some((work) => work.kind === 'reversal');
    if (reversalDue && isOnline(this.#world))
      await deliverReversals(this.#world, config.limits.hostWaitMs, this.#abort.signal);
    eraseForwarded(this.#world);
    if (isOnline(this.#world)) await settleOrders(this.#world, this.#abort.signal);
    await printFaults(this.#world);
    await closeWhenDue(this.#world, this.#abort.signal);
    await advanceClose(this.#world);
    await settleByItself(this.#world);
    const open = currentBatch(db)?.state ?? 'OPEN';
    const mayWant = !session.signedIn && !session.signedOff && open === 'OPEN';
    if (mayWant && isOnline(this.#world) && clock.now() >= this.#signInAfterMs) await this.#signIn();
    await keepHouse(this.#world);
    this.#beside('export', makeExports);
    this.#beside('accounts', keepAccounts);
  }

  /** What takes long is done beside everything else, one of a kind at a time. */
  #beside(name: string, work: (world: World, signal: AbortSignal) => Promise<void>): void {
    if (this.#besides.has(name)) return;
    const done = work(this.#world, this.#abort.signal)
      .catch((error: unknown) => {
        if (!(error instanceof TerminalError)) return this.#onBug(error);
        this.#world.log('error', `${name}-refused`, { code: error.code });
      })
      .finally(() => this.#besides.delete(name));
    this.#besides.set(name, done);
  }

  async #signIn(): Promise<void> {
    this.#signInAfterMs = this.#world.clock.now() + this.#world.config.limits.reversalRetryMs * 5;
    await signIn(this.#world, 'SYS', this.#abort.signal);
  }

  #setTimer(): void {
    this.#cancelTimer();
    if (this.#abort.signal.aborted) return;
    const { clock, db, config } = this.#world;
    const waitMs = (nextDueAt(db) ?? Number.POSITIVE_INFINITY) - clock.now();
    this.#cancelTimer = clock.after(Math.min(Math.max(waitMs, 50), config.limits.idleMs), () => {
      // Nothing happened for a while: time to move the WAL into the file, never in a sale.
      if (this.#world.session.running.size === 0) checkpoint(db);
      this.#look();
    });
  }
}
