import type * as v from 'valibot';
import type { Clock } from '../clock.ts';
import { Connection, type ConnectionTimings, connectionTimings, type Tls } from '../connection.ts';
import { SyncError } from '../errors.ts';
import type { Log } from '../log.ts';
import { parseAs, unpack, unpackLater } from '../protocol/envelope.ts';
import {
  type Ack,
  type AuthUp,
  ack,
  authUp,
  type Hello,
  hello,
  type Rows,
  rows,
  type State,
  state,
} from '../protocol/messages.ts';
import type { SigningKey, VerifyKey } from '../protocol/signing.ts';
import { allUp, parseTopic } from '../protocol/topics.ts';
import { type Random, randomName } from '../random.ts';
import { Steady } from '../steady.ts';
import { type SendLimits, sendLimits } from '../stream/rules.ts';
import type { Business, TerminalRef } from './business.ts';
import { at } from './crash-points.ts';
import type { LinkFaults } from './link-faults.ts';
import { Groups, type Outcome } from './link-groups.ts';
import { Session } from './link-session.ts';
import { invite, retire, type Speaker, say, sayText, welcome } from './say-down.ts';
import type { HostStore } from './store.ts';

export interface HostLinkTimings extends ConnectionTimings {
  readonly limits: SendLimits;
  /** Messages in flight in each direction of each terminal. */
  readonly window: number;
  /** Rows of one transaction at most; fewer when applying them takes long. */
  readonly groupRows: number;
  readonly tickMs: number;
}

export const hostLinkTimings: HostLinkTimings = {
  ...connectionTimings,
  limits: sendLimits,
  window: 8, // by F2: 4 leave the host waiting for rows, more make an authorisation wait
  groupRows: 500,
  tickMs: 1_000,
};

export interface HostLinkOptions {
  readonly url: string;
  readonly tls?: Tls | undefined;
  readonly protocolVersion?: 4 | 5 | undefined;
  readonly clientId: string;
  readonly keys: { readonly own: SigningKey };
  /** The public key of a terminal; undefined for one that is not ours: its messages are counted and dropped. */
  readonly keyOf: (terminal: TerminalRef) => VerifyKey | undefined;
  readonly store: HostStore;
  readonly business: Business;
  readonly clock: Clock;
  readonly random: Random;
  readonly timings?: HostLinkTimings;
  readonly faults: LinkFaults;
  readonly log: Log;
}

export interface HostLinkStatus {
  readonly connected: boolean;
  readonly lastProblem: string | null;
  /** Terminals that said hello and did not say goodbye. */
  readonly online: readonly TerminalRef[];
  /** Messages that were not understood, not signed or from nobody we know; requests that came after their `exp`. */
  readonly dropped: number;
  readonly expired: number;
}

/** The host's end of the links of all terminals. */
export class HostLink {
  readonly #options: HostLinkOptions;
  readonly #timings: HostLinkTimings;
  readonly #steady: Steady;
  readonly #groups: Groups;
  readonly #connection: Connection;
  readonly #speaker: Speaker;
  readonly #sessions = new Map<string, Session>();
  #arrivals: Promise<void> = Promise.resolve();
  #connected = false;
  #lastProblem: string | null = null;
  #dropped = 0;
  #expired = 0;

  constructor(options: HostLinkOptions) {
    this.#options = options;
    this.#timings = options.timings ?? hostLinkTimings;
    const { clock, random } = options;
    this.#steady = new Steady(clock, this.#timings.tickMs, () => options.log('warn', 'host.clock-jumped'));
    this.#groups = new Groups({
      ...options,
      ...this.#timings,
      elapsedMs: () => this.#steady.elapsedMs(),
      newEpoch: () => randomName(random),
      committed: (outcomes) => this.#committed(outcomes),
    });
    this.#connection = new Connection({
      ...options,
      timings: this.#timings,
      subscribe: allUp,
      opened: () => this.#opened(),
      closed: (problem) => this.#closed(problem),
      received: (topic, payload, retained) => this.#received(topic, payload, retained),
    });
    this.#speaker = {
      ...options,
      boot: randomName(random),
      window: this.#timings.window,
      publish: (topic, message, qos) => this.#connection.publish(topic, message, { qos }),
    };
  }

  /** Connects, and again after a loss. Resolves at once: see `status`. */
  start(): Promise<void> {
    this.#steady.start();
    this.#connection.start();
    return Promise.resolve();
  }

  /** Takes nothing more, finishes the group at hand. The store may be closed afterwards. */
  async stop(): Promise<void> {
    await this.#connection.stop();
    await this.#arrivals;
    await this.#groups.idle();
    this.#closed('stopped');
    this.#steady.stop();
  }

  /** Rows were committed by `sendDown` for this terminal; without one, perhaps for any. */
  wake(to?: TerminalRef): void {
    if (to) this.#sessions.get(keyOf(to))?.sending.wake();
    else for (const session of this.#sessions.values()) session.sending.wake();
  }

  status(): HostLinkStatus {
    return {
      connected: this.#connected,
      lastProblem: this.#lastProblem,
      online: [...this.#sessions.values()].map((session) => session.of),
      dropped: this.#dropped,
      expired: this.#expired,
    };
  }

  #opened(): void {
    this.#connected = true;
    this.#connection.settled();
    this.#options.log('info', 'host.link-open');
  }

  #closed(problem: string): void {
    this.#connected = false;
    this.#lastProblem = problem;
    for (const session of this.#sessions.values()) session.sending.close(false);
    this.#sessions.clear(); // the terminals are invited to say hello again
  }

  #received(topic: string, payload: Buffer, retained: boolean): void {
    try {
      const to = parseTopic(topic);
      const from = to && { merchant: to.merchant, terminal: to.terminal };
      const key = from && this.#options.keyOf(from);
      if (to?.direction !== 'up' || !from || !key) throw new SyncError('WRONG_TERMINAL', 'from nobody we know');
      const parse = <S extends v.GenericSchema>(schema: S) => parseAs(schema, unpack(topic, payload, key));
      if (to.name === 'auth') void this.#answer(from, parse(authUp));
      else if (to.name === 'state') this.#stateCame(from, parse(state), retained);
      else if (to.name === 'hello') this.#groups.add({ kind: 'hello', from, hello: parse(hello) });
      else if (to.name === 'rows') this.#rowsCame(from, unpackLater(topic, payload, key));
      else this.#ackCame(from, parse(ack));
    } catch (error) {
      this.#drop(error);
    }
  }

  #rowsCame(from: TerminalRef, unpacked: Promise<unknown>): void {
    const deed = unpacked
      .then((payload) => parseAs(rows, payload))
      .then(
        (message) => () => this.#takeRows(from, message),
        (error: unknown) => () => this.#drop(error),
      );
    // In the order in which they came, whichever signature was verified first.
    this.#arrivals = this.#arrivals.then(async () => (await deed)());
  }

  #takeRows(from: TerminalRef, message: Rows): void {
    this.#groups.add({ kind: 'rows', from, rows: message });
    if (!this.#sessions.has(keyOf(from))) invite(this.#speaker, from);
  }

  #drop(error: unknown): void {
    if (!(error instanceof SyncError)) throw error;
    this.#dropped += 1;
    this.#options.log('warn', 'host.message-dropped', { code: error.code });
  }

  #ackCame(from: TerminalRef, message: Ack): void {
    this.#sessions.get(keyOf(from))?.acknowledge(message);
    this.#groups.add({ kind: 'ack', from, ack: message });
  }

  #committed(outcomes: readonly Outcome[]): void {
    for (const outcome of outcomes) {
      const { from, stream, hello: greeting, refused, ack: said } = outcome;
      if (refused === 'retired' && greeting) retire(this.#speaker, from, greeting);
      if (refused) continue;
      if (said && stream.epoch !== null) {
        at('host.before-ack');
        say(this.#speaker, from, 'ack', { v: 1, epoch: stream.epoch, ...said, window: this.#timings.window });
      }
      if (greeting) this.#welcome(outcome, greeting);
      this.#sessions.get(keyOf(from))?.sending.wake();
    }
  }

  #welcome(outcome: Outcome, greeting: Hello): void {
    const { from, stream } = outcome;
    if (stream.down_epoch === null) return;
    this.#sessions.get(keyOf(from))?.sending.close(false);
    const downHighest = stream.down_highest - stream.down_base;
    welcome(this.#speaker, outcome, greeting);
    const session = new Session({
      of: from,
      stream,
      terminalBoot: greeting.boot,
      hostBoot: this.#speaker.boot,
      store: this.#options.store,
      clock: this.#options.clock,
      elapsedMs: () => this.#steady.elapsedMs(),
      limits: this.#timings.limits,
      publish: (payload) => sayText(this.#speaker, from, 'rows', payload),
      log: this.#options.log,
    });
    this.#sessions.set(keyOf(from), session);
    const upTo = Math.min(greeting.appliedDown, downHighest);
    session.sending.open({ upTo, ranges: [] }, this.#timings.window);
  }

  // Past the queue of rows: only the store's own order holds it up.
  async #answer(from: TerminalRef, { id, exp, request }: AuthUp): Promise<void> {
    const { clock, business, log } = this.#options;
    if (exp < clock.now()) {
      this.#expired += 1;
      log('warn', 'host.request-expired', { kind: request.kind, lateMs: clock.now() - exp });
      return;
    }
    try {
      const answer = await business.answer(from, id, request);
      if (answer) say(this.#speaker, from, 'auth', { v: 1, id, answer });
      this.#sessions.get(keyOf(from))?.sending.wake();
    } catch (error) {
      log('error', 'host.answer-failed', { kind: request.kind, why: error instanceof Error ? error.message : '' });
    }
  }

  #stateCame(from: TerminalRef, { boot, online }: State, retained: boolean): void {
    const session = this.#sessions.get(keyOf(from));
    if (online && retained && !session) invite(this.#speaker, from);
    if (online || session?.terminalBoot !== boot) return; // an older boot's will
    session.sending.close(false);
    this.#sessions.delete(keyOf(from));
  }
}

const keyOf = (of: TerminalRef): string => `${of.merchant}/${of.terminal}`;
