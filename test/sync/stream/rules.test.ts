import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  acked,
  acknowledgement,
  closed,
  expired,
  fateOf,
  type Have,
  mustSetAside,
  newSender,
  nextDue,
  nextSpan,
  opened,
  received,
  repeatFrom,
  type Sender,
  type Span,
  sendLimits,
  sent,
} from '../../../sync/stream/rules.ts';

const limits = { ...sendLimits, rows: 5 };
const nothing: Have = { upTo: 0, ranges: [] };

/** Sends everything that may be sent now. */
function fill(sender: Sender, highest: number, nowMs: number): { sender: Sender; spans: Span[] } {
  const spans: Span[] = [];
  for (let span = nextSpan(sender, highest, limits); span; span = nextSpan(sender, highest, limits)) {
    spans.push(span);
    sender = sent(sender, span, nowMs);
  }
  return { sender, spans };
}

const ranges = (spans: readonly Span[]) => spans.map(({ from, to }) => [from, to]);
const open = (acknowledged = 0, have = nothing, window = 4) => opened(newSender(acknowledged), have, window, 0);

describe('a sender', () => {
  it('fills the window, then waits for an acknowledgement', () => {
    const first = fill(open(), 100, 0);
    expect(ranges(first.spans)).toEqual([
      [1, 5],
      [6, 10],
      [11, 15],
      [16, 20],
    ]);
    const more = fill(acked(first.sender, { upTo: 10, ranges: [] }, 4, 5), 100, 5);
    expect(ranges(more.spans)).toEqual([
      [21, 25],
      [26, 30],
    ]);
  });

  it('goes on where the host says it is, and asks for the acknowledgement that was lost', () => {
    const { sender, spans } = fill(open(3, { upTo: 7, ranges: [[10, 12]] }), 14, 0);
    expect(ranges(spans)).toEqual([
      [8, 9],
      [13, 14],
    ]);
    const again = fill(expired(sender, 2_000, limits), 14, 2_000);
    expect(ranges(again.spans)).toContainEqual([4, 7]);
  });

  it('sends again what a host restored from a backup has lost', () => {
    expect(ranges(fill(open(20, { upTo: 12, ranges: [] }), 20, 0).spans)).toEqual([
      [13, 17],
      [18, 20],
    ]);
  });

  it.each([
    ['two seconds at first', null, 0, 2_000],
    ['four round trips when they are long', 1_500, 0, 6_000],
    ['double each time', null, 2, 8_000],
    ['a minute at most', 30_000, 5, 60_000],
  ])('sends again after %s', (_, rttMs, tries, afterMs) => {
    const sender = sent({ ...open(), rttMs }, { from: 1, to: 5, tries }, 1_000);
    expect(nextDue(sender, limits)).toBe(1_000 + afterMs);
    expect(expired(sender, 1_000 + afterMs - 1, limits).again).toEqual([]);
    expect(ranges(expired(sender, 1_000 + afterMs, limits).again)).toEqual([[1, 5]]);
  });

  it('sends again only what is not acknowledged', () => {
    const { sender } = fill(open(), 20, 0);
    const holes = acked(
      sender,
      {
        upTo: 2,
        ranges: [
          [6, 10],
          [12, 13],
        ],
      },
      4,
      1,
    );
    expect(ranges(fill(expired(holes, 2_001, limits), 20, 2_001).spans)).toEqual([
      [3, 5],
      [11, 11],
      [14, 15],
      [16, 20],
    ]);
  });

  it('measures the round trip only by messages sent once', () => {
    const { sender } = fill(open(), 5, 0);
    expect(acked(sender, { upTo: 5, ranges: [] }, 4, 40).rttMs).toBe(40);
    const resent = fill(expired(sender, 2_000, limits), 5, 2_000).sender;
    expect(acked(resent, { upTo: 5, ranges: [] }, 4, 2_010).rttMs).toBeNull();
  });

  it('takes an old acknowledgement for nothing', () => {
    const sender = acked(fill(open(), 20, 0).sender, { upTo: 15, ranges: [] }, 4, 1);
    expect(acked(sender, { upTo: 5, ranges: [[8, 9]] }, 4, 2).have).toEqual({ upTo: 15, ranges: [] });
  });

  it('sends a row alone after three closes and sets it aside after five', () => {
    let sender = open();
    const suspects: number[][] = [];
    for (let close = 0; close < 5; close++) {
      expect(mustSetAside(sender, 3, limits)).toBe(false);
      const { spans } = fill(sender, 3, 0);
      const last = spans.at(-1);
      if (!last) throw new Error('nothing was sent');
      suspects.push([last.from, last.to]);
      sender = opened(closed(sender, [last.from, last.to]), sender.have, 4, 0);
      if (close === 2) sender = acked(sender, { upTo: 2, ranges: [] }, 4, 0);
    }
    expect(suspects).toEqual([
      [1, 3],
      [1, 3],
      [1, 3],
      [3, 3],
      [3, 3],
    ]);
    expect(mustSetAside(sender, 3, limits)).toBe(true);
    expect(mustSetAside(sender, 2, limits)).toBe(false);
    expect(nextSpan(sender, 9, limits)).toEqual({ from: 3, to: 3, tries: 0 });
  });
});

describe('a receiver', () => {
  it.each([
    ['the next row', 6, 'next', { upTo: 6, ranges: [[8, 9]] }],
    ['a row again', 4, 'duplicate', { upTo: 5, ranges: [[8, 9]] }],
    [
      'a row beyond a hole',
      12,
      'beyond',
      {
        upTo: 5,
        ranges: [
          [8, 9],
          [12, 12],
        ],
      },
    ],
    ['a row that makes a range longer', 10, 'beyond', { upTo: 5, ranges: [[8, 10]] }],
    ['a row of a range again', 9, 'duplicate', { upTo: 5, ranges: [[8, 9]] }],
  ])('%s', (_, seq, fate, after) => {
    const have: Have = { upTo: 5, ranges: [[8, 9]] };
    expect(fateOf(have, seq)).toBe(fate);
    expect(received(have, seq)).toEqual(after);
  });

  it('has the rows beyond a hole as soon as it is filled', () => {
    expect(
      received(
        {
          upTo: 5,
          ranges: [
            [7, 9],
            [11, 12],
          ],
        },
        6,
      ),
    ).toEqual({ upTo: 9, ranges: [[11, 12]] });
  });

  it('acknowledges no further than its rejections fit', () => {
    const rejected = Array.from({ length: 3_300 }, (_, i) => ({ seq: 2 * i + 1, code: 'BAD_BODY' }));
    const ack = acknowledgement({ upTo: 9_000, ranges: [] }, rejected);
    expect(ack.upTo).toBe(6_400);
    expect(ack.rejected).toHaveLength(3_200);
  });

  it('repeats the rejections of everything that can still be in flight', () => {
    expect(repeatFrom(1_000, 4, sendLimits)).toBeLessThanOrEqual(1_000 - 4 * 50);
    expect(repeatFrom(10, 4, sendLimits)).toBe(1);
  });
});

/** One end sends 1…rows to the other over a wire that loses, doubles and reorders, and is cut now and then. */
function play(rows: number, keeps: boolean, chances: readonly number[]): { applied: number[]; sender: Sender } {
  let step = 0;
  const chance = () => (step < chances.length ? (chances[step++] ?? 0) : 99);
  let sender = newSender(0);
  let have = nothing;
  const applied: number[] = [];
  const kept = new Set<number>();
  let wire: Span[] = [];
  let acks: Have[] = [];
  let nowMs = 0;

  const take = (seq: number) => {
    const fate = fateOf(have, seq);
    if (fate === 'duplicate' || (fate === 'beyond' && !keeps)) return;
    kept.add(seq);
    have = received(have, seq);
    for (let next = (applied.at(-1) ?? 0) + 1; next <= have.upTo; next++) {
      if (!kept.has(next)) throw new Error(`row ${next} is acknowledged and was never here`);
      applied.push(next);
    }
  };
  const reopen = () => {
    wire = [];
    acks = [];
    sender = opened(closed(sender, null), have, 3, nowMs);
  };
  /** 0–19 lost, 20–29 doubled, 30–49 late, else arrives. */
  const carry = <M>(messages: readonly M[]): { arrive: M[]; later: M[] } => {
    const arrive: M[] = [];
    const later: M[] = [];
    for (const message of messages) {
      const luck = chance();
      if (luck < 20) continue;
      (luck >= 30 && luck < 50 ? later : arrive).push(message);
      if (luck < 30) arrive.push(message);
    }
    return { arrive, later };
  };

  reopen();
  for (let turn = 0; turn < 4_000 && sender.have.upTo < rows; turn++) {
    if (chance() < 3) reopen();
    sender = expired(sender, nowMs, limits);
    const filled = fill(sender, rows, nowMs);
    sender = filled.sender;
    const data = carry([...wire, ...filled.spans]);
    for (const span of data.arrive) {
      for (let seq = span.from; seq <= span.to; seq++) take(seq);
      acks.push(have);
    }
    wire = data.later;
    const back = carry(acks);
    for (const ack of back.arrive) sender = acked(sender, ack, 3, nowMs);
    acks = back.later;
    nowMs += 700;
  }
  return { applied, sender };
}

describe('fault 5: data and acknowledgements lost, doubled, reordered, stale', () => {
  it.each([
    ['that keeps rows beyond a hole', true],
    ['that does not', false],
  ])('every row is applied once and in order by a receiver %s, and nothing is left to send', (_, keeps) => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.array(fc.integer({ min: 0, max: 99 }), { maxLength: 400 }),
        (rows, chances) => {
          const { applied, sender } = play(rows, keeps, chances);
          expect(applied).toEqual(Array.from({ length: rows }, (__, i) => i + 1));
          expect(nextSpan(sender, rows, limits)).toBeNull();
          expect(sender.inFlight).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  });
});
