import type { Clock } from './clock.ts';

/** A long work in steps of some milliseconds each, so that it need not hold up a sale. */
export type Steps<T> = Generator<void, T, void>;

/** All of it at once. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** Step by step; between two of them everything else has its turn. Rejects when `signal` is aborted: nobody waits for it any more. */
export async function finishSlowly<T>(steps: Steps<T>, clock: Clock, signal?: AbortSignal): Promise<T> {
  for (;;) {
    signal?.throwIfAborted();
    const { done, value } = steps.next();
    if (done) return value;
    await new Promise<void>((resolve) => clock.after(0, resolve));
  }
}
