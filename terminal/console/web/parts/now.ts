import { useEffect, useState } from 'react';
import { every, nowMs } from '../browser.ts';

/** The time, read again every `everyMs` while the page shows it. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(nowMs);
  useEffect(() => every(everyMs, () => setNow(nowMs())), [everyMs]);
  return now;
}
