/**
 * What the demo says, one value for each thing that happened. `--json` writes them as lines; for a person `tell.ts` puts them into words. Amounts
 * are fen.
 */
export type DemoEvent =
  | ChapterEvent
  | NoteEvent
  | SaleEvent
  | TransactionEvent
  | DoneEvent
  | SlipsEvent
  | CloseEvent
  | SettleEvent
  | StatementEvent
  | BillEvent
  | LedgerEvent
  | AccountsEvent
  | AuditEvent
  | ResultEvent;

interface Words {
  readonly zh: string;
  readonly en: string;
}

/** A part of the day begins. */
export interface ChapterEvent extends Words {
  readonly kind: 'chapter';
}

/** What is about to be tried, or what somebody at the host did. */
export interface NoteEvent extends Words {
  readonly kind: 'note';
}

export interface SaleEvent {
  readonly kind: 'sale';
  readonly stan: string;
  readonly batch: string;
  readonly amountFen: number;
  readonly feeFen: number;
  readonly entry: string;
  readonly card: string;
  /** What the screen ended with. */
  readonly end: string;
  /** What the book has in the end: an unknown outcome is reversed by then. */
  readonly state: string;
  readonly code: string | undefined;
}

/** Every other transaction. */
export interface TransactionEvent extends Omit<SaleEvent, 'kind'> {
  readonly kind: 'transaction';
  /** As the terminal names it: void, refund, preauth … */
  readonly type: string;
}

/** What is not a transaction: a list, a backup, a sign-off … */
export interface DoneEvent extends Words {
  readonly kind: 'done';
  readonly what: string;
  readonly ok: boolean;
}

/** Paper that came out of the printer since the last of these. */
export interface SlipsEvent {
  readonly kind: 'slips';
  readonly slips: readonly (readonly string[])[];
}

export interface CloseEvent {
  readonly kind: 'close';
  readonly batch: string;
  readonly verdict: string;
}

export interface SettleEvent {
  readonly kind: 'settle';
  readonly no: string;
  readonly amountFen: number;
  readonly account: string;
  readonly state: string;
  readonly reason: string | undefined;
}

/** The statement 对账单 of a day: opening + in - out = closing, of the available balance. */
export interface StatementEvent {
  readonly kind: 'statement';
  readonly no: string;
  readonly date: string;
  readonly lines: number;
  readonly openingFen: number;
  readonly inFen: number;
  readonly outFen: number;
  readonly closingFen: number;
}

/** The bill 账单 of the host for a day, compared line by line. */
export interface BillEvent {
  readonly kind: 'bill';
  readonly date: string;
  readonly state: string;
  readonly rows: number;
  readonly matched: number;
  readonly differences: number;
}

export interface LedgerEvent {
  readonly kind: 'ledger';
  readonly ok: boolean;
  readonly journals: number;
  readonly ledgerSumFen: number;
}

/** The trial balance 试算平衡表. */
export interface AccountsEvent {
  readonly kind: 'accounts';
  readonly rows: readonly (Words & {
    readonly code: string;
    readonly side: 'D' | 'C';
    readonly balanceFen: number;
  })[];
  readonly debitFen: number;
  readonly creditFen: number;
}

/** Both books held against each other; no problem is the good end. */
export interface AuditEvent {
  readonly kind: 'audit';
  readonly problems: readonly string[];
}

/** Of the sales by card. */
export interface SalesCount {
  readonly approved: number;
  readonly declined: number;
  readonly reversed: number;
  readonly undecided: number;
}

export interface BatchResult {
  readonly batch: string;
  readonly verdict: 'balanced' | 'not-balanced' | 'none';
  /** The host booked or rejected every record that it named, and both lists agree. */
  readonly resolved: boolean;
  readonly records: number;
  readonly sumFen: number;
}

export interface SettlementResult {
  readonly no: string;
  readonly state: string;
  readonly amountFen: number;
  readonly accountVersion: number;
  readonly reason?: string;
}

export interface DayFigures {
  readonly sales: SalesCount;
  /** Approved sales by how the card was read. */
  readonly entries: Readonly<Record<string, number>>;
  /** What stands in the end, by type: charges, voids, refunds, holds. */
  readonly kinds: Readonly<Record<string, number>>;
  readonly sums: {
    /** Sales by card. */
    readonly salesFen: number;
    /** Everything that was charged, and what of it went back. */
    readonly chargedFen: number;
    readonly givenBackFen: number;
    readonly feesFen: number;
    readonly settledFen: number;
  };
  readonly batches: readonly BatchResult[];
  readonly settlements: readonly SettlementResult[];
  readonly ledgerSumFen: number;
  /** Charges, amounts given back and holds that the cashier saw approved and a book does not have. */
  readonly lost: number;
  /** Those in a book beyond what the cashier saw approved. */
  readonly doubled: number;
}

/** The last line. `ok`: everything held, and the exit status is 0. */
export interface ResultEvent extends DayFigures {
  readonly kind: 'result';
  readonly ok: boolean;
  readonly slips: number;
  readonly problems: readonly string[];
  readonly seconds: number;
}
