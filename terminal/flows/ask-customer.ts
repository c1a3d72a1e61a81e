import type { CardData } from '../../drivers/card-reader/card-data.ts';
import { isDeviceError } from '../../drivers/errors.ts';
import type { PinBlock } from '../../drivers/pin-pad/pin-block.ts';
import type { TxnKind } from '../../sync/protocol/common.ts';
import type { Fen } from '../base/money.ts';
import { noteFailure, noteSound } from './abnormal-device.ts';
import type { PaymentDialog as Given, SaleOutcome } from './counter.ts';
import { showCustomer } from './customer-display.ts';
import type { World } from './world.ts';

/** What a transaction asks of the customer before anything is sent: the card, and the PIN. Any other end is `stopped`. */

/** What a transaction needs of the face; what no face asks is answered with no. */
export type PaymentDialog = Required<Given>;

export type Stopped = Extract<SaleOutcome, { kind: 'stopped' }>;

export const isStopped = (value: object | undefined): value is Stopped =>
  value !== undefined && 'kind' in value && value.kind === 'stopped';

interface Asking {
  /** Zero where no money moves. */
  readonly askedFen: Fen;
  readonly txn?: TxnKind;
  /** The PIN is wanted whatever the card says. */
  readonly always?: boolean;
}

/** A reader takes no card for nothing: an inquiry asks for the least there is, and no request carries it. */
const leastFen = 1;

export async function askCard(
  world: World,
  { askedFen: amountFen, txn }: Asking,
  fallback: boolean,
  { signal, progress }: PaymentDialog,
): Promise<CardData | Stopped> {
  const timeoutMs = world.config.limits.cardWaitMs;
  progress({ at: 'card', untilMs: world.clock.now() + timeoutMs, ...(fallback && { fallback }) });
  showCustomer(world, { is: fallback ? 'swipe-card' : 'present-card', amountFen, ...(txn && { txn }) });
  try {
    const request = {
      amountFen: Math.max(amountFen, leastFen),
      type: 'sale',
      timeoutMs,
      ...(fallback && { fallback }),
    } as const;
    const card = await world.reader.readCard(request, signal);
    if (card.entry === 'CHIP') world.session.cardLeftIn = true;
    noteSound(world, world.reader.name);
    return card;
  } catch (error) {
    if (!isDeviceError(error)) throw error;
    const reason = String(error.details['reason'] ?? error.code);
    noteFailure(world, world.reader.name, reason);
    return noCard(error.code, reason);
  }
}

function noCard(code: string, detail: string): Stopped {
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

/**
 * A stripe proves nothing of who holds it; a chip says what it wants; a card held to the reader is taken without up to a limit (小额免密), and
 * beyond it unless the telephone knows its holder.
 */
function needsPin({ pinPad, config }: World, { entry, verification }: CardData, amountFen: number): boolean {
  if (!pinPad) return false;
  switch (entry) {
    case 'MAG':
      return true;
    case 'CHIP':
      return verification === undefined || verification === 'online-pin';
    case 'CONTACTLESS':
      return verification === 'online-pin' || (verification !== 'cdcvm' && amountFen > config.limits.pinFreeFen);
  }
}

/** Undefined: none is needed. `again`: the one before was wrong. */
export async function askPin(
  world: World,
  { askedFen: amountFen, txn, always = false }: Asking,
  card: CardData,
  again: boolean,
  { signal, progress }: PaymentDialog,
): Promise<PinBlock | Stopped | undefined> {
  const { pinPad, config, clock } = world;
  if (!pinPad || !(always || needsPin(world, card, amountFen))) return undefined;
  const timeoutMs = config.limits.pinWaitMs;
  progress({ at: 'pin', untilMs: clock.now() + timeoutMs, card: card.masked, again });
  showCustomer(world, { is: 'enter-pin', amountFen, ...(txn && { txn }) });
  try {
    const pin = await pinPad.readPin({ card, amountFen, timeoutMs }, signal);
    noteSound(world, pinPad.name);
    if (!signal.aborted) return pin;
    pin.erase(); // 取消 was faster by a moment
    return { kind: 'stopped', why: 'cancelled' };
  } catch (error) {
    if (!isDeviceError(error)) throw error;
    const reason = String(error.details['reason'] ?? error.code);
    noteFailure(world, pinPad.name, reason);
    return noPin(error.code, reason);
  }
}

function noPin(code: string, detail: string): Stopped {
  switch (code) {
    case 'CANCELLED':
      return { kind: 'stopped', why: 'cancelled' };
    case 'PIN_CANCELLED':
      return { kind: 'stopped', why: 'pin-cancelled' };
    case 'PIN_TIMEOUT':
      return { kind: 'stopped', why: 'pin-timeout' };
    default:
      return { kind: 'stopped', why: 'pin-pad', detail };
  }
}
