/**
 * Time as this folder sees it. The real clock is made by the program that starts everything; a test passes one it can turn.
 * `now` is milliseconds since 1970 (UTC); `after` runs `fn` once, `ms` later, unless the returned function was called before.
 */
export interface Clock {
  now(): number;
  after(ms: number, fn: () => void): () => void;
}

/** Resolves after `ms` of `clock`; at once, and without an error, when `signal` is aborted. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      cancel();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.after(ms, done);
    signal?.addEventListener('abort', done);
  });
}
