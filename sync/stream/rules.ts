/**
 * The rules of a durable ordered stream, the same at both ends and in both directions (sync.md, two durable ordered streams). Pure: time
 * comes in as milliseconds that only run forward, rows are known by their seq alone.
 */

/** From and to, both included. */
export type Range = readonly [from: number, to: number];

/** What the other end has: everything up to `upTo`, and the ranges beyond. */
export interface Have {
  readonly upTo: number;
  readonly ranges: readonly Range[];
}

export interface SendLimits {
  /** Rows of one message. */
  readonly rows: number;
  /** Bytes of the rows' bodies in one message; a single row may be larger. */
  readonly bytes: number;
  readonly resendMinMs: number;
  readonly resendMaxMs: number;
  /** A row whose sending ended so often in a close is sent alone, then set aside. */
  readonly aloneAfter: number;
  readonly asideAfter: number;
}

export const sendLimits: SendLimits = {
  rows: 50,
  bytes: 64 * 1024,
  resendMinMs: 2_000,
  resendMaxMs: 60_000,
  aloneAfter: 3,
  asideAfter: 5,
};

/** Rows that go into one message; `tries` counts the sendings before it. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly tries: number;
}

interface InFlight extends Span {
  readonly sentAtMs: number;
  /** The other end said that it has them; only its acknowledgement, with its rejections, is still to come. */
  readonly presumed: boolean;
}

export interface Sender {
  readonly have: Have;
  /** The first row that was not sent on this connection. */
  readonly next: number;
  readonly again: readonly Span[];
  readonly inFlight: readonly InFlight[];
  /** Messages in flight, set by the other end. */
  readonly window: number;
  readonly rttMs: number | null;
  /** Rows whose sending ended in a close, and how often. */
  readonly closes: ReadonlyMap<number, number>;
}

/** Before the first connection: everything after `acked` is to be sent. */
export const newSender = (acked: number): Sender => ({
  have: { upTo: acked, ranges: [] },
  next: acked + 1,
  again: [],
  inFlight: [],
  window: 1,
  rttMs: null,
  closes: new Map(),
});

/**
 * The other end welcomed us and said what it has. That is where sending goes on; but rows leave the set only by an acknowledgement, so
 * those it has beyond the acknowledged ones are treated as just sent.
 */
export function opened(sender: Sender, have: Have, window: number, nowMs: number): Sender {
  // It has less than it acknowledged: it was restored from a backup, and what it lost is sent again.
  const acked = Math.min(sender.have.upTo, have.upTo);
  const presumed: InFlight[] =
    have.upTo > acked ? [{ from: acked + 1, to: have.upTo, tries: 0, sentAtMs: nowMs, presumed: true }] : [];
  return {
    ...sender,
    have: { upTo: acked, ranges: have.ranges },
    next: have.upTo + 1,
    again: [],
    inFlight: presumed,
    window,
  };
}

/** The connection ended; `suspect`: the rows of the message that it may have ended by. */
export function closed(sender: Sender, suspect: Range | null): Sender {
  const closes = new Map(sender.closes);
  for (let seq = suspect?.[0] ?? 1; seq <= (suspect?.[1] ?? 0); seq++) closes.set(seq, (closes.get(seq) ?? 0) + 1);
  return { ...sender, again: [], inFlight: [], next: sender.have.upTo + 1, closes };
}

/** An acknowledgement: idempotent, may be old, doubled or out of order. */
export function acked(sender: Sender, ack: Have, window: number, nowMs: number): Sender {
  const have = merged(Math.max(sender.have.upTo, ack.upTo), [...sender.have.ranges, ...ack.ranges]);
  const { upTo } = have;
  const done = sender.inFlight.find((s) => s.tries === 0 && !s.presumed && s.to <= upTo);
  return {
    ...sender,
    have,
    next: Math.max(sender.next, upTo + 1),
    again: sender.again.flatMap((span) => missing(span, have)),
    inFlight: sender.inFlight.flatMap((span) => missing(span, have)),
    window,
    // A message sent twice says nothing of the round trip.
    rttMs: done ? smoothed(sender.rttMs, nowMs - done.sentAtMs) : sender.rttMs,
    closes: sender.closes.size === 0 ? sender.closes : new Map([...sender.closes].filter(([seq]) => seq > upTo)),
  };
}

/** Puts the messages whose time is over among those to be sent again. */
export function expired(sender: Sender, nowMs: number, limits: SendLimits): Sender {
  const late = sender.inFlight.filter((span) => dueAt(span, sender.rttMs, limits) <= nowMs);
  if (late.length === 0) return sender;
  return {
    ...sender,
    again: [...sender.again, ...late.map(({ from, to, tries }) => ({ from, to, tries: tries + 1 }))],
    inFlight: sender.inFlight.filter((span) => !late.includes(span)),
  };
}

/** What to send now, if anything; `highest` is the last row there is. */
export function nextSpan(sender: Sender, highest: number, limits: SendLimits): Span | null {
  if (sender.inFlight.length >= sender.window) return null;
  const [again] = sender.again;
  const fresh = missing({ from: sender.next, to: highest, tries: 0 }, sender.have)[0] ?? null;
  const span = again ?? fresh;
  if (!span || span.from > span.to) return null;
  const suspect = firstSuspect(sender, span, limits);
  if (suspect === null) return { ...span, to: Math.min(span.to, span.from + limits.rows - 1) };
  if (suspect > span.from) return { ...span, to: Math.min(suspect - 1, span.from + limits.rows - 1) };
  return sender.inFlight.length === 0 ? { ...span, to: span.from } : null;
}

/** Whether a row was sent alone and still ended the connection: it is to be set aside, and something small sent in its place. */
export const mustSetAside = (sender: Sender, seq: number, limits: SendLimits): boolean =>
  (sender.closes.get(seq) ?? 0) >= limits.asideAfter;

/** Records that `span` was sent as a message. It may be shorter than what `nextSpan` gave. */
export function sent(sender: Sender, span: Span, nowMs: number): Sender {
  const [again, ...others] = sender.again;
  const rest = again && again.to > span.to ? [{ ...again, from: span.to + 1 }] : [];
  const inFlight = [...sender.inFlight, { ...span, sentAtMs: nowMs, presumed: false }];
  if (again && again.from === span.from) return { ...sender, again: [...rest, ...others], inFlight };
  return { ...sender, next: Math.max(sender.next, span.to + 1), inFlight };
}

/** When the next message must be sent again; null when nothing is in flight. */
export function nextDue(sender: Sender, limits: SendLimits): number | null {
  if (sender.inFlight.length === 0) return null;
  return Math.min(...sender.inFlight.map((span) => dueAt(span, sender.rttMs, limits)));
}

const dueAt = (span: InFlight, rttMs: number | null, limits: SendLimits): number =>
  span.sentAtMs + Math.min(limits.resendMaxMs, Math.max(limits.resendMinMs, 4 * (rttMs ?? 0)) * 2 ** span.tries);

const smoothed = (rttMs: number | null, sampleMs: number): number => {
  const sample = Math.max(0, sampleMs);
  return rttMs === null ? sample : rttMs + (sample - rttMs) / 8;
};

const firstSuspect = (sender: Sender, span: Span, limits: SendLimits): number | null => {
  if (sender.closes.size === 0) return null;
  for (let seq = span.from; seq <= Math.min(span.to, span.from + limits.rows - 1); seq++) {
    if ((sender.closes.get(seq) ?? 0) >= limits.aloneAfter) return seq;
  }
  return null;
};

/** The parts of `span` that the other end does not have. */
function missing<S extends Span>(span: S, have: Have): S[] {
  const parts: S[] = [];
  let from = Math.max(span.from, have.upTo + 1);
  for (const [first, last] of have.ranges) {
    if (last < from || first > span.to) continue;
    if (first > from) parts.push({ ...span, from, to: first - 1 });
    from = Math.max(from, last + 1);
  }
  if (from <= span.to) parts.push(from === span.from ? span : { ...span, from });
  return parts;
}

/** Ranges that one acknowledgement can carry. */
export const maxRanges = 64;

/** What becomes of a row that arrived. `beyond`: a row before it is missing. */
export type Fate = 'next' | 'duplicate' | 'beyond';

export function fateOf(have: Have, seq: number): Fate {
  if (seq <= have.upTo || have.ranges.some(([from, to]) => from <= seq && seq <= to)) return 'duplicate';
  return seq === have.upTo + 1 ? 'next' : 'beyond';
}

/**
 * What the receiver has after row `seq`. When the row fills the hole before the first range, the rows of that range, kept until now, follow it.
 * A row beyond a hole is added to the ranges: only by a receiver that keeps it.
 */
export const received = (have: Have, seq: number): Have =>
  have.ranges.length === 0 && seq === have.upTo + 1
    ? { upTo: seq, ranges: have.ranges }
    : merged(have.upTo, [...have.ranges, [seq, seq]]);

function merged(upTo: number, ranges: readonly Range[]): Have {
  if (ranges.length === 0) return { upTo, ranges };
  let reached = upTo;
  const beyond: Range[] = [];
  for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = beyond.at(-1);
    if (from <= reached + 1) reached = Math.max(reached, to);
    else if (last && from <= last[1] + 1) beyond[beyond.length - 1] = [last[0], Math.max(last[1], to)];
    else beyond.push([from, to]);
  }
  return { upTo: reached, ranges: beyond };
}

/** Rejections that one acknowledgement can carry: of every row that can be in flight. */
export const maxRejected = 3200;

/**
 * The first row whose rejection an acknowledgement must repeat. Cumulative acknowledgements replace each other, so one that gets lost must
 * not take a rejection with it: the first one that the sender gets for a row comes before it sent more than a window beyond.
 */
export const repeatFrom = (upTo: number, window: number, limits: SendLimits): number =>
  Math.max(1, upTo - 2 * window * limits.rows);

/** Acknowledges no further than its rejections fit; the rest is asked for by the sender's resending. `rejected` is sorted. */
export function acknowledgement<R extends { readonly seq: number }>(
  have: Have,
  rejected: readonly R[],
): Have & { readonly rejected: readonly R[] } {
  const tooMany = rejected[maxRejected];
  if (!tooMany) return { ...have, ranges: have.ranges.slice(0, maxRanges), rejected };
  return { upTo: tooMany.seq - 1, ranges: [], rejected: rejected.slice(0, maxRejected) };
}
