import { type TurnableClock, turnableClock } from '../support/turnable-clock.ts';

/** The real time, in which a wait of a certain length can be over at once: nothing else is hurried, so nothing depends on how busy the machine is. */
export interface HastyClock extends TurnableClock {
  /** Ends every wait that was begun for so many milliseconds. */
  runOut(ms: number): void;
}

export function hastyClock(): HastyClock {
  const clock = turnableClock();
  const waits = new Set<{ readonly ms: number; readonly end: () => void }>();
  return {
    ...clock,
    after(ms, fn) {
      const wait = {
        ms,
        end: () => {
          forget();
          fn();
        },
      };
      const stop = clock.after(ms, wait.end);
      const forget = () => {
        waits.delete(wait);
        stop();
      };
      waits.add(wait);
      return forget;
    },
    runOut(ms) {
      for (const wait of [...waits]) if (wait.ms === ms) wait.end();
    },
  };
}
