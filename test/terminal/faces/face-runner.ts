import { Runner } from '../../../terminal/screens/run.ts';
import type { TestClock } from '../../support/test-clock.ts';
import { WaitingCounter } from '../screens/waiting-counter.ts';

/** The simulated printer's paper. */
export function paper() {
  const listeners = new Set<(lines: readonly string[]) => void>();
  return {
    onSlip(listener: (lines: readonly string[]) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    print(...lines: readonly string[]) {
      for (const listener of listeners) listener(lines);
    },
  };
}

/** A runner for faces to show, at log-on. */
export function faceRunner(clock: TestClock) {
  const counter = new WaitingCounter();
  const runner = new Runner({
    counter,
    clock,
    onBug: (error) => {
      throw error;
    },
  });
  runner.start();
  return { runner, counter };
}
