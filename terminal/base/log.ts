import type { Details } from './errors.ts';

/** One log line: a stable event name and flat details. Whoever makes the logger passes the details through safe-text. */
export type Log = (level: 'info' | 'warn' | 'error', event: string, details?: Details) => void;
