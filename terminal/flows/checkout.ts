import type { CardData } from '../../drivers/card-reader/card-data.ts';
import type { PinBlock } from '../../drivers/pin-pad/pin-block.ts';
import type { SaleAnswer } from '../../sync/protocol/requests.ts';
import { assert } from '../base/assert.ts';
import { at } from '../base/crash-points.ts';
import { inTransaction } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { type Fen, fen } from '../base/money.ts';
import { createSale } from '../payments/create-sale.ts';
import type { CardFacts, Payment } from '../payments/payment.ts';
import { reversalsDue } from '../payments/queries.ts';
import { answersSale, recordStopped } from '../payments/record-answer.ts';
import { currentBatch } from '../settlement/queries.ts';
import type { User } from '../users/user.ts';
import { askCard, askPin, isStopped, type SaleDialog, type Stopped } from './ask-customer.ts';
import { withReader } from './card-at-idle.ts';
import { cardFacts, sealAndErase } from './card-facts.ts';
import type { SaleOutcome } from './counter.ts';
import { showCustomer } from './customer-display.ts';
import { deliverReversals } from './deliver-reversals.ts';
import { askHost, requireOnline } from './host-link.ts';
import { printSale } from './print.ts';
import { recordSaleAnswer, recordUnknownSale } from './record-answer.ts';
import { recover } from './recover.ts';
import { chipAgrees, dismissChip } from './tell-chip.ts';
import { transactionView } from './views.ts';
import { changed, oneAtATime, type World } from './world.ts';

/** A sale as the cashier asks for it. */
interface Order {
  readonly user: User;
  readonly amount: Fen;
  /** Swiped before the amount was typed. */
  readonly card: CardData | undefined;
  readonly fallback: boolean;
}

/** A sale whose card was read. */
interface Sale extends Order {
  readonly card: CardData;
  readonly facts: CardFacts;
}

type NoAnswer = 'no-answer' | 'cancelled';

/** A wrong PIN is asked for again in place (payments.md, code 55); issuers stop at three. */
const mostPins = 3;

/**
 * A sale from the typed amount to the slip (design.md, "A sale, file by file"). Two or three commits: the intent, the result, the print.
 * 取消 before the request has left forgets the sale; afterwards it is reversed, never just forgotten. A sale that was left by 取消 may still be
 * ending when the next one is started: the next one waits for the reader, but not for the slip.
 */
export async function checkout(world: World, order: Order, dialog: SaleDialog): Promise<SaleOutcome> {
  const sold = await oneAtATime(world, 'sale', () => withReader(world, () => sell(world, order, dialog))).finally(() =>
    order.card?.erase(),
  );
  if ('kind' in sold) return sold;
  dialog.progress({ at: 'printing' });
  const printProblem = await printSale(world, sold, false);
  changed(world);
  return { kind: 'approved', txn: transactionView(sold), printProblem };
}

/** The approved payment, or how the sale ended without one. Nothing of it stays on the customer's side but an approval. */
async function sell(world: World, order: Order, dialog: SaleDialog): Promise<Payment | SaleOutcome> {
  recover(world); // a sale whose answer could not be stored is reversed before another begins
  const waitMs = world.config.limits.reversalWaitMs;
  if (reversalsDue(world.db).length > 0) dialog.progress({ at: 'reversal', untilMs: world.clock.now() + waitMs });
  await deliverReversals(world, waitMs, dialog.signal);
  if (dialog.signal.aborted) return { kind: 'stopped', why: 'cancelled' };
  requireOnline(world);
  let sold: Payment | SaleOutcome | undefined;
  try {
    sold = await running(world, intend(world, order), (payment) => sellOne(world, payment, order, dialog));
    return sold;
  } finally {
    showCustomer(world, sold && !('kind' in sold) ? { is: 'approved', amountFen: order.amount } : { is: 'welcome' });
  }
}

/** An intent that no flow waits for has lost its process (recover.ts). */
async function running<T>(world: World, payment: Payment, work: (payment: Payment) => Promise<T>): Promise<T> {
  const { running: payments } = world.session;
  payments.add(payment.no);
  try {
    return await work(payment);
  } finally {
    payments.delete(payment.no);
    changed(world);
  }
}

function intend(world: World, { user, amount }: Order): Payment {
  const current = currentBatch(world.db);
  // A batch that is being closed is said so, also after a restart, when nothing is signed in yet.
  const batch = world.session.signedIn || current?.state !== 'OPEN' ? current : undefined;
  const { maxAmountFen, maxRecords } = world.config.limits;
  return createSale(world.db, world, {
    amount,
    user,
    batch: batch && { ...batch, open: batch.state === 'OPEN' },
    maxAmountFen: fen(maxAmountFen),
    maxRecords,
  });
}

async function sellOne(
  world: World,
  payment: Payment,
  order: Order,
  dialog: SaleDialog,
): Promise<Payment | SaleOutcome> {
  const card = order.card ?? (await askCard(world, payment, order.fallback, dialog));
  if (isStopped(card)) {
    stop(world, payment, card.why);
    return card;
  }
  const sale: Sale = { ...order, card, facts: cardFacts(card, world.cardHashKey) };
  try {
    at('sale.card-read');
    const why = await refusal(world, sale.facts, dialog);
    if (why) return await stopWithCard(world, payment, sale, { kind: 'stopped', why });
    return await charge(world, payment, sale, dialog, 1);
  } finally {
    card.erase();
  }
}

/** From the PIN to the booked answer. A wrong PIN begins another payment, with a number and a STAN of its own. */
async function charge(
  world: World,
  payment: Payment,
  sale: Sale,
  dialog: SaleDialog,
  tries: number,
): Promise<Payment | SaleOutcome> {
  const pin = await askPin(world, payment, sale.card, tries > 1, dialog);
  if (isStopped(pin)) return stopWithCard(world, payment, sale, pin);
  // A chip or a card held to the reader makes a new proof for each request: it is read again.
  const mayAskAgain = pin !== undefined && sale.card.entry === 'MAG' && tries < mostPins;
  const answer = await authorise(world, payment, sale, { pin, keepCard: mayAskAgain }, dialog);
  if (answer === 'offline') {
    stop(world, payment, answer);
    await dismissChip(world, sale.facts.entry);
    throw new TerminalError('OFFLINE');
  }
  const ended = await conclude(world, payment, sale.facts, answer, dialog);
  if (!mayAskAgain || !('kind' in ended) || ended.kind !== 'declined' || ended.code !== '55') return ended;
  return running(world, intend(world, sale), (next) => charge(world, next, sale, dialog, tries + 1));
}

/** The chip has its say before an approval is booked, and is let go after anything else was. */
async function conclude(
  world: World,
  payment: Payment,
  facts: CardFacts,
  answer: SaleAnswer | NoAnswer,
  dialog: SaleDialog,
): Promise<Payment | SaleOutcome> {
  const approved = typeof answer !== 'string' && answer.code === '00' && answersSale(payment, answer);
  const agreed = approved ? await chipAgrees(world, facts, answer.code, dialog) : 'agreed';
  const ended = bookOrReverse(world, payment, facts, agreed === 'agreed' ? answer : agreed);
  if (!approved) await dismissChip(world, facts.entry, typeof answer === 'string' ? undefined : answer.code);
  return ended;
}

function bookOrReverse(
  world: World,
  payment: Payment,
  facts: CardFacts,
  answer: SaleAnswer | NoAnswer | 'card-refused',
): Payment | SaleOutcome {
  try {
    return book(world, payment, facts, answer);
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
    // The answer is lost to the book: the intent stands, and its reversal becomes due as soon as there is room (recover.ts).
    world.log('error', 'answer-not-stored', { payment: payment.no, code: error.code });
    return { kind: 'unknown', txn: transactionView(payment), why: 'not-stored' };
  }
}

/** Stores what the host said, or that it said nothing. Throws DISK_FULL, DATABASE_BUSY. */
function book(
  world: World,
  payment: Payment,
  facts: CardFacts,
  answer: SaleAnswer | NoAnswer | 'card-refused',
): Payment | SaleOutcome {
  if (typeof answer === 'string') return unknown(world, recordUnknownSale(world, payment, facts, answer), answer);
  at('sale.answered');
  const recorded = recordSaleAnswer(world, payment, facts, answer);
  world.link.wake();
  changed(world);
  if (recorded.state === 'REVERSING') return unknown(world, recorded, 'bad-answer');
  if (recorded.state === 'FAILED') {
    if (answer.code === '77') world.session.signedIn = false; // batch numbers differ: signs in again by itself
    return { kind: 'declined', txn: transactionView(recorded), code: answer.code };
  }
  return recorded;
}

/** Nothing was sent: the intent is closed without a reversal. */
function stop(world: World, payment: Payment, why: string): void {
  inTransaction(world.db, (tx) => recordStopped(tx, world.clock.now(), payment, why));
}

async function stopWithCard(world: World, payment: Payment, { facts }: Sale, outcome: Stopped): Promise<Stopped> {
  stop(world, payment, outcome.why);
  await dismissChip(world, facts.entry);
  return outcome;
}

/** Asks the cashier, who sees card and amount; no yes is a no (faces.md, cashier rule 5). Undefined: the sale goes on. */
async function refusal(
  world: World,
  { card, entry }: CardFacts,
  { signal, confirm }: SaleDialog,
): Promise<'cancelled' | 'confirm-timeout' | undefined> {
  if (signal.aborted) return 'cancelled';
  const waitMs = world.config.limits.cardWaitMs;
  // By hand: Node 20 never lets go of an AbortSignal.any that somebody listens to, which is 3 KB a sale.
  let release = () => {};
  const ended = new Promise<'cancelled' | 'confirm-timeout'>((resolve) => {
    const cancelled = () => resolve('cancelled');
    const stopWaiting = world.clock.after(waitMs, () => resolve('confirm-timeout'));
    signal.addEventListener('abort', cancelled);
    release = () => {
      stopWaiting();
      signal.removeEventListener('abort', cancelled);
    };
  });
  try {
    const said = await Promise.race([confirm({ card, entry, untilMs: world.clock.now() + waitMs }), ended]);
    if (said === true && !signal.aborted) return undefined;
    return said === 'confirm-timeout' ? said : 'cancelled';
  } finally {
    release();
  }
}

/** The host's answer; otherwise why there is none. From here on the customer may be charged. */
async function authorise(
  world: World,
  payment: Payment,
  { card, facts }: Sale,
  secrets: { readonly pin: PinBlock | undefined; readonly keepCard: boolean },
  { signal, progress }: SaleDialog,
): Promise<SaleAnswer | NoAnswer | 'offline'> {
  const waitMs = world.config.limits.hostWaitMs;
  progress({ at: 'host', untilMs: world.clock.now() + waitMs, card: facts.card });
  showCustomer(world, { is: 'wait', amountFen: payment.amountFen });
  const request = {
    kind: 'sale',
    payment: payment.no,
    stan: payment.stan,
    batch: payment.batch,
    operator: payment.operator,
    amountFen: payment.amountFen,
    entry: facts.entry,
    card: sealAndErase(world, payment.no, { card, ...secrets }),
  } as const;
  return askHost(world, payment.no, request, { waitMs, signal, sent: () => at('sale.after-send') });
}

function unknown(world: World, payment: Payment, why: NoAnswer | 'bad-answer' | 'card-refused'): SaleOutcome {
  assert(payment.state === 'REVERSING', 'a sale without a trusted answer is being reversed');
  changed(world); // the due-work loop takes the reversal from here
  return { kind: 'unknown', txn: transactionView(payment), why };
}
