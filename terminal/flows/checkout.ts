import { at } from '../base/crash-points.ts';
import { fen } from '../base/money.ts';
import { createPayment } from '../payments/create-payment.ts';
import { kinds } from '../payments/kinds.ts';
import type { CardFacts, Payment } from '../payments/payment.ts';
import { reversalsDue } from '../payments/queries.ts';
import { currentBatch } from '../settlement/queries.ts';
import { requireSoundDevices } from './abnormal-device.ts';
import { askCashier } from './ask-cashier.ts';
import { askCard, isStopped, type PaymentDialog } from './ask-customer.ts';
import { mostRecords } from './batch-limits.ts';
import { withReader } from './card-at-idle.ts';
import { cardFacts } from './card-facts.ts';
import { charge, stop, stopWithCard } from './charge.ts';
import { requireRightClock } from './clock.ts';
import type { CardToConfirm, SaleOutcome } from './counter.ts';
import { type ForCustomer, showCustomer } from './customer-display.ts';
import { deliverReversals } from './deliver-reversals.ts';
import { requireOnline } from './host-link.ts';
import type { Order, Presented } from './order.ts';
import { requireOwnCategory } from './own-category.ts';
import { printSale } from './print.ts';
import { recover } from './recover.ts';
import { checkCard } from './risk-check.ts';
import { transactionView } from './views.ts';
import { changed, oneAtATime, type World } from './world.ts';

/**
 * A transaction from the typed amount to the slip (design.md, "A sale, file by file"). Two or three commits: the intent, the result, the print.
 * 取消 before the request has left forgets it; afterwards it is reversed, never just forgotten. One that was left by 取消 may still be
 * ending when the next one is started: the next one waits for the reader, but not for the slip.
 */
export async function checkout(world: World, order: Order, dialog: PaymentDialog): Promise<SaleOutcome> {
  const done = await oneAtATime(world, 'sale', () =>
    order.withCard ? withReader(world, () => sell(world, order, dialog)) : sell(world, order, dialog),
  ).finally(() => order.card?.erase());
  if ('kind' in done) return done;
  dialog.progress({ at: 'printing' });
  const printProblem = await printSale(world, done, false);
  changed(world);
  return { kind: 'approved', txn: transactionView(world.db, done), printProblem };
}

/** The approved payment, or how it ended without one. Nothing of it stays on the customer's side but an approval. */
async function sell(world: World, order: Order, dialog: PaymentDialog): Promise<Payment | SaleOutcome> {
  await reversalsFirst(world, dialog);
  if (dialog.signal.aborted) return { kind: 'stopped', why: 'cancelled' };
  requireSoundDevices(world);
  requireOnline(world);
  requireRightClock(world);
  if (!kinds[order.txn].needsSupervisor) requireOwnCategory(world);
  let done: Payment | SaleOutcome | undefined;
  try {
    done = await running(world, intend(world, order), (payment) => sellOne(world, payment, order, dialog));
    return done;
  } finally {
    if (done && !('kind' in done)) showCustomer(world, farewell(done));
    else if (order.withCard) showCustomer(world, { is: 'welcome' });
  }
}

const farewell = ({ txn, amountFen, discountFen }: Payment): ForCustomer =>
  discountFen > 0
    ? { is: 'discount', amountFen: amountFen + discountFen, discountFen }
    : { is: 'approved', txn, amountFen };

/** Due reversals go before any other request (payments.md, Reversal 3); what lost its process is reversed first of all. */
export async function reversalsFirst(
  world: World,
  { signal, progress }: Pick<PaymentDialog, 'signal' | 'progress'>,
): Promise<void> {
  recover(world);
  const waitMs = world.config.limits.reversalWaitMs;
  if (reversalsDue(world.db).length > 0) progress({ at: 'reversal', untilMs: world.clock.now() + waitMs });
  await deliverReversals(world, waitMs, signal);
}

/** An intent that no flow waits for has lost its process (recover.ts). */
export async function running<T>(world: World, payment: Payment, work: (payment: Payment) => Promise<T>): Promise<T> {
  const { running: payments } = world.session;
  payments.add(payment.no);
  try {
    return await work(payment);
  } finally {
    payments.delete(payment.no);
    changed(world);
  }
}

function intend(world: World, { txn, user, amount, original, authCode, approvedBy }: Order): Payment {
  const { maxAmountFen } = world.config.limits;
  return createPayment(world.db, world, {
    txn,
    amount,
    user,
    original,
    originAuthCode: authCode,
    approvedBy,
    batch: batchForIntent(world),
    maxAmountFen: fen(maxAmountFen),
    maxRecords: mostRecords(world),
  });
}

/** A batch that is being closed is said so, also after a restart, when nothing is signed in yet. */
export function batchForIntent({ db, session }: Pick<World, 'db' | 'session'>) {
  const current = currentBatch(db);
  const batch = session.signedIn || current?.state !== 'OPEN' ? current : undefined;
  return batch && { ...batch, open: batch.state === 'OPEN' };
}

async function sellOne(
  world: World,
  payment: Payment,
  order: Order,
  dialog: PaymentDialog,
): Promise<Payment | SaleOutcome> {
  if (!order.withCard) return chargeOne(world, payment, { ...order, facts: undefined }, dialog);
  const card = order.card ?? (await askCard(world, payment, order.fallback ?? false, dialog));
  if (isStopped(card)) {
    stop(world, payment, card.why);
    return card;
  }
  const presented = { ...order, card, facts: cardFacts(card, world.cardHashKey) };
  try {
    at('sale.card-read');
    const warning = await checkCard(world, payment, presented);
    const why = await refusal(world, { ...presented.facts, warning }, dialog);
    if (why) return await stopWithCard(world, payment, presented, { kind: 'stopped', why });
    return await chargeOne(world, payment, presented, dialog);
  } finally {
    card.erase();
  }
}

function chargeOne(
  world: World,
  payment: Payment,
  order: Presented,
  dialog: PaymentDialog,
): Promise<Payment | SaleOutcome> {
  if (dialog.signal.aborted) return stopWithCard(world, payment, order, { kind: 'stopped', why: 'cancelled' });
  return charge(world, payment, order, dialog, (work) => running(world, intend(world, order), work));
}

/** Asks the cashier, who sees card and amount; no yes is a no (faces.md, cashier rule 5). Undefined: it goes on. */
async function refusal(
  world: World,
  { card, entry, warning }: Pick<CardFacts, 'card' | 'entry'> & { readonly warning: CardToConfirm['warning'] },
  { signal, confirm }: PaymentDialog,
): Promise<'cancelled' | 'confirm-timeout' | undefined> {
  const waitMs = world.config.limits.cardWaitMs;
  const answered = await askCashier(world, { waitMs, signal }, (untilMs) =>
    confirm({ card, entry, untilMs, ...(warning && { warning }) }),
  );
  if (answered === 'timeout') return 'confirm-timeout';
  return typeof answered === 'object' && answered.said ? undefined : 'cancelled';
}
