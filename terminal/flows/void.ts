import { TerminalError } from '../base/errors.ts';
import { type Fen, fen } from '../base/money.ts';
import { parameter } from '../base/parameters.ts';
import { type AskedTxn, checkAmount } from '../payments/create-payment.ts';
import type { Payment } from '../payments/payment.ts';
import { heldPayment, paymentByStan } from '../payments/queries.ts';
import { authorise } from '../users/roles.ts';
import type { User } from '../users/user.ts';
import { requireSoundDevices } from './abnormal-device.ts';
import type { PaymentDialog } from './ask-customer.ts';
import { checkout } from './checkout.ts';
import type { CompletionOf, SaleOutcome } from './counter.ts';
import { requireOnline } from './host-link.ts';
import type { Order } from './order.ts';
import { supervise } from './supervision.ts';
import type { World } from './world.ts';

/** Transactions about another one: void, pre-authorisation void, completion, completion void. */

export type VoidTxn = Extract<AskedTxn, 'void' | 'preauth-void' | 'completion-void'>;

/**
 * Takes all of the payment with this voucher back. The supervisor's secret is asked for first, and nothing happens without it, unless the parameter says that nobody must;
 * by parameter the customer shows the card of the original once more, and knows its PIN. OFFLINE, NOT_FOUND, SECRET_WRONG, OPERATOR_LOCKED, and what createPayment refuses;
 * ILLEGAL_STATE (OTHER_CARD).
 */
export async function takeBack(
  world: World,
  user: User,
  order: {
    readonly txn: VoidTxn;
    readonly stan: string;
    readonly secret: string | undefined;
    readonly fallback: boolean;
  },
  dialog: PaymentDialog,
): Promise<SaleOutcome> {
  const { txn, stan, secret, fallback } = order;
  authorise(user, txn);
  requireSoundDevices(world);
  requireOnline(world);
  const original = byVoucher(world, stan);
  const approvedBy = await supervise(world, user, txn, { secret, about: original.no });
  const about = { original: original.no, amount: original.amountFen, approvedBy };
  return checkout(world, { txn, user, fallback, ...shown(world, txn), ...about }, dialog);
}

/** A PIN is of a card, which must be there for it. */
function shown({ db }: World, txn: VoidTxn): Pick<Order, 'withCard' | 'withPin'> {
  const [card, pin] =
    txn === 'void'
      ? (['void.needsCard', 'void.needsPin'] as const)
      : (['preauth.voidNeedsCard', 'preauth.voidNeedsPin'] as const);
  const withPin = parameter(db, pin);
  return { withCard: withPin || parameter(db, card), withPin };
}

/**
 * Charges a pre-authorisation: one of this terminal by its voucher, without the card; any by its authorisation code and the card.
 * OFFLINE, NOT_FOUND, and what createPayment refuses.
 */
export async function complete(
  world: World,
  user: User,
  order: { readonly of: CompletionOf; readonly amount: Fen; readonly fallback: boolean },
  dialog: PaymentDialog,
): Promise<SaleOutcome> {
  const { of, amount, fallback } = order;
  authorise(user, 'completion');
  requireSoundDevices(world);
  requireOnline(world);
  const common = { txn: 'completion', user, amount, fallback } as const;
  if (of.by === 'voucher') {
    const { no: original } = byVoucher(world, of.stan);
    return checkout(world, { ...common, withCard: false, original }, dialog);
  }
  checkAmount(amount, fen(world.config.limits.maxAmountFen));
  // The host takes it for this terminal's own too, if it is.
  const own = heldPayment(world.db, of.authCode);
  const about = { authCode: of.authCode, ...(own && { original: own.no }) };
  return checkout(world, { ...common, withCard: true, ...about }, dialog);
}

function byVoucher(world: World, stan: string): Payment {
  const payment = paymentByStan(world.db, stan);
  if (!payment) throw new TerminalError('NOT_FOUND', { what: 'transaction', no: stan });
  return payment;
}
