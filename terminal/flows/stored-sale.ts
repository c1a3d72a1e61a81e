import type { CardData } from '../../drivers/card-reader/card-data.ts';
import { inTransaction } from '../base/database.ts';
import { finishWork, schedule, workDueAt } from '../base/due-work.ts';
import { TerminalError } from '../base/errors.ts';
import { type Fen, fen } from '../base/money.ts';
import { adviseCompletion } from '../payments/advice.ts';
import { requireInstrument } from '../payments/instruments.ts';
import type { CardFacts, Payment } from '../payments/payment.ts';
import { paymentByStan } from '../payments/queries.ts';
import { checkRisk, type RiskWarning } from '../payments/risk.ts';
import { eraseWork } from '../payments/stored-result.ts';
import { checkStored, type StoredIntent, storeSale } from '../payments/stored-sale.ts';
import type { User } from '../users/user.ts';
import { requireSoundDevices } from './abnormal-device.ts';
import { askCashier } from './ask-cashier.ts';
import { askCard, isStopped, type PaymentDialog, type Stopped } from './ask-customer.ts';
import { mostRecords } from './batch-limits.ts';
import { withReader } from './card-at-idle.ts';
import { cardFacts, sealAndErase } from './card-facts.ts';
import { batchForIntent } from './checkout.ts';
import { requireRightClock } from './clock.ts';
import { showCustomer } from './customer-display.ts';
import { requireWholeBook } from './host-link.ts';
import { requireOwnCategory } from './own-category.ts';
import { printSale } from './print.ts';
import { recover } from './recover.ts';
import type { StoredOutcome } from './stored-sale-desk.ts';
import { chipAgrees, dismissChip } from './tell-chip.ts';
import { transactionView } from './views.ts';
import { changed, oneAtATime, type World } from './world.ts';

/**
 * An offline sale from the amount to the slip (payments.md). One commit takes it: number, STAN, facts, and the card sealed for the host, which the terminal
 * itself can not read any more. Before that nothing has happened, behind it the stream delivers it and its result comes down.
 */
export async function sellOffline(
  world: World,
  user: User,
  amount: Fen,
  dialog: PaymentDialog,
): Promise<StoredOutcome> {
  const stored = await oneAtATime(world, 'sale', () =>
    withReader(world, () => take(world, intentOf(world, user, amount), dialog)),
  );
  if ('kind' in stored) return stored;
  return finish(world, stored, dialog);
}

/** 预授权完成通知: told, not asked; no card is needed. */
export async function adviseAtCounter(world: World, user: User, stan: string, amount: Fen): Promise<StoredOutcome> {
  const told = await oneAtATime(world, 'sale', async () => {
    recover(world);
    requireSoundDevices(world);
    requireRightClock(world);
    requireWholeBook(world);
    requireOwnCategory(world);
    const held = paymentByStan(world.db, stan);
    if (!held) throw new TerminalError('NOT_FOUND', { what: 'transaction', no: stan });
    return adviseCompletion(world.db, world, { ...intentOf(world, user, amount), original: held.no });
  });
  return finish(world, told);
}

async function finish(world: World, payment: Payment, dialog?: PaymentDialog): Promise<StoredOutcome> {
  world.link.wake();
  changed(world);
  dialog?.progress({ at: 'printing' });
  const printProblem = await printSale(world, payment, false);
  changed(world);
  return { kind: 'stored', txn: transactionView(world.db, payment), printProblem };
}

/** Without a link nobody is signed in after a restart: the batch that is open is enough. */
function intentOf(world: World, user: User, amount: Fen): StoredIntent {
  const { maxAmountFen } = world.config.limits;
  const current = batchForIntent({ ...world, session: { ...world.session, signedIn: true } });
  return { user, amount, batch: current, maxAmountFen: fen(maxAmountFen), maxRecords: mostRecords(world) };
}

async function take(world: World, intent: StoredIntent, dialog: PaymentDialog): Promise<Payment | StoredOutcome> {
  recover(world);
  requireSoundDevices(world);
  requireRightClock(world);
  requireWholeBook(world);
  requireOwnCategory(world);
  checkStored(world.db, world.clock, intent);
  const { amount: askedFen } = intent;
  let taken: Payment | StoredOutcome | undefined;
  try {
    const card = await askCard(world, { askedFen }, false, dialog);
    if (isStopped(card)) return card;
    taken = await takeCard(world, intent, card, dialog).finally(() => card.erase());
    return taken;
  } finally {
    showCustomer(world, taken && !('kind' in taken) ? { is: 'approved', amountFen: askedFen } : { is: 'welcome' });
  }
}

async function takeCard(
  world: World,
  intent: StoredIntent,
  card: CardData,
  dialog: PaymentDialog,
): Promise<Payment | StoredOutcome> {
  const facts = cardFacts(card, world.cardHashKey);
  try {
    checkStored(world.db, world.clock, intent, facts.entry);
    requireInstrument(world.db, facts.entry);
    const warning = checkRisk(world.db, world.clock, facts, intent.amount, undefined);
    // Only the issuer can check this PIN.
    if (card.verification === 'online-pin')
      throw new TerminalError('OFFLINE_NOT_ALLOWED', {
        what: 'offline-entry',
        value: 'PIN',
        limit: 'CHIP/CONTACTLESS',
      });
    const no = await refusal(world, { ...facts, warning }, dialog);
    if (no) return await dismissed(world, facts, no);
    const agreed = await chipAgrees(world, facts, '00', dialog);
    if (agreed === 'cancelled') return { kind: 'stopped', why: 'cancelled' };
    if (agreed !== 'agreed') return { kind: 'card-refused' };
    const secrets = { card, pin: undefined, keepCard: false };
    return storeSale(world.db, world, intent, facts, (payment) => sealAndErase(world, payment, secrets));
  } catch (error) {
    await dismissChip(world, facts.entry);
    throw error;
  }
}

async function dismissed(world: World, { entry }: CardFacts, outcome: Stopped): Promise<Stopped> {
  await dismissChip(world, entry);
  return outcome;
}

async function refusal(
  world: World,
  { card, entry, warning }: CardFacts & { readonly warning: RiskWarning | undefined },
  { signal, confirm }: PaymentDialog,
): Promise<Stopped | undefined> {
  const waitMs = world.config.limits.cardWaitMs;
  const answered = await askCashier(world, { waitMs, signal }, (untilMs) =>
    confirm({ card, entry, untilMs, ...(warning && { warning }) }),
  );
  if (answered === 'timeout') return { kind: 'stopped', why: 'confirm-timeout' };
  return typeof answered === 'object' && answered.said ? undefined : { kind: 'stopped', why: 'cancelled' };
}

/** What was sealed for forwarding goes from the disk as soon as the host has it and its result is here (payments.md, Card data). */
export function eraseForwarded(world: World): void {
  const now = world.clock.now();
  for (const { about } of workDueAt(world.db, now).filter(({ kind }) => kind === eraseWork))
    inTransaction(world.db, (tx) => {
      if (world.outbox.eraseSealed(about)) finishWork(tx, eraseWork, about);
      else schedule(tx, eraseWork, about, now + world.config.limits.reversalRetryMaxMs);
    });
}
