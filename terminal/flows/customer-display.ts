import type { TxnKind } from '../../sync/protocol/common.ts';
import { formatYuan } from '../base/money.ts';
import type { World } from './world.ts';

/** What the customer sees (devices.md §3): two lines of twenty characters, and the display knows no Chinese. */
export type ForCustomer =
  | { readonly is: 'welcome' }
  | {
      readonly is:
        | 'present-card'
        | 'swipe-card'
        | 'enter-pin'
        | 'wait'
        | 'verify'
        | 'approved'
        | 'show-code'
        | 'scan-ours'
        | 'on-phone';
      readonly amountFen: number;
      /** A sale unless told. */
      readonly txn?: TxnKind;
    }
  /** What the inquiry said. */
  | { readonly is: 'balance'; readonly balanceFen: number }
  | { readonly is: 'discount'; readonly amountFen: number; readonly discountFen: number }
  /** The host approved less than was asked. */
  | { readonly is: 'part'; readonly amountFen: number; readonly approvedFen: number; readonly discountFen: number };

const columns = 20;

const prompts = {
  'present-card': 'PLEASE PRESENT CARD',
  'swipe-card': 'PLEASE SWIPE CARD',
  'enter-pin': 'PLEASE ENTER PIN',
  wait: 'PLEASE WAIT',
  verify: 'TELL THE CODE SENT',
  'show-code': 'SHOW PAYMENT CODE',
  'scan-ours': 'PLEASE SCAN THE CODE',
  'on-phone': 'CONFIRM ON THE PHONE',
  approved: 'APPROVED, THANK YOU',
} as const;

/** A pre-authorisation charges nothing, a void gives back. */
const others: Readonly<Partial<Record<TxnKind, { readonly label: string; readonly approved: string }>>> = {
  preauth: { label: 'PRE-AUTH', approved: 'HELD, THANK YOU' },
  'preauth-void': { label: 'PRE-AUTH', approved: 'RELEASED, THANK YOU' },
  void: { label: 'VOID', approved: 'VOIDED, THANK YOU' },
  'completion-void': { label: 'VOID', approved: 'VOIDED, THANK YOU' },
};

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
    case 'part':
      return what.discountFen > 0
        ? [
            money('APPROVED', formatYuan(what.approvedFen)),
            money('TO PAY', formatYuan(what.approvedFen - what.discountFen)),
          ]
        : [money('TOTAL', formatYuan(what.amountFen)), money('APPROVED', formatYuan(what.approvedFen))];
    case 'balance':
      return [money('BALANCE', formatYuan(what.balanceFen)), 'THANK YOU'];
    default: {
      const other = what.txn && others[what.txn];
      const label = other?.label ?? 'TOTAL';
      return [
        what.amountFen === 0 ? 'BALANCE INQUIRY' : money(label, formatYuan(what.amountFen)),
        (what.is === 'approved' && other?.approved) || prompts[what.is],
      ];
    }
  }
}

export const showCustomer = (world: Pick<World, 'display'>, what: ForCustomer): void =>
  world.display?.show(...linesFor(what));
