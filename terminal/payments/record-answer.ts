import type { SaleAnswer } from '../../sync/protocol/requests.ts';
import { send } from '../../sync/stream/send.ts';
import { assert } from '../base/assert.ts';
import { audit } from '../base/audit.ts';
import type { Tx } from '../base/database.ts';
import { type Fen, zeroFen } from '../base/money.ts';
import { feeOf } from '../ledger/fee.ts';
import { cleared, type Journal, saleSucceeded, toWire } from '../ledger/journal.ts';
import { post } from '../ledger/post.ts';
import { type CardFacts, next, type Payment } from './payment.ts';
import { updateAnswered, updateEnd } from './store.ts';

/**
 * What the answer to a sale, or the lack of one, does. Each runs in the caller's transaction, writes the payment with its reversal cleared or
 * due, the journal, the audit line and the row for the host together (payments.md, Reversal 1), and returns the payment as it is now.
 */

/** Whether an answer is the one that was asked for: kind, payment, STAN, amount (payments.md). Otherwise it counts as none. */
export const answersSale = (payment: Payment, answer: SaleAnswer): boolean =>
  answer.payment === payment.no &&
  answer.stan === payment.stan &&
  (answer.code !== '00' || (answer.amountFen === payment.amountFen && answer.rate !== null));

/** Approved: J-01, and J-03 at once when the host says that it cleared. */
export function recordApproved(tx: Tx, atMs: number, payment: Payment, card: CardFacts, answer: SaleAnswer): Payment {
  const { rate } = answer;
  assert(rate, 'an approval names its fee rate');
  const fee: Fen = feeOf(payment.amountFen, rate);
  const state = next(next(payment.state, 'send'), 'approved');
  const paid = answered(payment, card, answer, atMs, {
    state: answer.cleared ? next(state, 'clear') : state,
    feeFen: fee,
    rateId: rate.id,
  });
  const journals = saleJournals(paid, atMs, answer.cleared);
  updateAnswered(tx, paid, card);
  for (const journal of journals) post(tx, journal);
  audit(tx, {
    at: atMs,
    by: payment.operator,
    action: 'sale',
    about: payment.no,
    outcome: 'ok',
    details: { amountFen: payment.amountFen, stan: payment.stan },
  });
  sendRecord(tx, atMs, paid, 'PAID', answer, journals);
  return paid;
}

/** Declined by the host: nothing is booked, nothing is due. */
export function recordDeclined(tx: Tx, atMs: number, payment: Payment, card: CardFacts, answer: SaleAnswer): Payment {
  const state = next(next(payment.state, 'send'), 'declined');
  const failed = answered(payment, card, answer, atMs, { state, feeFen: zeroFen, rateId: null });
  updateAnswered(tx, failed, card);
  audit(tx, {
    at: atMs,
    by: payment.operator,
    action: 'sale',
    about: payment.no,
    outcome: 'ok',
    details: { declined: answer.code, stan: payment.stan },
  });
  sendRecord(tx, atMs, failed, 'FAILED', answer, []);
  return failed;
}

/** The request left, and no answer came that can be trusted, or the chip did not agree: the reversal stays due. Unknown is not declined (product.md 2). */
export function recordUnknown(
  tx: Tx,
  atMs: number,
  payment: Payment,
  card: CardFacts | undefined,
  why: 'no-answer' | 'bad-answer' | 'cancelled' | 'card-refused' | 'restart',
): Payment {
  const reversing: Payment = {
    ...payment,
    ...(card && { entry: card.entry, card: card.card, chip: card.chip }),
    state: next(next(payment.state, 'send'), why === 'cancelled' ? 'stop' : 'no-answer'),
    why,
    reversal: 'DUE',
  };
  updateAnswered(tx, reversing, card);
  audit(tx, {
    at: atMs,
    by: payment.operator,
    action: 'sale',
    about: payment.no,
    outcome: 'ok',
    details: { unknown: why, stan: payment.stan },
  });
  return reversing;
}

/** Ended before anything was sent: no reversal. */
export function recordStopped(tx: Tx, atMs: number, payment: Payment, why: string): Payment {
  const stopped: Payment = { ...payment, state: next(payment.state, 'stop'), why, endedAt: atMs, reversal: null };
  updateEnd(tx, stopped);
  audit(tx, {
    at: atMs,
    by: payment.operator,
    action: 'sale',
    about: payment.no,
    outcome: 'ok',
    details: { stopped: why, stan: payment.stan },
  });
  return stopped;
}

const answered = (
  payment: Payment,
  card: CardFacts,
  answer: SaleAnswer,
  atMs: number,
  { state, feeFen, rateId }: Pick<Payment, 'state' | 'feeFen' | 'rateId'>,
): Payment => ({
  ...payment,
  state,
  feeFen,
  rateId,
  entry: card.entry,
  card: card.card,
  chip: card.chip,
  cardGroup: answer.group,
  code: answer.code,
  rrn: answer.rrn,
  authCode: answer.authCode,
  issuer: answer.issuer,
  acquirer: answer.acquirer,
  endedAt: atMs,
  reversal: null,
});

function saleJournals(paid: Payment, atMs: number, clearedAtOnce: boolean): readonly Journal[] {
  const deed = { at: atMs, by: paid.operator };
  const { no: txn, businessDate: date, amountFen: grossFen, feeFen } = paid;
  const sale = saleSucceeded({ txn, receivable: '1101', date, grossFen }, deed);
  return clearedAtOnce ? [sale, cleared({ txn, grossFen, feeFen }, deed)] : [sale];
}

function sendRecord(
  tx: Tx,
  atMs: number,
  p: Payment,
  state: 'PAID' | 'FAILED',
  answer: SaleAnswer,
  journals: readonly Journal[],
): void {
  assert(p.entry, 'an answered sale has its entry mode');
  send(tx.db, {
    kind: 'payment-recorded',
    id: p.no,
    body: {
      no: p.no,
      at: atMs,
      by: p.operator,
      facts: {
        txn: 'sale',
        state,
        batch: p.batch,
        stan: p.stan,
        amountFen: p.amountFen,
        feeFen: p.feeFen,
        rate: answer.rate,
        entry: p.entry,
        group: answer.group,
        card: p.card,
        rrn: p.rrn,
        authCode: p.authCode,
        code: p.code,
        cleared: answer.cleared && state === 'PAID',
      },
      journals: journals.map(toWire),
    },
  });
}
