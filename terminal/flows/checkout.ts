import type { CardData } from '../../drivers/card-reader/card-data.ts';
import { isDeviceError } from '../../drivers/errors.ts';
import type { SaleAnswer } from '../../sync/protocol/requests.ts';
import { assert } from '../base/assert.ts';
import { at } from '../base/crash-points.ts';
import { inTransaction } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { type Fen, fen } from '../base/money.ts';
import { createSale } from '../payments/create-sale.ts';
import type { CardFacts, Payment } from '../payments/payment.ts';
import { reversalsDue } from '../payments/queries.ts';
import { recordStopped } from '../payments/record-answer.ts';
import { currentBatch } from '../settlement/queries.ts';
import type { User } from '../users/user.ts';
import { cardFacts, sealAndErase } from './card-facts.ts';
import type { CardToConfirm, SaleOutcome, SaleStep } from './counter.ts';
import { deliverReversals } from './deliver-reversals.ts';
import { askHost, requireOnline } from './host-link.ts';
import { printSale } from './print.ts';
import { recordSaleAnswer, recordUnknownSale } from './record-answer.ts';
import { recover } from './recover.ts';
import { transactionView } from './views.ts';
import { changed, oneAtATime, type World } from './world.ts';

/** What a sale needs of the face: 取消, where it has got to, and the cashier's yes. */
interface SaleDialog {
  readonly signal: AbortSignal;
  readonly progress: (step: SaleStep) => void;
  readonly confirm: (ask: CardToConfirm) => Promise<boolean>;
}

type Stopped = Extract<SaleOutcome, { kind: 'stopped' }>;

/**
 * A sale from the typed amount to the slip (design.md, "A sale, file by file"). Two or three commits: the intent, the result, the print.
 * 取消 before the request has left forgets the sale; afterwards it is reversed, never just forgotten. A sale that was left by 取消 may still be
 * ending when the next one is started: the next one waits for the reader, but not for the slip.
 */
export async function checkout(world: World, user: User, amount: Fen, dialog: SaleDialog): Promise<SaleOutcome> {
  const sold = await oneAtATime(world, 'sale', () => sell(world, user, amount, dialog));
  if ('kind' in sold) return sold;
  dialog.progress({ at: 'printing' });
  const printProblem = await printSale(world, sold, false);
  changed(world);
  return { kind: 'approved', txn: transactionView(sold), printProblem };
}

/** The approved payment, or how the sale ended without one. */
async function sell(world: World, user: User, amount: Fen, dialog: SaleDialog): Promise<Payment | SaleOutcome> {
  recover(world); // a sale whose answer could not be stored is reversed before another begins
  const waitMs = world.config.limits.reversalWaitMs;
  if (reversalsDue(world.db).length > 0) dialog.progress({ at: 'reversal', untilMs: world.clock.now() + waitMs });
  await deliverReversals(world, waitMs, dialog.signal);
  if (dialog.signal.aborted) return { kind: 'stopped', why: 'cancelled' };
  requireOnline(world);
  const payment = intend(world, user, amount);
  world.session.running.add(payment.no);
  try {
    const card = await readCard(world, payment, dialog);
    if ('kind' in card) return stop(world, payment, card);
    try {
      return await charge(world, payment, card, dialog);
    } finally {
      card.erase();
    }
  } finally {
    world.session.running.delete(payment.no);
    changed(world);
  }
}

function intend(world: World, user: User, amount: Fen): Payment {
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

async function charge(
  world: World,
  payment: Payment,
  card: CardData,
  dialog: SaleDialog,
): Promise<Payment | SaleOutcome> {
  const facts = cardFacts(card, world.cardHashKey);
  at('sale.card-read');
  const why = await refusal(world, facts, dialog);
  if (why) return stop(world, payment, { kind: 'stopped', why });
  const answer = await authorise(world, payment, card, facts, dialog);
  if (answer === 'offline') {
    inTransaction(world.db, (tx) => recordStopped(tx, world.clock.now(), payment, answer));
    throw new TerminalError('OFFLINE');
  }
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
  answer: SaleAnswer | 'no-answer' | 'cancelled',
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
function stop(world: World, payment: Payment, outcome: Stopped): Stopped {
  inTransaction(world.db, (tx) => recordStopped(tx, world.clock.now(), payment, outcome.why));
  return outcome;
}

async function readCard(world: World, payment: Payment, dialog: SaleDialog): Promise<CardData | Stopped> {
  const timeoutMs = world.config.limits.cardWaitMs;
  dialog.progress({ at: 'card', untilMs: world.clock.now() + timeoutMs });
  try {
    return await world.reader.readCard({ amountFen: payment.amountFen, type: 'sale', timeoutMs }, dialog.signal);
  } catch (error) {
    if (!isDeviceError(error)) throw error;
    return stopped(error.code, String(error.details['reason'] ?? error.code));
  }
}

/** Asks the cashier, who sees card and amount; no yes is a no (faces.md, cashier rule 5). Undefined: the request may leave. */
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

function stopped(code: string, detail: string): Stopped {
  switch (code) {
    case 'CANCELLED':
      return { kind: 'stopped', why: 'cancelled' };
    case 'CARD_TIMEOUT':
      return { kind: 'stopped', why: 'card-timeout' };
    case 'CARD_UNREADABLE':
      return { kind: 'stopped', why: 'card-unreadable', detail };
    default:
      return { kind: 'stopped', why: 'reader', detail };
  }
}

/** The host's answer; otherwise why there is none. From here on the customer may be charged. */
async function authorise(
  world: World,
  payment: Payment,
  card: CardData,
  facts: CardFacts,
  { signal, progress }: SaleDialog,
): Promise<SaleAnswer | 'no-answer' | 'cancelled' | 'offline'> {
  const waitMs = world.config.limits.hostWaitMs;
  progress({ at: 'host', untilMs: world.clock.now() + waitMs, card: facts.card });
  const request = {
    kind: 'sale',
    payment: payment.no,
    stan: payment.stan,
    batch: payment.batch,
    operator: payment.operator,
    amountFen: payment.amountFen,
    entry: facts.entry,
    card: sealAndErase(world, payment.no, card),
  } as const;
  return askHost(world, payment.no, request, { waitMs, signal, sent: () => at('sale.after-send') });
}

function unknown(world: World, payment: Payment, why: 'no-answer' | 'bad-answer' | 'cancelled'): SaleOutcome {
  assert(payment.state === 'REVERSING', 'a sale without a trusted answer is being reversed');
  changed(world); // the due-work loop takes the reversal from here
  return { kind: 'unknown', txn: transactionView(payment), why };
}
