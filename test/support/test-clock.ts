/** A clock that a test turns by hand: nothing happens until `advance`, and then in the order of time. Fits every folder's `Clock`. */
export interface TestClock {
  now(): number;
  after(ms: number, fn: () => void): () => void;
  /** Moves time on by `ms`, runs what is due on the way, and lets promises settle after each step. */
  advance(ms: number): Promise<void>;
  /** Sets the wall clock without running timers: a jump of the device's clock. */
  jump(ms: number): void;
  pending(): number;
}

interface Timer {
  readonly due: number;
  readonly order: number;
  readonly fn: () => void;
}

/** Lets promise chains and setImmediate callbacks run; real I/O of the same turn gets its chance too. */
export async function settle(turns = 5): Promise<void> {
  for (let i = 0; i < turns; i++) await new Promise<void>((resolve) => setImmediate(resolve));
}

export function testClock(startMs = Date.UTC(2026, 10, 20, 2, 0, 0)): TestClock {
  let elapsed = 0;
  let offset = startMs;
  let order = 0;
  const timers = new Set<Timer>();

  const nextDue = (until: number): Timer | undefined =>
    [...timers].filter((t) => t.due <= until).sort((a, b) => a.due - b.due || a.order - b.order)[0];

  return {
    now: () => offset + elapsed,
    after(ms, fn) {
      const timer = { due: elapsed + Math.max(0, ms), order: order++, fn };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    async advance(ms) {
      const until = elapsed + ms;
      await settle();
      for (let timer = nextDue(until); timer; timer = nextDue(until)) {
        timers.delete(timer);
        elapsed = Math.max(elapsed, timer.due);
        timer.fn();
        await settle();
      }
      elapsed = until;
    },
    jump(ms) {
      offset += ms;
    },
    pending: () => timers.size,
  };
}
