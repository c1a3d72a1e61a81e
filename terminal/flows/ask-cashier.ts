import type { World } from './world.ts';

/**
 * Asks whoever stands at the face. Nobody answers for `waitMs`: `timeout`; `signal` is 取消. By hand: Node 20 never lets go of an AbortSignal.any that
 * somebody listens to, which is 3 KB a sale.
 */
export async function askCashier<T>(
  { clock }: Pick<World, 'clock'>,
  { waitMs, signal }: { readonly waitMs: number; readonly signal: AbortSignal },
  ask: (untilMs: number) => Promise<T>,
): Promise<{ readonly said: T } | 'cancelled' | 'timeout'> {
  if (signal.aborted) return 'cancelled';
  let release = () => {};
  const ended = new Promise<'cancelled' | 'timeout'>((resolve) => {
    const cancelled = () => resolve('cancelled');
    const stopWaiting = clock.after(waitMs, () => resolve('timeout'));
    signal.addEventListener('abort', cancelled);
    release = () => {
      stopWaiting();
      signal.removeEventListener('abort', cancelled);
    };
  });
  try {
    const answered = ask(clock.now() + waitMs).then((said) => ({ said }));
    const how = await Promise.race([answered, ended]);
    return signal.aborted ? 'cancelled' : how;
  } finally {
    release();
  }
}
