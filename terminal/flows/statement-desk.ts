import type { Statement, StatementLine } from '../settlement/statement.ts';
import type { User } from '../users/user.ts';

/** Statements (对账单, B-034, B-036, P-31) and reports (B-039, B-043). Days are calendar days in Shanghai, YYYY-MM-DD. */
export interface StatementDesk {
  /** From the newest day back; a day is there from the next day 10:00 on. INVALID_RANGE. */
  statements(by: User, from: string, to: string): readonly StatementView[];
  /** NOT_FOUND before it is ready; the lines in order, at most `limit` after line `after`. */
  statement(
    by: User,
    date: string,
    limit: number,
    after: number,
  ): { readonly head: StatementView; readonly lines: readonly StatementLine[] };
  /** In slices, so that no sale waits for it; rejects when `signal` is aborted. INVALID_RANGE. A cashier sees what is the own only. */
  report(by: User, from: string, to: string, signal?: AbortSignal): Promise<Report>;
}

export type StatementView = Omit<Statement, 'lastJournal'>;

export interface ReportLine {
  readonly name: string;
  readonly count: number;
  readonly grossFen: number;
  readonly refundCount: number;
  readonly refundFen: number;
  readonly feeFen: number;
  readonly netFen: number;
}

/** The same payments and refunds, added up four ways; the totals of each are equal. Void and reversed ones are not in it. */
export interface Report {
  readonly from: string;
  readonly to: string;
  readonly byDay: readonly ReportLine[];
  readonly byInstrument: readonly ReportLine[];
  readonly byOperator: readonly ReportLine[];
  /** The newest 500. */
  readonly settlements: readonly {
    readonly no: string;
    readonly day: string;
    readonly amountFen: number;
    readonly state: string;
  }[];
  /** All of them. */
  readonly bySettlement: readonly {
    readonly day: string;
    readonly state: string;
    readonly count: number;
    readonly amountFen: number;
  }[];
  readonly total: ReportLine;
}
