import type { Line } from './effects.ts';

/**
 * What a row from a terminal will do, found out by reading only: so a `HostReject` comes before anything is written. `expected` are the
 * journals that the host computed itself, but for those that follow upon a credit of 2002 (opinion-risk.ts); `apply` runs after the row's journals are
 * in the mirror.
 */
export interface RowPlan {
  readonly expected: readonly (readonly Line[])[];
  /** A freeze that ends with this row: no credit of 2002 goes to it any more. */
  readonly ended?: string | null;
  readonly apply: () => Promise<void>;
}
