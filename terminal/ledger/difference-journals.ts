import { type Fen, fen } from '../base/money.ts';
import { accountKey } from './accounts.ts';
import { credit, type Deed, debit, type Journal, type JournalEvent, journal } from './journal.ts';

/** What a bill of the host has more or less than the book, until it is decided (J-80 to J-84). */

export interface Suspended {
  /** Of the difference. */
  readonly no: string;
  /** The receivable that differs, e.g. `1101:2026-11-20`. */
  readonly channel: string;
  /** What the host has more; below zero less. Never zero. */
  readonly deltaFen: Fen;
}

/** The account on which it stands meanwhile. */
const suspenseOf = ({ no, deltaFen }: Pick<Suspended, 'no' | 'deltaFen'>): string =>
  accountKey(deltaFen > 0 ? '2490' : '1290', no);

/** J-80 长款, J-81 短款. */
export const differenceSuspended = (given: Suspended, deed: Deed): Journal =>
  given.deltaFen > 0
    ? between('J-80', 'diff', given, deed, given.channel, suspenseOf(given))
    : between('J-81', 'diff', given, deed, suspenseOf(given), given.channel);

/** J-82: the suspense is undone: what was missing here is booked next, or the other side was mended. */
export const suspenseUndone = (given: Suspended, deed: Deed): Journal =>
  given.deltaFen > 0
    ? between('J-82', 'undiff', given, deed, suspenseOf(given), given.channel)
    : between('J-82', 'undiff', given, deed, given.channel, suspenseOf(given));

/** J-83: a shortage is borne by upstream. */
export const shortageWrittenOff = (given: Suspended, deed: Deed): Journal =>
  between('J-83', 'diff-lost', given, deed, '5002', suspenseOf(given));

/** J-84: a surplus went back to the payer. */
export const surplusGivenBack = (given: Suspended, deed: Deed): Journal =>
  between('J-84', 'diff-back', given, deed, suspenseOf(given), given.channel);

function between(
  event: JournalEvent,
  word: string,
  { no, deltaFen }: Suspended,
  deed: Deed,
  from: string,
  to: string,
): Journal {
  const amountFen = fen(Math.abs(deltaFen));
  return journal(event, `${word}:${no}`, no, deed, [debit(from, amountFen), credit(to, amountFen)]);
}
