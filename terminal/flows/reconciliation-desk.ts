import type { DifferenceKind } from '../../sync/protocol/bills.ts';
import type { User } from '../users/user.ts';

/** 对账 for operators (B-032). Runs and differences are made by the bills that come down; people look, examine and explain. Adjusting is decided upstream by two persons. */
export interface ReconciliationDesk {
  /** The newest day first. */
  runs(by: User, limit: number): readonly RunView[];
  /** The newest day first, `before` the number of the last one seen. */
  differences(by: User, open: boolean, limit: number, before?: string): readonly DifferenceView[];
  /** NOT_FOUND. */
  byNo(by: User, no: string): DifferenceView;
  /**
   * FOUND → INVESTIGATING. EXPLAINED with a text ends what has no money in suspense; of the rest it is what the operator proposes: two persons upstream decide (P-28).
   * FORBIDDEN, NOT_FOUND, ILLEGAL_STATE, REASON_REQUIRED.
   */
  examine(by: User, no: string, finding: 'investigating' | 'explained', text: string): void;
}

/** Reconciliation run: OPEN → MATCHING → BALANCED | DIFFERENCES → RESOLVED. `problem`: why the bill could not be used; the day is blocked until another comes. */
export interface RunView {
  readonly date: string;
  readonly version: number;
  readonly state: 'OPEN' | 'MATCHING' | 'BALANCED' | 'DIFFERENCES' | 'RESOLVED' | 'BLOCKED';
  readonly rows: number;
  readonly matched: number;
  readonly differences: number;
  readonly openDifferences: number;
  readonly problem: string | undefined;
  readonly at: number;
}

export interface DifferenceView {
  readonly no: string;
  readonly date: string;
  readonly kind: DifferenceKind | 'clearing';
  readonly state: 'FOUND' | 'INVESTIGATING' | 'ADJUSTED' | 'EXPLAINED';
  readonly payment: string | undefined;
  readonly batch: string | undefined;
  readonly here: string;
  readonly there: string;
  readonly hereFen: number;
  readonly thereFen: number;
  readonly deltaFen: number;
  readonly finding: string | undefined;
  readonly decision: string | undefined;
  /** The two persons upstream. */
  readonly decidedBy: string | undefined;
  readonly approvedBy: string | undefined;
  /** Decided, but not booked yet: so much has to be available for its refund (`needsFen`), or a sale or refund that is under way has to end. */
  readonly waits: { readonly needsFen: number | undefined } | undefined;
  readonly at: number;
}
