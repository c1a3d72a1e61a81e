import { assert } from '../base/assert.ts';
import { type Fen, fen, subtractFen } from '../base/money.ts';
import { accountKey, type Receivable, type Side } from './accounts.ts';

/** The business events of accounting.md §3 that are posted. */
export type JournalEvent =
  | 'J-01'
  | 'J-02'
  | 'J-02r'
  | 'J-02s'
  | 'J-02f'
  | 'J-03'
  | 'J-05'
  | 'J-06'
  | 'J-06b'
  | 'J-07'
  | 'J-08'
  | 'J-09'
  | 'J-10'
  | 'J-11'
  | 'J-12'
  | 'J-20'
  | 'J-21'
  | 'J-22'
  | 'J-23'
  | 'J-80'
  | 'J-81'
  | 'J-82'
  | 'J-83'
  | 'J-84';

/** One journal 凭证: one business event, Σ debit = Σ credit. Written once by `post`, never changed. */
export interface Journal {
  /** The idempotency key of accounting.md §3, e.g. `sale:<txnNo>`. */
  readonly key: string;
  readonly event: JournalEvent;
  /** Number of the payment, settlement, … it belongs to. */
  readonly no: string;
  /** Milliseconds since 1970, UTC. */
  readonly at: number;
  /** An operator's number, or SYS. */
  readonly by: string;
  readonly lines: readonly Line[];
}

export interface Line {
  /** `code` or `code:dimensions` (accounts.ts). */
  readonly account: string;
  readonly side: Side;
  readonly amount: Fen;
}

/** Lines of a journal at most: the ids of its entries are 64 × its own id and up. */
export const maxLines = 64;

/** When, and who: an operator's number, or SYS. */
export interface Deed {
  readonly at: number;
  readonly by: string;
}

/** J-01: a sale succeeded. `date` is the business date of its batch; the fee is stored with the payment, not posted. */
export const saleSucceeded = (
  sale: { readonly txn: string; readonly receivable: Receivable; readonly date: string; readonly grossFen: Fen },
  deed: Deed,
): Journal =>
  journal('J-01', `sale:${sale.txn}`, sale.txn, deed, [
    debit(accountKey(sale.receivable, sale.date), sale.grossFen),
    credit(accountKey('2001', sale.txn), sale.grossFen),
  ]);

/**
 * J-03: a payment cleared that no split holds: its net becomes available, its fee is earned. After refunds (J-06b) `grossFen` and `feeFen` are what
 * they left, which is more than zero. `hold`: a freeze that flagged it keeps of the net what it asks for (J-09).
 */
export function cleared(
  payment: {
    readonly txn: string;
    readonly grossFen: Fen;
    readonly feeFen: Fen;
    readonly hold?: { readonly freeze: string; readonly amountFen: Fen };
  },
  deed: Deed,
): Journal {
  const { txn, grossFen, feeFen, hold } = payment;
  const netFen = subtractFen(grossFen, feeFen);
  const heldFen = fen(Math.min(hold?.amountFen ?? 0, netFen));
  return journal('J-03', `clear:${txn}`, txn, deed, [
    debit(accountKey('2001', txn), grossFen),
    credit('2002', subtractFen(netFen, heldFen)),
    ...(hold ? [credit(accountKey('2004', hold.freeze), heldFen)] : []),
    credit('4001', feeFen),
  ]);
}

/** J-05: upstream received the channel's money of a business date, for the n-th time; negative: it had to pay. Nothing for zero. */
export function fundsReceived(
  funds: { readonly receivable: Receivable; readonly date: string; readonly n: number; readonly amountFen: Fen },
  deed: Deed,
): Journal | undefined {
  if (funds.amountFen === 0) return undefined;
  const no = `${funds.receivable}:${funds.date}:${funds.n}`;
  const amountFen = fen(Math.abs(funds.amountFen));
  const [into, from] = ['1001', accountKey(funds.receivable, funds.date)];
  const lines =
    funds.amountFen > 0
      ? [debit(into, amountFen), credit(from, amountFen)]
      : [debit(from, amountFen), credit(into, amountFen)];
  return journal('J-05', `fund:${no}`, no, deed, lines);
}

/** J-20: a settlement was requested: the amount leaves the available balance. */
export const settlementRequested = (
  settlement: { readonly no: string; readonly amountFen: Fen },
  deed: Deed,
): Journal =>
  journal('J-20', `settle:${settlement.no}`, settlement.no, deed, [
    debit('2002', settlement.amountFen),
    credit(accountKey('2005', settlement.no), settlement.amountFen),
  ]);

interface PaidSettlement {
  readonly no: string;
  readonly amountFen: Fen;
  /** d of accounting.md, from the host's result. */
  readonly serviceFeeFen: Fen;
}

/** J-21: the bank paid; upstream keeps the service fee. */
export const settlementSucceeded = (settlement: PaidSettlement, deed: Deed): Journal =>
  journal('J-21', `settled:${settlement.no}`, settlement.no, deed, [
    debit(accountKey('2005', settlement.no), settlement.amountFen),
    credit('1001', paidFen(settlement)),
    credit('4002', settlement.serviceFeeFen),
  ]);

/** J-22: refused, failed or cancelled: the amount is available again. */
export const settlementReleased = (settlement: { readonly no: string; readonly amountFen: Fen }, deed: Deed): Journal =>
  journal('J-22', `unsettle:${settlement.no}`, settlement.no, deed, [
    debit(accountKey('2005', settlement.no), settlement.amountFen),
    credit('2002', settlement.amountFen),
  ]);

/** J-23: the bank sent the money back after success 退票; the service fee stays with upstream. */
export const settlementReturned = (settlement: PaidSettlement, deed: Deed): Journal =>
  journal('J-23', `settle-return:${settlement.no}`, settlement.no, deed, [
    debit('1001', paidFen(settlement)),
    credit('2002', paidFen(settlement)),
  ]);

/** The journal as it travels to the host: `JournalOnWire` of sync/protocol. */
export const toWire = (journal: Journal) => ({
  key: journal.key,
  event: journal.event,
  no: journal.no,
  at: journal.at,
  by: journal.by,
  lines: journal.lines.map((line): [string, Side, number] => [line.account, line.side, line.amount]),
});

/** A − d. The host refuses A ≤ d (FEE_EXCEEDS_AMOUNT), so a success always paid something. */
function paidFen(settlement: PaidSettlement): Fen {
  const paid = subtractFen(settlement.amountFen, settlement.serviceFeeFen);
  assert(settlement.serviceFeeFen >= 0 && paid > 0, 'the service fee is less than the amount');
  return paid;
}

export const debit = (account: string, amount: Fen): Line => ({ account, side: 'D', amount });
export const credit = (account: string, amount: Fen): Line => ({ account, side: 'C', amount });

/** Zero amounts produce no line; a journal without lines is not written (accounting.md §1). */
export function journal(event: JournalEvent, key: string, no: string, deed: Deed, all: readonly Line[]): Journal {
  const lines = all.filter((line) => line.amount !== 0);
  assert(lines.length > 0, 'a journal has lines');
  return { key, event, no, at: deed.at, by: deed.by, lines };
}
