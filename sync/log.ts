/** One log line: a stable event name and flat details that hold no payload. Fits the logger of the program that starts everything. */
export type Log = (
  level: 'info' | 'warn' | 'error',
  event: string,
  details?: Readonly<Record<string, string | number | boolean>>,
) => void;
