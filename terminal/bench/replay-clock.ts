import type { Clock } from '../base/clock.ts';

/** Lets what was caused happen: promises, and what they cause. */
export async function settled(turns = 20): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}

/** The time of a replay: it moves when the recording does, so that a driver's own time limits come where they came. */
export interface ReplayClock extends Clock {
  /** Runs what is due up to then, in its order. */
  advanceTo(ms: number): Promise<void>;
}

export function replayClock(): ReplayClock {
  let now = 0;
  let order = 0;
  const timers = new Set<{ readonly due: number; readonly order: number; readonly fn: () => void }>();
  const nextDue = (until: number) =>
    [...timers].filter(({ due }) => due <= until).sort((a, b) => a.due - b.due || a.order - b.order)[0];
  return {
    now: () => now,
    after(ms, fn) {
      order += 1;
      const timer = { due: now + Math.max(0, ms), order, fn };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    async advanceTo(ms) {
      await settled();
      for (let timer = nextDue(ms); timer; timer = nextDue(ms)) {
        timers.delete(timer);
        now = Math.max(now, timer.due);
        timer.fn();
        await settled();
      }
      now = Math.max(now, ms);
    },
  };
}
