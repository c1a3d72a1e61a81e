import { systemClock } from '../../terminal/base/clock.ts';
import { settle } from './test-clock.ts';

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

interface ArmedTimers {
  after(ms: number, fn: () => void): () => void;
  run(timer: Timer): void;
  /** The first that is due by then. */
  nextDue(until: number): Timer | undefined;
  /** The time is another one: what is due runs as soon as it can, in its order. */
  rearm(): void;
}

function armedTimers(now: () => number): ArmedTimers {
  const timers = new Set<Timer>();
  const run = (timer: Timer): void => {
    timer.cancelReal();
    if (timers.delete(timer)) timer.fn();
  };
  const arm = (timer: Timer): void => {
    timer.cancelReal = systemClock.after(Math.max(0, timer.due - now()), () => run(timer));
  };
  return {
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
    run,
    nextDue(until) {
      let next: Timer | undefined;
      for (const timer of timers) if (timer.due <= until && (!next || timer.due < next.due)) next = timer;
      return next;
    },
    rearm() {
      for (const timer of [...timers].toSorted((a, b) => a.due - b.due)) {
        timer.cancelReal();
        arm(timer);
      }
    },
  };
}

/** The real time, shifted. */
function shiftedTime(startMs: number) {
  let offsetMs = startMs - systemClock.now();
  const now = (): number => systemClock.now() + offsetMs;
  const shift = (ms: number): void => {
    offsetMs += ms;
  };
  return { now, shift };
}

export function turnableClock(startMs: number = systemClock.now()): TurnableClock {
  const { now, shift } = shiftedTime(startMs);
  const timers = armedTimers(now);
  // Between two timers what the first caused may happen, as far as it needs no time: files, sockets of this process.
  const meanwhile = (): Promise<void> => settle(3);
  return {
    now,
    after: timers.after,
    async advance(ms) {
      const until = now() + ms;
      await meanwhile();
      for (let timer = timers.nextDue(until); timer; timer = timers.nextDue(until)) {
        shift(Math.max(0, timer.due - now()));
        timers.run(timer);
        await meanwhile();
      }
      shift(Math.max(0, until - now()));
      timers.rearm();
    },
  };
}

/**
 * Turns the clock until `ending` has ended, and returns what came of it: time runs `speed` times as fast. Where a host, a broker in a process of its own or a disk must answer on the way,
 * not so fast that their answers come too late.
 */
export async function turnUntil<T>(clock: TurnableClock, ending: Promise<T>, speed = 100): Promise<T> {
  let isOver = false;
  const over = (): void => {
    isOver = true;
  };
  ending.then(over, over);
  for (let beforeMs = performance.now(); !isOver; ) {
    await settle();
    const passedMs = Math.floor(performance.now() - beforeMs);
    if (passedMs > 0) await clock.advance(passedMs * (speed - 1));
    beforeMs += passedMs;
  }
  return ending;
}

/** As of a machine that slept: hours are gone at once, and then each thing that became due meanwhile runs once. Set back, nothing waits longer. */
export function leapingClock(startMs: number): TurnableClock {
  const { now, shift } = shiftedTime(startMs);
  const timers = armedTimers(now);
  return {
    now,
    after: timers.after,
    async advance(ms) {
      shift(ms);
      if (ms > 0) timers.rearm();
    },
  };
}

/** Of both programs: hours pass in a moment, and what waits for a timer finds them gone. */
export function passingClock(startMs: number): TurnableClock {
  const { now, shift } = shiftedTime(startMs);
  return { now, after: systemClock.after, advance: async (ms) => shift(ms) };
}
