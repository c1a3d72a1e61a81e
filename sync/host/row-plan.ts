import type { Effects } from './effects.ts';

/**
 * What a row from a terminal will do, found out by reading only: so a `HostReject` comes before anything is written. `expected` are the
 * postings that the host computed itself; `apply` runs after the row's journals are in the mirror.
 */
export interface RowPlan {
  readonly expected: Effects;
  readonly apply: () => Promise<void>;
}
