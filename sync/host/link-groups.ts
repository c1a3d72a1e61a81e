import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Ack, Hello, Rows } from '../protocol/messages.ts';
import type { RowOnWire } from '../protocol/parse-row.ts';
import type { Rejection } from '../stream/inbox.ts';
import { acknowledgement, type Have, repeatFrom, type SendLimits } from '../stream/rules.ts';
import type { Business, TerminalRef } from './business.ts';
import { at } from './crash-points.ts';
import { greeted } from './greet.ts';
import { isRestoring } from './restore-book.ts';
import type { HostStore, HostTrx } from './store.ts';
import { haveOf, lastHashOf, markDown, rejectionsOf, type Stream, streamOf } from './stream-store.ts';
import { RowFailed, takeRows } from './take-rows.ts';

/** What came from a terminal and changes the host's store. */
export type Incoming = { readonly from: TerminalRef } & (
  | { readonly kind: 'hello'; readonly hello: Hello }
  | { readonly kind: 'rows'; readonly rows: Rows }
  | { readonly kind: 'ack'; readonly ack: Ack }
);

/** What to tell one terminal after the commit. */
export interface Outcome {
  readonly from: TerminalRef;
  readonly stream: Stream;
  readonly have: Have;
  /** The hello to answer; `refused`: as `greeted` has it. */
  readonly hello: Hello | null;
  readonly refused: 'retired' | 'strange' | null;
  /** For the welcome: whether the terminal's book is among the rows that wait for it, and the hash of its last row that was applied. */
  readonly restoring: boolean;
  readonly lastHash: string | null;
  /** Rows came, or rejections may have been missed: to acknowledge, when an epoch is known. */
  readonly ack: (Have & { readonly rejected: readonly Rejection[] }) | null;
}

export interface GroupOptions {
  readonly store: HostStore;
  readonly business: Business;
  readonly clock: Clock;
  readonly newEpoch: () => string;
  readonly window: number;
  readonly limits: SendLimits;
  /** Milliseconds that only run forward. */
  readonly elapsedMs: () => number;
  /** Rows of one transaction at most. */
  readonly groupRows: number;
  /** After the commit, before anything is acknowledged. */
  readonly committed: (outcomes: readonly Outcome[]) => void;
  readonly log: Log;
}

/** Takes what comes from terminals in groups, one transaction each, in the order of arrival; what comes during one is the next. */
export class Groups {
  readonly #options: GroupOptions;
  #queue: Incoming[] = [];
  /** Smoothed cost of applying one row. */
  #rowMs = 0;
  #working: Promise<void> | null = null;

  constructor(options: GroupOptions) {
    this.#options = options;
  }

  add(incoming: Incoming): void {
    this.#queue.push(incoming);
    this.#working ??= this.#work();
  }

  /** Resolves when everything that was added is committed or given up. */
  async idle(): Promise<void> {
    await this.#working;
  }

  async #work(): Promise<void> {
    // Between groups the socket is read: what has come is one group, and a request is answered before it.
    await nextTurn();
    while (this.#queue.length > 0) {
      await this.#takeGroup(this.#nextGroup());
      await nextTurn();
    }
    this.#working = null;
  }

  #nextGroup(): Incoming[] {
    const { groupRows } = this.#options;
    let room = Math.min(groupRows, Math.max(fewestRows, Math.floor(groupMs / this.#rowMs)));
    const group: Incoming[] = [];
    for (const incoming of this.#queue) {
      if (room <= 0) break;
      group.push(incoming);
      room -= incoming.kind === 'rows' ? incoming.rows.rows.length : 0;
    }
    this.#queue.splice(0, group.length);
    const last = group.at(-1);
    if (last?.kind !== 'rows' || room >= 0) return group;
    const [now, later] = split(last, last.rows.rows.length + room);
    this.#queue.unshift(later);
    return [...group.slice(0, -1), now];
  }

  async #takeGroup(group: readonly Incoming[]): Promise<void> {
    const turns = byTerminal(group);
    if (await this.#commit(turns)) return;
    // One terminal's bad row must not hold up the others.
    for (const turn of turns) await this.#takeAlone(turn);
  }

  async #takeAlone(turn: Turn): Promise<void> {
    if (await this.#commit([turn])) return;
    if (turn.failedSeq === null) return;
    // The rows before the one that failed; it and what follows it stay with the terminal, unacknowledged.
    turn.rows = turn.rows.filter(([seq]) => turn.failedSeq !== null && seq < turn.failedSeq);
    await this.#commit([turn]);
  }

  async #commit(turns: readonly Turn[]): Promise<boolean> {
    const { store, committed, log } = this.#options;
    const bringRows = turns.some((turn) => turn.rows.length > 0);
    const outcomes: Outcome[] = [];
    try {
      await store.transaction().execute(async (trx) => {
        for (const turn of turns) outcomes.push(await this.#take(trx, turn));
        if (bringRows) at('host.before-commit');
      });
    } catch (error) {
      log('error', 'host.group-failed', { why: reasonOf(error), terminals: turns.length });
      return false;
    }
    if (bringRows) at('host.after-commit');
    if (outcomes.some(({ restoring }) => restoring)) at('host.restore-after-commit');
    committed(outcomes);
    return true;
  }

  async #take(trx: HostTrx, turn: Turn): Promise<Outcome> {
    const { newEpoch, clock, log } = this.#options;
    const { from, hello } = turn;
    let stream = await streamOf(trx, from);
    const after = hello ? await greeted(trx, stream, hello, newEpoch(), clock.now()) : stream;
    const refused = typeof after === 'string' ? after : null;
    if (refused) {
      const { merchant, terminal } = from;
      log('error', refused === 'retired' ? 'host.old-epoch' : 'host.strange-book', { merchant, terminal });
    }
    if (typeof after !== 'string') stream = after;
    if (turn.ack && turn.ack.epoch === stream.down_epoch) {
      for (const row of await markDown(trx, stream, turn.ack, clock.now()))
        log('error', 'host.row-rejected-by-terminal', { ...from, ...row });
    }
    const before = await haveOf(trx, stream);
    const { have, rejectedUp } = await this.#takeRows(trx, turn, stream, before);
    const ack = await this.#acknowledgement(trx, turn, { ...stream, rejected_up: rejectedUp }, have);
    // What the rows caused for this terminal is announced by the welcome too.
    if (hello) stream = await streamOf(trx, from);
    const lastHash = hello && have.upTo === stream.applied_up ? await lastHashOf(trx, stream) : null;
    const restoring = hello?.restore !== undefined && (await isRestoring(trx, stream));
    if (!refused && restoring) at('host.restore-before-commit');
    return { from, stream, have, hello, refused, restoring, lastHash, ack };
  }

  async #takeRows(trx: HostTrx, turn: Turn, stream: Stream, before: Have): Promise<{ have: Have; rejectedUp: number }> {
    const { epoch } = stream;
    const unchanged = { have: before, rejectedUp: stream.rejected_up };
    if (turn.rows.length === 0 || epoch === null || turn.epoch !== epoch) return unchanged;
    const { business, clock, elapsedMs, log } = this.#options;
    const { from } = turn;
    const taking = { trx, from, stream, epoch, business, at: clock.now(), log, rejected: [] };
    const startedMs = elapsedMs();
    const have = await takeRows(taking, before, turn.rows).catch((error: unknown) => {
      if (error instanceof RowFailed) turn.failedSeq = error.seq;
      throw error;
    });
    this.#rowMs += ((elapsedMs() - startedMs) / turn.rows.length - this.#rowMs) / 8;
    if (have.upTo === before.upTo && have.ranges === before.ranges) return unchanged;
    const kept = have.ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);
    const rejectedUp = Math.max(stream.rejected_up, ...taking.rejected);
    const changes = { applied_up: have.upTo, kept, rejected_up: rejectedUp };
    await trx.updateTable('stream').set(changes).where('id', '=', stream.id).execute();
    return { have, rejectedUp };
  }

  async #acknowledgement(trx: HostTrx, turn: Turn, stream: Stream, have: Have): Promise<Outcome['ack']> {
    const missed = turn.hello !== null && turn.hello.highestAcked < have.upTo;
    const came = turn.rows.length > 0 && turn.epoch === stream.epoch;
    if (!missed && !came) return null;
    const { window, limits } = this.#options;
    const repeated = repeatFrom(have.upTo, window, limits);
    const first = Math.min(
      repeated,
      turn.hello ? turn.hello.highestAcked + 1 : repeated,
      ...turn.rows.map(([seq]) => seq),
    );
    return acknowledgement(have, await rejectionsOf(trx, stream, first));
  }
}

/** How long applying the rows of a group may take: a request waits for the transaction at hand. However slow they are, some share a commit. */
const groupMs = 2;
const fewestRows = 8;

/** The first `count` rows of a message, and the others. */
function split(incoming: Extract<Incoming, { kind: 'rows' }>, count: number): [Incoming, Incoming] {
  const part = (from: number, to?: number): Incoming => ({
    ...incoming,
    rows: { ...incoming.rows, rows: incoming.rows.rows.slice(from, to) },
  });
  return [part(0, count), part(count)];
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** One terminal's part of a group. */
interface Turn {
  readonly from: TerminalRef;
  hello: Hello | null;
  ack: Ack | null;
  epoch: string | null;
  rows: RowOnWire[];
  failedSeq: number | null;
}

function byTerminal(group: readonly Incoming[]): Turn[] {
  const turns = new Map<string, Turn>();
  for (const incoming of group) {
    const key = `${incoming.from.merchant}/${incoming.from.terminal}`;
    const turn = turns.get(key) ?? {
      from: incoming.from,
      hello: null,
      ack: null,
      epoch: null,
      rows: [],
      failedSeq: null,
    };
    turns.set(key, turn);
    if (incoming.kind === 'hello') turn.hello = incoming.hello;
    else if (incoming.kind === 'ack') turn.ack = incoming.ack;
    else {
      if (turn.epoch !== incoming.rows.epoch) turn.rows = [];
      turn.epoch = incoming.rows.epoch;
      turn.rows.push(...incoming.rows.rows);
    }
  }
  return [...turns.values()];
}

const reasonOf = (error: unknown): string => {
  const cause = error instanceof RowFailed ? error.cause : error;
  return cause instanceof Error ? `${cause.name}: ${cause.message}` : 'unknown';
};
