import type { CardAnswer } from '../../sync/protocol/card-requests.ts';
import { assert } from '../base/assert.ts';
import { audit } from '../base/audit.ts';
import type { Tx } from '../base/database.ts';
import type { Details } from '../base/errors.ts';
import { fen, zeroFen } from '../base/money.ts';
import { receivableOf } from '../ledger/accounts.ts';
import { feeOf } from '../ledger/fee.ts';
import { cleared, type Journal, saleSucceeded } from '../ledger/journal.ts';
import { postAll } from '../ledger/post-all.ts';
import { takeHold } from './freeze.ts';
import { kinds } from './kinds.ts';
import { changeOriginal, releaseOriginal, scheduleExpiry } from './originals.ts';
import { type CardFacts, next, type Payment } from './payment.ts';
import { sendRecord } from './send-record.ts';
import { updateAnswered, updateEnd } from './store.ts';

/**
 * What the answer to a request, or the lack of one, does. Each runs in the caller's transaction, writes the payment with its reversal cleared or
 * due, what it does to another payment, the journals, the audit line and the row for the host together (payments.md, Reversal 1), and returns the payment as
 * it is now.
 */

/** The host wants a code from the customer first: a question, never the end of a transaction. */
export const wantsCode = '1A';

export const isApproval = ({ code }: { readonly code: string }): boolean => code === '00' || code === '10';

/**
 * Whether an answer is the one that was asked for: kind, payment, STAN, amount (payments.md). Otherwise it counts as none. All of the amount is approved
 * with 00, of a sale a part of it with 10; only a sale may have a discount; what takes money has a rate.
 */
export function answersPayment(payment: Payment, answer: CardAnswer): boolean {
  if (answer.kind !== payment.txn || answer.payment !== payment.no || answer.stan !== payment.stan) return false;
  if (!isApproval(answer)) return answer.code !== wantsCode;
  const { amountFen, approvedFen, discountFen, rate } = answer;
  const takesMoney = kinds[payment.txn].side === 'debit';
  return (
    amountFen === payment.askedFen &&
    (answer.code === '00'
      ? approvedFen === amountFen
      : payment.txn === 'sale' && approvedFen > 0 && approvedFen < amountFen) &&
    (discountFen === 0 || (payment.txn === 'sale' && discountFen < approvedFen)) &&
    (takesMoney ? rate !== null : !answer.cleared) &&
    (answer.kind !== 'preauth' || answer.validUntil !== null)
  );
}

/** Approved. Money in: J-01, and J-03 at once when the host says that it cleared. A void: J-02 or J-02s. */
export function recordApproved(
  tx: Tx,
  atMs: number,
  payment: Payment,
  card: CardFacts | undefined,
  answer: CardAnswer,
): Payment {
  const { rate } = answer;
  const takesMoney = kinds[payment.txn].side === 'debit';
  assert(!takesMoney || rate, 'an approval that takes money names its fee rate');
  const amountFen = fen(answer.approvedFen - answer.discountFen);
  const isCleared = takesMoney && answer.cleared;
  const done: Payment = {
    ...answered(payment, card, answer, atMs),
    state: next(payment, 'send', 'approved', ...(isCleared ? (['clear'] as const) : [])),
    amountFen,
    discountFen: fen(answer.discountFen),
    feeFen: rate ? feeOf(amountFen, rate) : zeroFen,
    rateId: rate?.id ?? null,
    cleared: payment.cleared || isCleared,
    validUntil: answer.kind === 'preauth' ? answer.validUntil : null,
  };
  updateAnswered(tx, done, card);
  const journals = [...postAll(tx, takesMoney ? moneyIn(tx, done, atMs) : []), ...changeOriginal(tx, atMs, done)];
  scheduleExpiry(tx, done);
  write(tx, atMs, done, { amountFen: done.amountFen });
  sendRecord(tx, atMs, done, { state: takesMoney ? 'PAID' : done.txn === 'preauth' ? 'HELD' : 'DONE', rate, journals });
  return done;
}

/** Declined by the host: nothing is booked, nothing is due, and what a void had locked stands as before. */
export function recordDeclined(
  tx: Tx,
  atMs: number,
  payment: Payment,
  card: CardFacts | undefined,
  answer: CardAnswer,
): Payment {
  const failed: Payment = { ...answered(payment, card, answer, atMs), state: next(payment, 'send', 'declined') };
  updateAnswered(tx, failed, card);
  const journals = releaseOriginal(tx, atMs, failed);
  write(tx, atMs, failed, { declined: answer.code });
  sendRecord(tx, atMs, failed, { state: 'FAILED', rate: answer.rate, journals });
  return failed;
}

/** Why an answer that could be an approval is not taken as one. */
export type WhyUnknown =
  | 'no-answer'
  | 'bad-answer'
  | 'cancelled'
  | 'card-refused'
  | 'restart'
  /** The customer did not want what was approved of the amount, or could not be verified. */
  | 'part-refused'
  | 'not-verified';

/** The request left, and no answer came that can be trusted or is wanted: the reversal stays due. Unknown is not declined (product.md 2). */
export function recordUnknown(
  tx: Tx,
  atMs: number,
  payment: Payment,
  card: CardFacts | undefined,
  why: WhyUnknown,
): Payment {
  const reversing: Payment = {
    ...payment,
    ...facts(card),
    state: next(payment, 'send', why === 'cancelled' ? 'stop' : 'no-answer'),
    why,
    reversal: 'DUE',
  };
  updateAnswered(tx, reversing, card);
  write(tx, atMs, reversing, { unknown: why });
  return reversing;
}

/** Ended before anything was sent: no reversal. The host heard of a void that held money (J-02r), and so hears of its end. */
export function recordStopped(tx: Tx, atMs: number, payment: Payment, why: string): Payment {
  const stopped: Payment = { ...payment, state: next(payment, 'stop'), why, endedAt: atMs, reversal: null };
  updateEnd(tx, stopped);
  const journals = releaseOriginal(tx, atMs, stopped);
  write(tx, atMs, stopped, { stopped: why });
  if (journals.length > 0) sendRecord(tx, atMs, stopped, { state: 'FAILED', rate: null, journals });
  return stopped;
}

const facts = (card: CardFacts | undefined) => card && { entry: card.entry, card: card.card, chip: card.chip };

const answered = (payment: Payment, card: CardFacts | undefined, answer: CardAnswer, atMs: number): Payment => ({
  ...payment,
  ...facts(card),
  cardGroup: answer.group,
  code: answer.code,
  rrn: answer.rrn,
  authCode: answer.authCode,
  issuer: answer.issuer,
  acquirer: answer.acquirer,
  endedAt: atMs,
  reversal: null,
});

function moneyIn(tx: Tx, paid: Payment, atMs: number): readonly Journal[] {
  const deed = { at: atMs, by: paid.operator };
  const { no: txn, businessDate: date, amountFen: grossFen, feeFen, entry } = paid;
  assert(entry, 'what was approved has its entry mode');
  const sale = saleSucceeded({ txn, receivable: receivableOf[entry], date, grossFen }, deed);
  if (!paid.cleared) return [sale];
  const hold = takeHold(tx, txn);
  return [sale, cleared({ txn, grossFen, feeFen, ...(hold && { hold }) }, deed)];
}

function write(tx: Tx, atMs: number, p: Payment, details: Details): void {
  const { stan, original, approvedBy } = p;
  audit(tx, {
    at: atMs,
    by: p.operator,
    action: p.txn,
    about: p.no,
    outcome: 'ok',
    details: { ...details, stan, ...(original !== null && { original }), ...(approvedBy !== null && { approvedBy }) },
  });
}
