import { type Fen, sumFen } from '../base/money.ts';
import { accountKey, type Receivable } from './accounts.ts';
import { credit, type Deed, debit, type Journal, journal } from './journal.ts';

/** What upstream holds back and takes back (J-09 to J-12). freezes.ts works out the amounts. */

/** J-09: the n-th part of a freeze. */
export const frozen = (freeze: string, n: number, amountFen: Fen, deed: Deed): Journal =>
  journal('J-09', `frz:${freeze}:${n}`, freeze, deed, [
    debit('2002', amountFen),
    credit(accountKey('2004', freeze), amountFen),
  ]);

/** J-10: what a freeze still held is available again. */
export const unfrozen = (freeze: string, amountFen: Fen, deed: Deed): Journal =>
  journal('J-10', `unfrz:${freeze}`, freeze, deed, [
    debit(accountKey('2004', freeze), amountFen),
    credit('2002', amountFen),
  ]);

export interface ChargedBack {
  readonly no: string;
  readonly receivable: Receivable;
  readonly date: string;
  /** What the freeze of the payment held of it, and what was available; the rest is owed. */
  readonly freeze: string | null;
  readonly fromFrozenFen: Fen;
  readonly fromAvailableFen: Fen;
  readonly owedFen: Fen;
}

/** J-11: a charge-back was lost (退单): the only place where 1202 arises. */
export function chargedBack(given: ChargedBack, deed: Deed): Journal {
  const { no, receivable, date, freeze, fromFrozenFen, fromAvailableFen, owedFen } = given;
  return journal('J-11', `cb:${no}`, no, deed, [
    ...(freeze === null ? [] : [debit(accountKey('2004', freeze), fromFrozenFen)]),
    debit('2002', fromAvailableFen),
    debit('1202', owedFen),
    credit(accountKey(receivable, date), sumFen([fromFrozenFen, fromAvailableFen, owedFen])),
  ]);
}

/** J-12: what was owed is recovered from income, at once after the journal `cause`. */
export const recovered = (cause: Journal, amountFen: Fen): Journal =>
  journal('J-12', `rec:${cause.key}`, cause.no, cause, [debit('2002', amountFen), credit('1202', amountFen)]);
