import type { CardData } from '../../drivers/card-reader/card-data.ts';
import type { PinBlock } from '../../drivers/pin-pad/pin-block.ts';
import { audit } from '../base/audit.ts';
import { inTransaction } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { newId } from '../base/ids.ts';
import { fen, zeroFen } from '../base/money.ts';
import { takeStan } from '../payments/store.ts';
import { authorise } from '../users/roles.ts';
import type { User } from '../users/user.ts';
import { requireSoundDevices } from './abnormal-device.ts';
import { askCard, askPin, isStopped, type PaymentDialog } from './ask-customer.ts';
import { withReader } from './card-at-idle.ts';
import { cardFacts, sealAndErase } from './card-facts.ts';
import { reversalsFirst } from './checkout.ts';
import type { BalanceOutcome } from './counter.ts';
import { showCustomer } from './customer-display.ts';
import { requireNoReversal } from './decided.ts';
import { askHost, requireOnline } from './host-link.ts';
import { dismissChip } from './tell-chip.ts';
import { oneAtATime, type World } from './world.ts';

/**
 * 余额查询. What the host says is shown and never stored; no money moves, so nothing is reversed. Due reversals go first, as before every request.
 * DEVICE_ABNORMAL, OFFLINE, FORBIDDEN, SIGN_IN_REQUIRED, REVERSAL_PENDING.
 */
export function balance(world: World, user: User, fallback: boolean, dialog: PaymentDialog): Promise<BalanceOutcome> {
  authorise(user, 'balance');
  return oneAtATime(world, 'sale', () => withReader(world, () => inquire(world, user, fallback, dialog)));
}

async function inquire(world: World, user: User, fallback: boolean, dialog: PaymentDialog): Promise<BalanceOutcome> {
  await reversalsFirst(world, dialog);
  if (dialog.signal.aborted) return { kind: 'stopped', why: 'cancelled' };
  requireSoundDevices(world);
  requireOnline(world);
  requireNoReversal(world);
  if (!world.session.signedIn) throw new TerminalError('SIGN_IN_REQUIRED');
  let said: BalanceOutcome | undefined;
  try {
    const card = await askCard(world, { askedFen: zeroFen }, fallback, dialog);
    if (isStopped(card)) return card;
    try {
      said = await askFor(world, user, card, dialog);
      return said;
    } finally {
      card.erase();
      await dismissChip(world, card.entry);
    }
  } finally {
    showCustomer(world, said?.kind === 'shown' ? { is: 'balance', balanceFen: said.balanceFen } : { is: 'welcome' });
  }
}

/** A wrong PIN is asked for again, of a stripe; a chip makes one proof only. */
async function askFor(
  world: World,
  user: User,
  card: CardData,
  dialog: PaymentDialog,
  tries = 1,
): Promise<BalanceOutcome> {
  const pin = await askPin(world, { askedFen: zeroFen }, card, tries > 1, dialog);
  if (isStopped(pin)) return pin;
  const mayAskAgain = pin !== undefined && card.entry === 'MAG' && tries < 3;
  const answer = await askOnce(world, user, card, { pin, keepCard: mayAskAgain }, dialog);
  if (mayAskAgain && answer.kind === 'declined' && answer.code === '55')
    return askFor(world, user, card, dialog, tries + 1);
  return answer;
}

async function askOnce(
  world: World,
  user: User,
  card: CardData,
  secrets: { readonly pin: PinBlock | undefined; readonly keepCard: boolean },
  { signal, progress }: PaymentDialog,
): Promise<BalanceOutcome> {
  const { db, clock, random, config } = world;
  const { entry, card: masked } = cardFacts(card, world.cardHashKey);
  const payment = newId(clock, random);
  const stan = inTransaction(db, (tx) => {
    const taken = takeStan(tx);
    const about = { by: user.no, action: 'balance', about: payment, outcome: 'ok' } as const;
    audit(tx, { at: clock.now(), ...about, details: { stan: taken, card: masked } });
    return taken;
  });
  const waitMs = config.limits.hostWaitMs;
  progress({ at: 'host', untilMs: clock.now() + waitMs, card: masked });
  showCustomer(world, { is: 'wait', amountFen: zeroFen });
  const request = { payment, stan, operator: user.no, entry, card: sealAndErase(world, payment, { card, ...secrets }) };
  const answer = await askHost(world, payment, { kind: 'balance', ...request }, { waitMs, signal });
  if (answer === 'offline') throw new TerminalError('OFFLINE');
  if (answer === 'cancelled') return { kind: 'stopped', why: 'cancelled' };
  if (answer === 'no-answer' || answer.payment !== payment || answer.stan !== stan) return { kind: 'no-answer' };
  if (answer.code !== '00' || answer.balanceFen === null) return { kind: 'declined', code: answer.code };
  return { kind: 'shown', balanceFen: fen(answer.balanceFen), card: masked };
}
