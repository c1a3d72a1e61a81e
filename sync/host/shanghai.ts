/** Shanghai is eight hours ahead of UTC and has no summer time, so a day there is plain arithmetic. */
const offsetMs = 8 * 3_600_000;
export const dayMs = 24 * 3_600_000;

/** The calendar day in Shanghai, YYYY-MM-DD. */
export function shanghaiDay(ms: number): string {
  return new Date(ms + offsetMs).toISOString().slice(0, 10);
}

/** Is it a day that exists, written YYYY-MM-DD? */
export function isDay(day: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return false;
  const ms = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day);
}

/** The first millisecond of a day in Shanghai. */
export const dayStart = (day: string): number => Date.parse(`${day}T00:00:00Z`) - offsetMs;
