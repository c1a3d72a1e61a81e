import type { Fen } from '../base/money.ts';

/** A shift (班次) of an operator at the counter: from a log-on to 交班. A restart or a log-on of somebody else does not end it. */
export interface Shift {
  readonly id: number;
  readonly operator: string;
  readonly begunAt: number;
  /** The newest payment before it: payments are numbered in order, clocks are set back. */
  readonly afterPayment: number;
  readonly endedAt: number | null;
  /** The operator, or 00 who removed the operator. */
  readonly endedBy: string | null;
  /** How many payments had no end yet; they count in the operator's next shift. */
  readonly undecided: number;
  readonly prints: number;
}

/** What a shift came to in one transaction type with one instrument. */
export interface ShiftTotal {
  readonly txn: string;
  /** MAG, CHIP, CONTACTLESS, QR_…; `-` for what needs none. */
  readonly instrument: string;
  readonly debitCount: number;
  readonly debitFen: Fen;
  readonly creditCount: number;
  readonly creditFen: Fen;
}
