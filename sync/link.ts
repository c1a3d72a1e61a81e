import type * as v from 'valibot';
import type { Clock } from './clock.ts';
import { Connection, type OutgoingMessage } from './connection.ts';
import { SyncError } from './errors.ts';
import { Greeting } from './greeting.ts';
import { HostWatch } from './host-watch.ts';
import { type LinkOptions, type LinkTimings, linkTimings } from './link-options.ts';
import { pack, parseAs, unpack } from './protocol/envelope.ts';
import { type Ack, ack, authDown, type Rows, rows, type Welcome, welcome } from './protocol/messages.ts';
import type { Answer, Request } from './protocol/requests.ts';
import { ackQos, allDown, parseTopic, type QoS, type UpName, upTopic } from './protocol/topics.ts';
import { randomName } from './random.ts';
import { Steady } from './steady.ts';
import { beginEpoch, bookState, endRestore, rowHash } from './stream/epoch.ts';
import { Inbox } from './stream/inbox.ts';
import { Marks } from './stream/marks.ts';
import { Outbox } from './stream/outbox.ts';
import { Receiving } from './stream/receiving.ts';
import { Sending } from './stream/sending.ts';
import { rowsPayload, type WireRow } from './stream/wire-row.ts';

export interface LinkStatus {
  /** `connected`: to the broker; `open`: the host said welcome on this connection. */
  readonly state: 'stopped' | 'connecting' | 'connected' | 'open';
  /** Open, and every row from above that the welcome announced is applied: instructions may be made. */
  readonly gateOpen: boolean;
  readonly rttMs: number | null;
  /** Host's time minus device's time. */
  readonly clockOffsetMs: number | null;
  /** Rows that the host has not acknowledged. */
  readonly outboxCount: number;
  readonly lateAnswers: number;
  /** Messages that were not understood, not signed or not for us. */
  readonly dropped: number;
  readonly lastProblem: string | null;
}

/** The terminal's end of the link: keeps the connection, drains the outbox behind the gate, applies what comes from above. */
export class Link<Tx> {
  readonly #options: LinkOptions<Tx>;
  readonly #timings: LinkTimings;
  readonly #outbox: Outbox;
  readonly #inbox: Inbox;
  readonly #steady: Steady;
  readonly #sending: Sending;
  readonly #receiving: Receiving<Tx>;
  readonly #connection: Connection;
  #epoch: string;
  readonly #listeners = new Set<() => void>();
  readonly #waiting = new Map<string, (answer: Answer) => void>();
  readonly #greeting: Greeting;
  readonly #watch: HostWatch;
  readonly #marks: Marks;
  #state: LinkStatus['state'] = 'stopped';
  /** New for each connection, so that the will of the last one, which may come late, says nothing of this one. */
  #boot = '';
  #hostBoot: string | null = null;
  #downHighest = 0;
  #appliedDown = 0;
  #lateAnswers = 0;
  #dropped = 0;
  #lastProblem: string | null = null;

  constructor(options: LinkOptions<Tx>) {
    this.#options = options;
    this.#timings = options.timings ?? linkTimings;
    const { clock, db, log } = options;
    this.#outbox = new Outbox(db);
    this.#inbox = new Inbox(db);
    this.#epoch = this.#outbox.epoch();
    this.#marks = new Marks({
      outbox: this.#outbox,
      clock,
      markMs: this.#timings.markMs,
      log,
      writing: () => options.at?.('link.before-mark-acked'),
      written: () => this.#changed(),
      failed: (error) => this.#failed(error),
    });
    this.#steady = new Steady(clock, this.#timings.tickMs, () => this.#clockJumped());
    const { limits, window, helloMs } = this.#timings;
    const elapsedMs = () => this.#steady.elapsedMs();
    const failed = (error: unknown) => this.#failed(error);
    this.#sending = new Sending(
      {
        clock,
        elapsedMs,
        limits,
        highest: () => this.#outbox.highest(),
        read: (from, to, bytes) => this.#outbox.read(from, to, bytes),
        publish: (batch) => this.#publishRows(batch),
        setAside: (seq) => this.#setAside(seq),
        failed,
      },
      this.#outbox.ackedUp(),
    );
    const { transaction, apply, applied = () => {} } = options;
    this.#receiving = new Receiving({
      clock,
      inbox: this.#inbox,
      window,
      limits,
      transaction,
      apply,
      applied,
      failed,
      log,
    });
    this.#greeting = new Greeting({
      clock,
      elapsedMs,
      helloMs,
      helloMaxMs: limits.resendMaxMs,
      say: (deviceTime) => this.#sayHello(deviceTime),
    });
    this.#watch = new HostWatch({
      clock,
      everyMs: this.#timings.keepaliveMs,
      ask: () => this.#greeting.again(),
      lost: () => this.#hostSilent(),
    });
    this.#connection = new Connection({
      ...options,
      clientId: options.terminal,
      timings: this.#timings,
      subscribe: allDown(options),
      will: () => this.#will(),
      opened: () => this.#connected(),
      closed: (problem, byPeer) => this.#disconnected(problem, byPeer),
      received: (topic, payload) => this.#received(topic, payload),
    });
  }

  get clock(): Clock {
    return this.#options.clock;
  }

  start(): void {
    if (this.#state !== 'stopped') return;
    this.#steady.start();
    this.#setState('connecting');
    this.#connection.start();
  }

  /** Says goodbye when it can, marks what was acknowledged. Requests that wait get no answer any more. */
  async stop(): Promise<void> {
    if (this.#state === 'stopped') return;
    this.#setState('stopped'); // from here on nothing that comes is looked at
    this.#sending.close(false);
    this.#greeting.stop();
    this.#watch.stop();
    this.#steady.stop();
    this.#marks.write();
    this.#hostBoot = null;
    await this.#connection.stop(this.#stateMessage(false));
  }

  /** Rows were committed to the outbox. */
  wake(): void {
    this.#sending.wake();
  }

  status(): LinkStatus {
    const open = this.#state === 'open';
    return {
      state: this.#state,
      gateOpen: open && this.#appliedDown >= this.#downHighest,
      rttMs: this.#sending.rttMs ?? this.#greeting.rttMs,
      clockOffsetMs: this.#greeting.offsetMs,
      outboxCount: Math.max(0, this.#outbox.highest() - this.#sending.ackedUp),
      lateAnswers: this.#lateAnswers,
      dropped: this.#dropped,
      lastProblem: this.#lastProblem,
    };
  }

  /** Calls `fn` when the status may have changed, also when the last row was acknowledged; returns how to end that. */
  onStatus(fn: () => void): () => void {
    this.#listeners.add(fn);
    return () => this.#listeners.delete(fn);
  }

  /**
   * For request.ts: sends a request that expires after `deadlineMs` and gives its answer to `answered`, until the returned function is called.
   * Null when the link is not open.
   */
  request(id: string, request: Request, deadlineMs: number, answered: (answer: Answer) => void): (() => void) | null {
    if (this.#state !== 'open') return null;
    if (this.#waiting.has(id)) throw new Error(`request ${id} is under way`);
    const exp = this.#greeting.hostNowMs() + deadlineMs;
    this.#waiting.set(id, answered);
    void this.#publish('auth', JSON.stringify({ v: 1, id, exp, request }));
    return () => this.#waiting.delete(id);
  }

  /** Whether the host answers within `waitMs`. */
  probe(waitMs: number): Promise<boolean> {
    return this.#state === 'open' ? this.#watch.probe(waitMs) : Promise.resolve(false);
  }

  /** The broker is there and the host is not: nothing is asked or sent until it says welcome again. */
  #hostSilent(): void {
    if (this.#state !== 'open') return;
    this.#sending.close(false);
    this.#hostBoot = null;
    this.#setState('connected');
    this.#problem('HOST_SILENT', {});
    this.#greeting.start();
  }

  #connected(): void {
    this.#setState('connected');
    const birth = this.#stateMessage(true);
    void this.#connection.publish(birth.topic, birth.payload, { retain: true });
    this.#greeting.start();
  }

  #disconnected(problem: string, byPeer: boolean): void {
    this.#sending.close(byPeer);
    this.#greeting.stop();
    this.#watch.stop();
    this.#hostBoot = null;
    this.#lastProblem = problem;
    if (this.#state !== 'stopped') this.#setState('connecting');
  }

  #sayHello(deviceTime: number): void {
    const { restoring, since } = bookState(this.#options.db);
    const hello = {
      v: 1,
      boot: this.#boot,
      epoch: this.#epoch,
      highestSeq: this.#outbox.highest(),
      highestAcked: this.#outbox.ackedUp(),
      appliedDown: this.#inbox.state().applied,
      deviceTime,
      ...(restoring && { restore: { since } }),
    };
    void this.#publish('hello', JSON.stringify(hello));
  }

  #received(topic: string, payload: Buffer): void {
    if (this.#state === 'stopped') return;
    try {
      const { merchant, terminal, keys } = this.#options;
      const to = parseTopic(topic);
      if (to?.direction !== 'down' || to.merchant !== merchant || to.terminal !== terminal) {
        throw new SyncError('WRONG_TERMINAL', 'not for this terminal');
      }
      const parse = <S extends v.GenericSchema>(schema: S) => parseAs(schema, unpack(topic, payload, keys.host));
      if (to.name === 'welcome') this.#welcomed(parse(welcome));
      else if (to.name === 'ack') this.#acknowledged(parse(ack));
      else if (to.name === 'rows') this.#rowsArrived(parse(rows));
      else this.#answered(parse(authDown));
      this.#watch.heard();
    } catch (error) {
      if (error instanceof SyncError) this.#drop(error.code);
      else this.#failed(error);
    }
  }

  #welcomed(message: Welcome): void {
    if (!this.#greeting.answered(message)) this.#greeting.again();
    else if (this.#isOtherBook(message)) this.#beginEpoch(message);
    else this.#open(message);
  }

  /** Whether the host knows a later or another row than this database: somebody put an old copy of it back. */
  #isOtherBook({ appliedUp, lastHash, retired }: Welcome): boolean {
    if (retired || appliedUp > this.#outbox.highest()) return true;
    const row = lastHash === null ? undefined : this.#outbox.at(appliedUp);
    return row !== undefined && rowHash(row) !== lastHash;
  }

  /** From now on it is a database of its own, and the host is asked for what it lacks. */
  #beginEpoch({ appliedUp }: Welcome): void {
    const { db, random, transaction, otherBook } = this.#options;
    const details = { hostHas: appliedUp, hereIs: this.#outbox.highest() };
    transaction((tx) => {
      beginEpoch(db, randomName(random));
      otherBook?.(tx, details);
    });
    this.#epoch = this.#outbox.epoch();
    this.#sending.close(false);
    this.#hostBoot = null;
    this.#problem('BACKUP_RESTORED', details);
    this.#greeting.start();
  }

  #open(message: Welcome): void {
    const { db } = this.#options;
    if (!message.restoring && bookState(db).restoring) endRestore(db); // the host has nothing that is not here
    this.#inbox.begin(message.downEpoch);
    this.#downHighest = message.downHighest;
    this.#appliedDown = this.#inbox.state().applied;
    this.#connection.settled();
    this.#lastProblem = null;
    this.#setState('open');
    this.#watch.start();
    if (message.boot === this.#hostBoot) return; // only the clock was asked for
    this.#hostBoot = message.boot;
    this.#sending.open({ upTo: message.appliedUp, ranges: message.ranges }, message.window);
  }

  #acknowledged(message: Ack): void {
    const highest = this.#outbox.highest();
    if (message.epoch !== this.#epoch || message.upTo > highest) {
      this.#drop('OTHER_EPOCH');
      return;
    }
    this.#sending.acknowledge(message, message.window);
    this.#marks.acknowledged(this.#sending.ackedUp, message.rejected);
    if (this.#sending.ackedUp === highest) this.#changed();
  }

  #rowsArrived(message: Rows): void {
    if (this.#state !== 'open') return; // before the welcome on this connection the epoch is not known
    const have = this.#receiving.take(message);
    if (!have) {
      this.#drop('OTHER_EPOCH');
      return;
    }
    this.#appliedDown = have.upTo;
    const reply = { v: 1, epoch: message.epoch, ...have, window: this.#timings.window };
    void this.#publish('ack', JSON.stringify(reply), ackQos);
    this.#changed();
  }

  #answered(message: { readonly id: string; readonly answer: Answer }): void {
    const answered = this.#waiting.get(message.id);
    if (answered) {
      answered(message.answer);
      return;
    }
    this.#lateAnswers += 1;
    this.#options.log('warn', 'link.late-answer', { kind: message.answer.kind });
    this.#options.onLateAnswer?.(message.id, message.answer);
  }

  async #publishRows(batch: readonly WireRow[]): Promise<boolean> {
    const taken = this.#publish('rows', rowsPayload(this.#epoch, this.#boot, batch));
    this.#options.at?.('link.after-publish');
    return await taken;
  }

  #publish(name: UpName, payload: string, qos: QoS = 1): Promise<boolean> {
    const topic = upTopic(this.#options, name);
    return this.#connection.publish(topic, pack(topic, payload, this.#options.keys.own), { qos });
  }

  #will(): OutgoingMessage {
    this.#boot = randomName(this.#options.random);
    return this.#stateMessage(false);
  }

  #stateMessage(online: boolean): OutgoingMessage {
    const topic = upTopic(this.#options, 'state');
    const state = { v: 1, boot: this.#boot, online, at: this.#options.clock.now() };
    return { topic, payload: pack(topic, JSON.stringify(state), this.#options.keys.own) };
  }

  #setAside(seq: number): void {
    this.#outbox.setAside(seq);
    this.#problem('ROW_SET_ASIDE', { seq });
  }

  #clockJumped(): void {
    this.#options.log('warn', 'link.clock-jumped');
    if (this.#state === 'open' || this.#state === 'connected') this.#greeting.start();
  }

  #drop(code: string): void {
    this.#dropped += 1;
    this.#options.log('warn', 'link.message-dropped', { code });
  }

  #problem(code: string, details: Readonly<Record<string, number>>): void {
    this.#lastProblem = code;
    this.#options.log('error', 'link.problem', { code, ...details });
    this.#changed();
  }

  #failed(error: unknown): void {
    this.#lastProblem = error instanceof Error ? error.name : 'failed';
    this.#options.log('error', 'link.failed', { why: this.#lastProblem });
    this.#options.failed?.(error);
    this.#changed();
  }

  #setState(state: LinkStatus['state']): void {
    this.#state = state;
    this.#changed();
  }

  #changed(): void {
    for (const fn of [...this.#listeners]) fn();
  }
}
