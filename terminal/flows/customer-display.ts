import { formatYuan } from '../base/money.ts';
import type { World } from './world.ts';

/** What the customer sees (devices.md §3): two lines of twenty characters, and the display knows no Chinese. */
export type ForCustomer =
  | { readonly is: 'welcome' }
  | { readonly is: 'present-card' | 'swipe-card' | 'enter-pin' | 'wait' | 'approved'; readonly amountFen: number }
  | { readonly is: 'discount'; readonly amountFen: number; readonly discountFen: number };

const columns = 20;

const prompts = {
  'present-card': 'PLEASE PRESENT CARD',
  'swipe-card': 'PLEASE SWIPE CARD',
  'enter-pin': 'PLEASE ENTER PIN',
  wait: 'PLEASE WAIT',
  approved: 'APPROVED, THANK YOU',
} as const;

const money = (label: string, amount: string): string => label + amount.padStart(columns - label.length);

export function linesFor(what: ForCustomer): readonly [upper: string, lower: string] {
  switch (what.is) {
    case 'welcome':
      return ['      WELCOME', ''];
    case 'discount':
      return [
        money('SAVED', formatYuan(what.discountFen)),
        money('TO PAY', formatYuan(what.amountFen - what.discountFen)),
      ];
    default:
      return [money('TOTAL', formatYuan(what.amountFen)), prompts[what.is]];
  }
}

export const showCustomer = (world: Pick<World, 'display'>, what: ForCustomer): void =>
  world.display?.show(...linesFor(what));
