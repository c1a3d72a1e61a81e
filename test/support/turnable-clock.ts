import { systemClock } from '../../terminal/base/clock.ts';

/** The real time, which a test can move on: what is due on the way runs in its order, each thing at its own time. */
export interface TurnableClock {
  now(): number;
  after(ms: number, fn: () => void): () => void;
  advance(ms: number): Promise<void>;
}

interface Timer {
  readonly due: number;
  readonly fn: () => void;
  cancelReal: () => void;
}

/** Between two timers what the first caused may happen, as far as it needs no time: files, sockets of this process. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}

export function turnableClock(startMs: number = systemClock.now()): TurnableClock {
  let offsetMs = startMs - systemClock.now();
  const timers = new Set<Timer>();
  const now = (): number => systemClock.now() + offsetMs;

  const arm = (timer: Timer): void => {
    timer.cancelReal = systemClock.after(Math.max(0, timer.due - now()), () => run(timer));
  };
  const run = (timer: Timer): void => {
    timer.cancelReal();
    if (timers.delete(timer)) timer.fn();
  };
  const nextDue = (until: number): Timer | undefined => {
    let next: Timer | undefined;
    for (const timer of timers) if (timer.due <= until && (!next || timer.due < next.due)) next = timer;
    return next;
  };

  return {
    now,
    after(ms, fn) {
      // Whole milliseconds, as the real time is: whoever asks for a part of one must not move the wall clock by it.
      const timer: Timer = { due: now() + Math.max(0, Math.ceil(ms)), fn, cancelReal: () => undefined };
      timers.add(timer);
      arm(timer);
      return () => {
        timer.cancelReal();
        timers.delete(timer);
      };
    },
    async advance(ms) {
      const until = now() + ms;
      await settle();
      for (let timer = nextDue(until); timer; timer = nextDue(until)) {
        offsetMs += Math.max(0, timer.due - now());
        run(timer);
        await settle();
      }
      offsetMs += Math.max(0, until - now());
      for (const timer of timers) {
        timer.cancelReal();
        arm(timer);
      }
    },
  };
}
