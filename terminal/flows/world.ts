import type {
  Bitmap,
  CardReader,
  CodeScanner,
  CustomerDisplay,
  PinPad,
  ReceiptPrinter,
} from '../../drivers/devices.ts';
import type { CardBlock, Sealed } from '../../sync/protocol/sealed.ts';
import type { AccountBlock } from '../../sync/protocol/sealing.ts';
import type { Asker } from '../../sync/request.ts';
import type { Clock } from '../base/clock.ts';
import type { Database } from '../base/database.ts';
import type { Log } from '../base/log.ts';
import type { Random } from '../base/random.ts';
import type { Config } from '../config.ts';
import type { AttachedDevice } from './attached-devices.ts';

/** What the flows work with: made once by main, passed to every flow. Plain parts; only `session` changes. */
export interface World {
  /** The folder of everything that the terminal keeps. */
  readonly home: string;
  readonly config: Config;
  readonly simulated: boolean;
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly reader: CardReader;
  readonly printer: ReceiptPrinter;
  /** Every device that there is, whatever it is for. */
  readonly devices: readonly AttachedDevice[];
  /** Undefined where the configuration says `none`. */
  readonly pinPad: PinPad | undefined;
  readonly scanner: CodeScanner | undefined;
  readonly display: CustomerDisplay | undefined;
  /** Stands at the head of each slip. */
  readonly logo: Bitmap | undefined;
  readonly link: HostLink;
  readonly outbox: OutboxView;
  /** Seals card data to the host's key, for this payment only: the one form in which it may leave. */
  readonly seal: (card: CardBlock, payment: string) => Sealed;
  /** The same for the account of this application: its number, and that of its holder's identity document. */
  readonly sealAccount: (account: AccountBlock, application: string) => Sealed;
  /** Key of the hash by which the same card is found again; never leaves the terminal. */
  readonly cardHashKey: Uint8Array;
  readonly session: Session;
}

/** What the flows need of the link to the host; main passes the real one in. */
export interface HostLink extends Asker {
  status(): LinkStatus;
  /** Whether the host answers within `waitMs`. */
  probe(waitMs: number): Promise<boolean>;
  onStatus(listener: () => void): () => void;
  /** Rows were committed to the outbox. */
  wake(): void;
}

interface LinkStatus {
  readonly state: 'stopped' | 'connecting' | 'connected' | 'open';
  /** Every row from above that was announced is applied: money functions may run (races.md, Gate). */
  readonly gateOpen: boolean;
  readonly clockOffsetMs: number | null;
  readonly lastProblem: string | null;
}

/** What the flows look at in the outbox. */
export interface OutboxView {
  /** Erases the sealed card of a stored sale, inside a transaction. False: the host may still need the row. */
  eraseSealed(payment: string): boolean;
  /** Whether there is a row of `kind` that the host has not acknowledged. */
  isWaiting(kind: string): boolean;
  /** Whether this row is there, acknowledged or not. */
  has(kind: string, id: string): boolean;
  /** Deletes, inside the transaction at hand, the oldest rows of before `beforeMs` that nobody needs; 0 when there is nothing more. */
  prune(beforeMs: number): number;
  /** False while the host has something of this terminal that is not in its book (restore-book.ts). */
  isWhole(): boolean;
  /** What the host rejected, with its code, or what could not be sent, oldest first. */
  troubled(): readonly { readonly kind: string; readonly id: string; readonly rejected: string | null }[];
  /** What is told to the host under one id. */
  sent(
    id: string,
    kinds: readonly string[],
  ): readonly {
    readonly kind: string;
    readonly at: number;
    readonly acknowledged: boolean;
    readonly rejected: string | null;
  }[];
  summary(nowMs: number): {
    readonly waiting: number;
    readonly oldestAgeMs: number;
    readonly rejected: number;
    readonly setAside: number;
  };
}

/** What is true of this process and is worked out anew after a restart. */
export interface Session {
  signedIn: boolean;
  /** Signed off by hand (签退): it does not sign in by itself. */
  signedOff: boolean;
  /** The operator at the keypad, also behind its lock. */
  atCounter: string | undefined;
  /** Records of the batch, by its id, that are still to be put into the outbox for its upload. */
  upload: { readonly batch: number; left: number } | undefined;
  /** The batch whose slip came out, before that could be written down: it is not printed again and again on a full disk. */
  slipOutOf: number | undefined;
  /** The slip that failed last, by what it is of, and why: part of it may be on paper, and the printer can go on with it. */
  unfinishedSlip: { readonly of: string; readonly problem: string } | undefined;
  /** Why the operator console is shut, or not where it should be. */
  consoleProblem: { readonly isOpen: boolean; readonly detail: string } | undefined;
  /** How many want the card reader; the wait for a card at idle leaves it to them. */
  readerWanted: number;
  /** Ends the wait for a card at idle. */
  stopAwaitingCard: (() => void) | undefined;
  /** A chip card was read and may still be in the reader: that it is in does not begin another sale. */
  cardLeftIn: boolean;
  /** Payments for which a flow is waiting; an intent that is not here has lost its process. */
  readonly running: Set<string>;
  /** One flow of a kind at a time: the tail of each queue. */
  readonly queues: Map<string, Promise<unknown>>;
  readonly listeners: Set<() => void>;
}

export const newSession = (): Session => ({
  signedIn: false,
  signedOff: false,
  atCounter: undefined,
  upload: undefined,
  slipOutOf: undefined,
  unfinishedSlip: undefined,
  consoleProblem: undefined,
  readerWanted: 0,
  stopAwaitingCard: undefined,
  cardLeftIn: false,
  running: new Set(),
  queues: new Map(),
  listeners: new Set(),
});

type Sitting = Pick<World, 'session'>;

/** Something may look different now: screens and waiting flows look again. */
export function changed(world: Sitting): void {
  for (const listener of [...world.session.listeners]) listener();
}

export function onChange(world: Sitting, listener: () => void): () => void {
  world.session.listeners.add(listener);
  return () => world.session.listeners.delete(listener);
}

/** Runs `work` after everything queued under `name` before it; a failure does not stop what comes later. */
export function oneAtATime<T>(world: Sitting, name: string, work: () => Promise<T>): Promise<T> {
  const before = world.session.queues.get(name) ?? Promise.resolve();
  const mine = before.then(work, work);
  world.session.queues.set(
    name,
    mine.catch(() => undefined),
  );
  return mine;
}

/** Waits until `done()` holds, looking whenever something changed; ends early, with false, when `signal` is aborted. */
export function until(world: Sitting, done: () => boolean, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const look = () => {
      const over = done();
      if (!over && !signal.aborted) return;
      stop();
      signal.removeEventListener('abort', look);
      resolve(over);
    };
    const stop = onChange(world, look);
    signal.addEventListener('abort', look);
    look();
  });
}
