import type { CodeAnswer, CodeInstrument } from '../../sync/protocol/code-requests.ts';
import { assert } from '../base/assert.ts';
import { audit } from '../base/audit.ts';
import type { Clock } from '../base/clock.ts';
import { at } from '../base/crash-points.ts';
import { type Database, inTransaction, type Tx } from '../base/database.ts';
import { finishWork, schedule } from '../base/due-work.ts';
import { TerminalError } from '../base/errors.ts';
import { fen, zeroFen } from '../base/money.ts';
import type { Random } from '../base/random.ts';
import { receivableOf } from '../ledger/accounts.ts';
import { feeOf } from '../ledger/fee.ts';
import { cleared, saleSucceeded } from '../ledger/journal.ts';
import { postAll } from '../ledger/post-all.ts';
import { authorise } from '../users/roles.ts';
import { checkAmount, type Intent, newPayment } from './create-payment.ts';
import { faultWork } from './fault-slip.ts';
import { takeHold } from './freeze.ts';
import { next, type Payment } from './payment.ts';
import { checkSaleRisk } from './risk.ts';
import { sendRecord } from './send-record.ts';
import { getInState, getOpen, insertPayment, updateAnswered } from './store.ts';

/**
 * A code sale (扫码支付; sync/protocol/code-requests.ts). Its only life is the order with the payment's number, so nothing is ever reversed: what is in doubt
 * is UNKNOWN, queried, and in the end closed by number.
 */

/** Due work: the order of this payment is to be asked after. */
export const codeWork = 'code';

/** So long in doubt, and it has a fault slip. */
const faultAfterMs = 120_000;

/** Commits the intent. FORBIDDEN, INVALID_AMOUNT, SIGN_IN_REQUIRED, BATCH_CLOSING, BATCH_FULL, RISK_BLOCKED, REVERSAL_PENDING. */
export function createCodeSale(
  db: Database,
  world: { readonly clock: Clock; readonly random: Random },
  intent: Omit<Intent, 'txn' | 'original' | 'approvedBy'> & { readonly instrument: CodeInstrument | null },
): Payment {
  const { user, amount, batch } = intent;
  authorise(user, 'sale');
  checkAmount(amount, intent.maxAmountFen);
  if (!batch) throw new TerminalError('SIGN_IN_REQUIRED');
  if (!batch.open) throw new TerminalError('BATCH_CLOSING', { batch: batch.no });
  if (batch.records >= intent.maxRecords) throw new TerminalError('BATCH_FULL', { limit: intent.maxRecords });
  checkSaleRisk(db, world.clock, amount);
  const due = getInState(db, 'REVERSING').length + getOpen(db).length;
  if (due > 0) throw new TerminalError('REVERSAL_PENDING', { value: due });
  const payment = inTransaction(db, (tx) => {
    const made = newPayment(tx, world, { txn: 'code-sale', user, amount, batch });
    const created: Payment = { ...made, entry: intent.instrument, cardGroup: 'codes', reversal: null };
    insertPayment(tx, created);
    at('code.in-intent');
    return created;
  });
  at('code.after-intent');
  return payment;
}

/** Whether an answer is about this order (payments.md, "Every answer is checked"). One that is paid or may be has its amount; a success all that is needed to book it. */
export const answersCode = (payment: Payment, answer: CodeAnswer): boolean =>
  answer.payment === payment.no &&
  answer.stan === payment.stan &&
  (answer.state !== 'WAITING' || answer.amountFen === payment.askedFen) &&
  (answer.state !== 'SUCCESS' ||
    (answer.amountFen === payment.askedFen &&
      answer.discountFen < answer.amountFen &&
      answer.rate !== null &&
      answer.cleared &&
      (answer.instrument ?? payment.entry) !== null));

/** The order has ended, or it has not: WAITING and NOT_FOUND leave it in doubt. */
export const isEnd = ({ state }: CodeAnswer): boolean => state !== 'WAITING' && state !== 'NOT_FOUND';

/** Stores how the order ended: paid (J-01, and J-03 at once), closed, or paid and given back. `next` says ILLEGAL_STATE when it had ended before. */
export function recordCodeEnd(tx: Tx, atMs: number, payment: Payment, answer: CodeAnswer): Payment {
  assert(isEnd(answer), 'an order that has ended');
  finishWork(tx, codeWork, payment.no);
  finishWork(tx, faultWork, payment.no);
  return answer.state === 'SUCCESS' ? recordPaid(tx, atMs, payment, answer) : recordNotPaid(tx, atMs, payment, answer);
}

function recordPaid(tx: Tx, atMs: number, payment: Payment, answer: CodeAnswer): Payment {
  const { rate } = answer;
  const entry = answer.instrument ?? payment.entry;
  assert(rate && entry, 'a success names its rate, and its instrument is known');
  const grossFen = fen(answer.amountFen - answer.discountFen);
  const paid: Payment = {
    ...payment,
    state: next(payment, ...sent(payment), 'approved', 'clear'),
    amountFen: grossFen,
    discountFen: fen(answer.discountFen),
    feeFen: feeOf(grossFen, rate),
    rateId: rate.id,
    entry,
    code: answer.code,
    rrn: answer.rrn,
    authCode: answer.voucher ?? null,
    issuer: answer.issuer ?? null,
    acquirer: answer.acquirer ?? null,
    cleared: true,
    endedAt: atMs,
    why: null,
  };
  updateAnswered(tx, paid, undefined);
  const { no: txn, businessDate: date, feeFen, operator } = paid;
  const deed = { at: atMs, by: operator };
  const hold = takeHold(tx, txn);
  const journals = postAll(tx, [
    saleSucceeded({ txn, receivable: receivableOf[entry], date, grossFen }, deed),
    cleared({ txn, grossFen, feeFen, ...(hold && { hold }) }, deed),
  ]);
  write(tx, atMs, paid, { amountFen: grossFen });
  sendRecord(tx, atMs, paid, { state: 'PAID', rate, journals });
  return paid;
}

function recordNotPaid(tx: Tx, atMs: number, payment: Payment, answer: CodeAnswer): Payment {
  const event = answer.state === 'REVOKED' ? 'revoked' : answer.code === '00' ? 'closed' : 'declined';
  const ended: Payment = {
    ...payment,
    state: next(payment, ...sent(payment), event),
    entry: answer.instrument ?? payment.entry,
    code: answer.code,
    rrn: answer.rrn,
    endedAt: atMs,
    why: payment.why ?? event,
    // What was given back counts in no totals.
    reversal: event === 'revoked' ? 'DONE' : null,
  };
  updateAnswered(tx, ended, undefined);
  write(tx, atMs, ended, { ended: answer.state, code: answer.code });
  if (ended.entry) sendRecord(tx, atMs, ended, { state: 'FAILED', rate: null, journals: [] });
  return ended;
}

/** The order may be there and has not ended: it is asked after at `atMs` and later. `why`: how it came into doubt. */
export function recordCodeUnknown(tx: Tx, atMs: number, payment: Payment, why: string, askAtMs: number): Payment {
  schedule(tx, codeWork, payment.no, askAtMs);
  if (payment.state === 'UNKNOWN' && payment.why === why) return payment;
  if (payment.state !== 'UNKNOWN') schedule(tx, faultWork, payment.no, atMs + faultAfterMs);
  const state = payment.state === 'UNKNOWN' ? payment.state : next(payment, 'send', 'no-answer');
  const unknown: Payment = { ...payment, state, why };
  updateAnswered(tx, unknown, undefined);
  write(tx, atMs, unknown, { unknown: why });
  return unknown;
}

/** Nothing was sent. */
export function recordCodeStopped(tx: Tx, atMs: number, payment: Payment, why: string): Payment {
  const stopped: Payment = { ...payment, state: next(payment, 'stop'), why, endedAt: atMs, feeFen: zeroFen };
  updateAnswered(tx, stopped, undefined);
  write(tx, atMs, stopped, { stopped: why });
  return stopped;
}

/** An intent has not been sent yet, as far as its row says. */
const sent = ({ state }: Payment): readonly ['send'] | readonly [] => (state === 'CREATED' ? ['send'] : []);

function write(tx: Tx, atMs: number, p: Payment, details: Readonly<Record<string, string | number>>): void {
  const { operator: by, no: about, stan } = p;
  audit(tx, { at: atMs, by, action: 'code-sale', about, outcome: 'ok', details: { ...details, stan } });
}
