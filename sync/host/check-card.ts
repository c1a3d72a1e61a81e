import { SyncError } from '../errors.ts';
import type { CardBlock, Sealed } from '../protocol/sealed.ts';
import { openCard } from '../protocol/sealing.ts';
import { isCardNumber, isExpired } from './cards.ts';
import type { Host } from './host.ts';
import { isRightPin } from './pin.ts';

/** The card of payment `payment`, and the code to decline it with; `null`: nothing is wrong with it. */
export interface CheckedCard {
  readonly card: CardBlock | null;
  readonly code: string | null;
}

/** In order of precedence: the block, the number, the expiry, the PIN where there is one. */
export function checkCard(host: Host, payment: string, sealed: Sealed): CheckedCard {
  const card = open(host, payment, sealed);
  if (!card || !isCardNumber(card.pan)) return { card: null, code: '14' };
  if (isExpired(card, host.clock.now())) return { card, code: '54' };
  if (card.pin && !isRightPin(card.pan, card.pin)) return { card, code: '55' };
  return { card, code: null };
}

/** What was wrong with a block that does not open may hold card data: neither answered nor logged. */
export function open(host: Host, payment: string, sealed: Sealed): CardBlock | null {
  try {
    return openCard(sealed, payment, host.opening);
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    host.log('warn', 'host.card-block-does-not-open', { payment, code: error.code });
    return null;
  }
}
