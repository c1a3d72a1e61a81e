import type { Clock } from '../clock.ts';

/** A telephone held still is read again and again; the same code within this time of its first reading is that reading. */
const SAME_READING_MS = 300;
const MOST_REMEMBERED = 16;

/** Knows which codes were read a moment ago. */
export interface Repeats {
  /** Whether this code is one that was read a moment ago; it is remembered from its first reading on. */
  isRepeat(data: Uint8Array): boolean;
  forget(): void;
}

export function repeats(clock: Clock): Repeats {
  const recent = new Map<string, () => void>();
  const forget = (): void => {
    for (const stop of recent.values()) stop();
    recent.clear();
  };
  return {
    forget,
    isRepeat(data) {
      const code = Buffer.from(data).toString('latin1');
      if (recent.has(code)) return true;
      if (recent.size >= MOST_REMEMBERED) forget();
      recent.set(
        code,
        clock.after(SAME_READING_MS, () => recent.delete(code)),
      );
      return false;
    },
  };
}
