const FIRST_MS = 200;
const LONGEST_MS = 5_000;
const SHORTEST_MS = 10;

/** How long to wait before attempt number `attempt` (from 0) to connect again: exponential, with full jitter of `random` (0 ≤ r < 1). */
export function backOffMs(attempt: number, random: () => number): number {
  const limit = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
  return Math.max(SHORTEST_MS, Math.floor(random() * limit));
}
