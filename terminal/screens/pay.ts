import { type Fen, zeroFen } from '../base/money.ts';
import { type Moment, type Next, run } from './go.ts';
import type { Paying, PaymentOrder } from './payment-places.ts';

/** Begins a transaction for which nothing more is asked at the keypad. */
export const pay = (moment: Moment, order: PaymentOrder): Next => run(paying(moment.id, order), moment.id, order);

export const paying = (id: number, order: PaymentOrder): Paying => ({
  is: 'paying',
  id,
  order,
  step: undefined,
  sent: false,
});

/** What the customer was asked for, or gets back. Of a balance inquiry nothing. */
export function amountOf(order: PaymentOrder): Fen {
  if (order.is === 'balance') return zeroFen;
  return 'original' in order ? order.original.amountFen : order.amountFen;
}
