import type { Fen } from '../base/money.ts';
import { type Moment, operationMs } from './go.ts';
import type { Amount } from './payment-places.ts';

/** An empty page, or one for a card that was offered, or the amount of a transaction of which nothing was sent, to be corrected or taken once more. */
export const askAmount = (
  moment: Moment,
  {
    typed,
    ...rest
  }: { readonly typed?: Fen } & Pick<Amount, 'purpose'> & Partial<Pick<Amount, 'offered' | 'fallback'>>,
): Amount => ({
  is: 'amount',
  digits: typed === undefined ? '' : String(typed),
  offered: undefined,
  fallback: false,
  ...rest,
  notice: undefined,
  expiresMs: moment.now + operationMs,
});
