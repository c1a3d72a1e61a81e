import { useEffect, useState } from 'react';
import { afterMs, nowMs } from '../browser.ts';

/** The time, read again every `everyMs` while the page shows it. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(nowMs);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each reading sets the next
  useEffect(() => afterMs(everyMs, () => setNow(nowMs())), [now, everyMs]);
  return now;
}
