import { type Fen, subtractFen } from '../base/money.ts';
import { accountKey, type Receivable } from './accounts.ts';
import { credit, type Deed, debit, type Journal, journal } from './journal.ts';

/** What takes a sale back: voids (J-02 …) and refunds (J-06 to J-08). G, F, N, R, f as in accounting.md §3. */

/** Where a cleared payment's money is taken from, and goes back to: the available balance, or what an order holds for its split. */
export type Source = '2002' | `2003:${string}`;

interface Receivables {
  readonly receivable: Receivable;
  /** Business date of the batch in which the void or refund counts. */
  readonly date: string;
}

/** J-02: a sale that had not cleared was voided. No fee ever existed. */
export const saleVoided = (sale: Receivables & { readonly txn: string; readonly grossFen: Fen }, deed: Deed): Journal =>
  journal('J-02', `void:${sale.txn}`, sale.txn, deed, [
    debit(accountKey('2001', sale.txn), sale.grossFen),
    credit(accountKey(sale.receivable, sale.date), sale.grossFen),
  ]);

export interface ClearedVoid {
  /** Number of the void. */
  readonly no: string;
  readonly source: Source;
  readonly grossFen: Fen;
  readonly feeFen: Fen;
}

/** J-02r: the void of a sale that cleared at once was requested: its money is held. INSUFFICIENT_BALANCE where `source` lacks it. */
export const voidRequested = ({ no, source, grossFen, feeFen }: ClearedVoid, deed: Deed): Journal =>
  journal('J-02r', `void:${no}`, no, deed, [
    debit(source, subtractFen(grossFen, feeFen)),
    debit('4001', feeFen),
    credit(accountKey('2302', no), grossFen),
  ]);

/** J-02s: … and succeeded. */
export const voidSucceeded = (
  done: Receivables & { readonly no: string; readonly grossFen: Fen },
  deed: Deed,
): Journal =>
  journal('J-02s', `voided:${done.no}`, done.no, deed, [
    debit(accountKey('2302', done.no), done.grossFen),
    credit(accountKey(done.receivable, done.date), done.grossFen),
  ]);

/** J-02f: … and failed. */
export const voidFailed = ({ no, source, grossFen, feeFen }: ClearedVoid, deed: Deed): Journal =>
  journal('J-02f', `unvoid:${no}`, no, deed, [
    debit(accountKey('2302', no), grossFen),
    credit(source, subtractFen(grossFen, feeFen)),
    credit('4001', feeFen),
  ]);

export interface Refunding {
  /** Number of the refund. */
  readonly no: string;
  readonly amountFen: Fen;
  /** f: the part of the fee that is given back. */
  readonly feeFen: Fen;
}

/** J-06: a refund of what has cleared was reserved. INSUFFICIENT_BALANCE where `source` lacks R − f. */
export const refundReserved = ({ no, amountFen, feeFen }: Refunding, source: Source, deed: Deed): Journal =>
  journal('J-06', `refund:${no}`, no, deed, [
    debit(source, subtractFen(amountFen, feeFen)),
    debit('4001', feeFen),
    credit(accountKey('2302', no), amountFen),
  ]);

/** J-06b: a refund of what has not cleared was reserved. */
export const unclearedRefundReserved = ({ no, amountFen }: Refunding, txn: string, deed: Deed): Journal =>
  journal('J-06b', `refund:${no}`, no, deed, [
    debit(accountKey('2001', txn), amountFen),
    credit(accountKey('2302', no), amountFen),
  ]);

/** J-07: the refund succeeded; the channel nets it. */
export const refundSucceeded = ({ no, amountFen }: Refunding, { receivable, date }: Receivables, deed: Deed): Journal =>
  journal('J-07', `refunded:${no}`, no, deed, [
    debit(accountKey('2302', no), amountFen),
    credit(accountKey(receivable, date), amountFen),
  ]);

/** J-08: the refund was refused or failed. `into` a payment that is still not cleared: all of it; else R − f, and the fee is earned again. */
export const refundReleased = (
  { no, amountFen, feeFen }: Refunding,
  into: Source | { readonly uncleared: string },
  deed: Deed,
): Journal =>
  journal('J-08', `unrefund:${no}`, no, deed, [
    debit(accountKey('2302', no), amountFen),
    ...(typeof into === 'string'
      ? [credit(into, subtractFen(amountFen, feeFen)), credit('4001', feeFen)]
      : [credit(accountKey('2001', into.uncleared), amountFen)]),
  ]);
