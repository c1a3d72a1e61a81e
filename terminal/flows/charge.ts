import type { PinBlock } from '../../drivers/pin-pad/pin-block.ts';
import type { CardAnswer } from '../../sync/protocol/card-requests.ts';
import type { Sealed } from '../../sync/protocol/sealed.ts';
import { assert } from '../base/assert.ts';
import { at } from '../base/crash-points.ts';
import { inTransaction } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { fen } from '../base/money.ts';
import { category } from '../payments/category.ts';
import type { Payment } from '../payments/payment.ts';
import { answersPayment, isApproval, recordStopped, type WhyUnknown } from '../payments/record-answer.ts';
import { askCashier } from './ask-cashier.ts';
import { askPin, isStopped, type PaymentDialog, type Stopped } from './ask-customer.ts';
import { sealAndErase } from './card-facts.ts';
import type { SaleOutcome } from './counter.ts';
import { showCustomer } from './customer-display.ts';
import { askHost } from './host-link.ts';
import { type Presented, requestFor } from './order.ts';
import { recordAnswer, recordUnanswered } from './record-answer.ts';
import { chipAgrees, dismissChip } from './tell-chip.ts';
import { verify } from './verify.ts';
import { transactionView } from './views.ts';
import { changed, type World } from './world.ts';

/** From the PIN to the booked answer: the same for every transaction that is asked of the host with a STAN and a reversal. */

/** Why there is no answer to be booked. */
type NoAnswer = Exclude<WhyUnknown, 'bad-answer' | 'restart'>;

/** A wrong PIN is asked for again in place (payments.md, code 55); issuers stop at three. */
const mostPins = 3;

/** `again` begins another payment, with a number and a STAN of its own, when the PIN was wrong. */
export async function charge(
  world: World,
  payment: Payment,
  order: Presented,
  dialog: PaymentDialog,
  again: (work: (payment: Payment) => Promise<Payment | SaleOutcome>) => Promise<Payment | SaleOutcome>,
  tries = 1,
): Promise<Payment | SaleOutcome> {
  const pin = await pinFor(world, payment, order, tries > 1, dialog);
  if (isStopped(pin)) return stopWithCard(world, payment, order, pin);
  // A chip or a card held to the reader makes a new proof for each request: it is read again.
  const mayAskAgain = pin !== undefined && order.card?.entry === 'MAG' && tries < mostPins;
  const answer = await authorise(world, payment, order, { pin, keepCard: mayAskAgain }, dialog);
  if (answer === 'offline') {
    stop(world, payment, answer);
    await dismissChip(world, order.facts?.entry);
    throw new TerminalError('OFFLINE');
  }
  const ended = await conclude(world, payment, order, answer, dialog);
  if (!mayAskAgain || !('kind' in ended) || ended.kind !== 'declined' || ended.code !== '55') return ended;
  return again((next) => charge(world, next, order, dialog, again, tries + 1));
}

/** A completion charges what was agreed already; a void asks by parameter, whatever the card wants. */
async function pinFor(
  world: World,
  payment: Payment,
  { txn, card, withPin }: Presented,
  again: boolean,
  dialog: PaymentDialog,
): Promise<PinBlock | Stopped | undefined> {
  const takesPin = txn === 'sale' || txn === 'preauth' || withPin === true;
  return takesPin && card ? askPin(world, { ...payment, always: withPin === true }, card, again, dialog) : undefined;
}

/** The host's answer; otherwise why there is none. From here on the customer may be charged. */
async function authorise(
  world: World,
  payment: Payment,
  order: Presented,
  secrets: { readonly pin: PinBlock | undefined; readonly keepCard: boolean },
  dialog: PaymentDialog,
): Promise<CardAnswer | NoAnswer | 'offline'> {
  const { card } = order;
  const sealed = card ? sealAndErase(world, payment.no, { card, ...secrets }) : null;
  const send = (otp?: string) => ask(world, payment, order, { sealed, otp }, dialog);
  const answer = await send();
  return typeof answer === 'string' ? answer : verify(world, payment, answer, dialog, send);
}

function ask(
  world: World,
  payment: Payment,
  order: Presented,
  { sealed, otp }: { readonly sealed: Sealed | null; readonly otp: string | undefined },
  { signal, progress }: PaymentDialog,
): Promise<CardAnswer | 'no-answer' | 'cancelled' | 'offline'> {
  const waitMs = world.config.limits.hostWaitMs;
  progress({ at: 'host', untilMs: world.clock.now() + waitMs, card: order.facts?.card ?? payment.card ?? '' });
  if (order.withCard) showCustomer(world, { is: 'wait', txn: payment.txn, amountFen: payment.askedFen });
  const request = requestFor(payment, order, sealed, { otp, mcc: category(world.db) ?? undefined });
  return askHost(world, payment.no, request, { waitMs, signal, sent: () => at('sale.after-send') });
}

/** Customer and chip have their say before an approval is booked; the chip is let go after anything else was. */
async function conclude(
  world: World,
  payment: Payment,
  order: Presented,
  answer: CardAnswer | NoAnswer,
  dialog: PaymentDialog,
): Promise<Payment | SaleOutcome> {
  const { facts } = order;
  const approval =
    typeof answer !== 'string' && isApproval(answer) && answersPayment(payment, answer) ? answer : undefined;
  const agreed = approval ? await agree(world, payment, order, approval, dialog) : 'agreed';
  const ended = bookOrReverse(world, payment, order, agreed === 'agreed' ? answer : agreed);
  if (!approval || agreed === 'part-refused')
    await dismissChip(world, facts?.entry, typeof answer === 'string' ? undefined : answer.code);
  return ended;
}

async function agree(
  world: World,
  payment: Payment,
  { facts }: Presented,
  answer: CardAnswer,
  dialog: PaymentDialog,
): Promise<'agreed' | NoAnswer> {
  if (answer.code === '10' && !(await partAccepted(world, payment, answer, dialog)))
    return dialog.signal.aborted ? 'cancelled' : 'part-refused';
  return facts ? chipAgrees(world, facts, answer.code, dialog) : 'agreed';
}

/** Only a yes is a yes: what nobody accepts is given back (sync/protocol/card-requests.ts). */
async function partAccepted(
  world: World,
  { askedFen }: Payment,
  answer: CardAnswer,
  { signal, acceptPart }: PaymentDialog,
): Promise<boolean> {
  const [approvedFen, discountFen] = [fen(answer.approvedFen), fen(answer.discountFen)];
  showCustomer(world, { is: 'part', amountFen: askedFen, approvedFen, discountFen });
  const waitMs = world.config.limits.cardWaitMs;
  const answered = await askCashier(world, { waitMs, signal }, (untilMs) =>
    acceptPart({ askedFen, approvedFen, discountFen, untilMs }),
  );
  return typeof answered === 'object' && answered.said === true;
}

function bookOrReverse(
  world: World,
  payment: Payment,
  order: Presented,
  answer: CardAnswer | NoAnswer,
): Payment | SaleOutcome {
  try {
    return book(world, payment, order, answer);
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
    // The answer is lost to the book: the intent stands, and its reversal becomes due as soon as there is room (recover.ts).
    world.log('error', 'answer-not-stored', { payment: payment.no, code: error.code });
    return { kind: 'unknown', txn: transactionView(world.db, payment), why: 'not-stored' };
  }
}

/** Stores what the host said, or that it said nothing. Throws DISK_FULL, DATABASE_BUSY. */
function book(
  world: World,
  payment: Payment,
  { facts }: Presented,
  answer: CardAnswer | NoAnswer,
): Payment | SaleOutcome {
  if (typeof answer === 'string') return unknown(world, recordUnanswered(world, payment, facts, answer), answer);
  at('sale.answered');
  const recorded = recordAnswer(world, payment, facts, answer);
  world.link.wake();
  changed(world);
  if (recorded.state === 'REVERSING') return unknown(world, recorded, 'bad-answer');
  if (recorded.state === 'FAILED') {
    if (answer.code === '77') world.session.signedIn = false; // batch numbers differ: signs in again by itself
    return { kind: 'declined', txn: transactionView(world.db, recorded), code: answer.code };
  }
  return recorded;
}

function unknown(world: World, payment: Payment, why: NoAnswer | 'bad-answer'): SaleOutcome {
  assert(payment.state === 'REVERSING', 'what has no answer to be trusted is being reversed');
  changed(world); // the due-work loop takes the reversal from here
  return { kind: 'unknown', txn: transactionView(world.db, payment), why };
}

/** Nothing was sent: the intent is closed without a reversal. */
export function stop(world: World, payment: Payment, why: string): void {
  const stopped = inTransaction(world.db, (tx) => {
    const recorded = recordStopped(tx, world.clock.now(), payment, why);
    at('sale.in-stop');
    return recorded;
  });
  at('sale.after-stop');
  if (stopped.original !== null) world.link.wake(); // what a void had held may be told
}

export async function stopWithCard(
  world: World,
  payment: Payment,
  { facts }: Presented,
  outcome: Stopped,
): Promise<Stopped> {
  stop(world, payment, outcome.why);
  await dismissChip(world, facts?.entry);
  return outcome;
}
