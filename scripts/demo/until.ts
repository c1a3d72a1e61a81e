import { systemClock } from '../../terminal/base/clock.ts';

const look = { everyMs: 20, patienceMs: 10_000 };

/** Resolves when it holds. Throws when that takes too long. */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const endMs = systemClock.now() + look.patienceMs;
  while (!(await holds())) {
    if (systemClock.now() > endMs) throw new Error(`waited too long for ${what}`);
    await new Promise<void>((resolve) => systemClock.after(look.everyMs, resolve));
  }
}
