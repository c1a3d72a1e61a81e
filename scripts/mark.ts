import { writeSync } from 'node:fs';

/** Tells a parent that measures the start (POS_MARKS=1, figure F3) what has been reached, as a line on descriptor 3. */
export function mark(reached: 'first-screen' | 'ready'): void {
  if (process.env['POS_MARKS'] === '1') writeSync(3, `mark ${reached}\n`);
}
