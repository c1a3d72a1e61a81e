/** Time as the terminal sees it; a test passes one that it turns. The same shape as the clocks of `drivers` and `sync`. */
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
  /** Runs `fn` once, `ms` later, unless the returned function was called before. For waiting only: what must survive a restart is a `due_work` row. */
  after(ms: number, fn: () => void): () => void;
}

/** The real clock; made here and nowhere else in `terminal` (design.md, rule 7). */
export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, fn) => {
    if (ms === 0) {
      const turn = setImmediate(fn); // a timer of 0 would wait for a millisecond
      return () => clearImmediate(turn);
    }
    const timer = setTimeout(fn, ms);
    return () => clearTimeout(timer);
  },
};

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

const shanghaiOffsetMs = 8 * hourMs; // no summer time since 1991

/** `2026-11-22` and `01:43:10` in Asia/Shanghai: the clock of every rule and slip. */
export function shanghai(atMs: number): { readonly day: string; readonly time: string } {
  const iso = new Date(atMs + shanghaiOffsetMs).toISOString();
  return { day: iso.slice(0, 10), time: iso.slice(11, 19) };
}

/** When a Shanghai day, `2026-11-22`, begins. */
export const startOfDay = (day: string): number => Date.parse(`${day}T00:00:00Z`) - shanghaiOffsetMs;

/** YYYY-MM-DD; `2026-02-30` is none. */
export const isDay = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(startOfDay(text)) && shanghai(startOfDay(text)).day === text;

/** `n` days after a Shanghai day. */
export const addDays = (day: string, n: number): string => shanghai(startOfDay(day) + n * dayMs).day;
