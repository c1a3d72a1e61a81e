import type { Fen } from '../base/money.ts';

/** A daily statement (对账单, B-036) of the available balance, 2002: numbered, immutable, its opening the closing of the day before (P-31). */
export interface Statement {
  readonly no: string;
  readonly date: string;
  readonly openingFen: Fen;
  readonly inFen: Fen;
  readonly outFen: Fen;
  readonly closingFen: Fen;
  readonly lines: number;
  /** Over its lines as `lineText` has them. */
  readonly sha256: string;
  /** The last journal that belongs to it: the next statement goes on behind, whatever the times of journals are. */
  readonly lastJournal: number;
  readonly madeAt: number;
}

/** What one journal moved of the available balance. Gross, fee and instrument where a payment or refund is behind it. */
export interface StatementLine {
  readonly line: number;
  readonly at: number;
  readonly event: string;
  readonly no: string;
  readonly type: string;
  readonly instrument: string | null;
  readonly grossFen: number | null;
  readonly feeFen: number | null;
  readonly amountFen: number;
  readonly balanceFen: Fen;
}

/** The same for the same day, also of a book that came back: `ST20261120`. */
export const statementNo = (date: string): string => `ST${date.replaceAll('-', '')}`;

/** What the hash is over: one line of text for each line. */
export const lineText = (l: StatementLine): string =>
  `${JSON.stringify([l.line, l.at, l.event, l.no, l.type, l.instrument, l.grossFen, l.feeFen, l.amountFen, l.balanceFen])}\n`;
