import type { TestCard } from '../../drivers/simulator/test-card.ts';
import type { Customer, PaymentEnd } from '../stage/customer.ts';
import type { Paper } from '../stage/desk-work.ts';

/** A business day as data: what is done in which order, and how it must end. */
export type Step = Transaction | Work;

/** `as` names a transaction, `of` says which one is meant later. */
interface Named {
  readonly as?: string;
}
interface About {
  readonly of: string;
}

export type Transaction =
  | (Named & {
      readonly do: 'sale' | 'preauth' | 'stored-sale';
      readonly amountFen: number;
      readonly customer: Customer;
      readonly ends: PaymentEnd;
      /** Of a sale without the host: it will not have it. */
      readonly refusedLater?: true;
    })
  | (Named & About & { readonly do: 'void' | 'preauth-void' | 'completion-void' })
  | (Named & About & { readonly do: 'completion' | 'completion-advice'; readonly amountFen: number })
  | (About & { readonly do: 'refund'; readonly by: 'voucher' | 'reference'; readonly amountFen: number })
  /** `code`: of the customer; `wallet`: ours is shown, and with `ends: 'closed'` nobody pays. */
  | (Named & { readonly do: 'code-sale'; readonly amountFen: number; readonly ends: PaymentEnd } & (
        | { readonly code: string }
        | { readonly wallet: '2' | '3' | '4' }
      ))
  | { readonly do: 'balance'; readonly customer: Customer };

type Work =
  | { readonly do: 'close'; readonly ends: 'balanced' | 'not-balanced' }
  | { readonly do: 'settle'; readonly ends: 'SUCCESS' | 'FAILED' | 'refused' }
  | { readonly do: 'print'; readonly paper: Paper }
  /** Reported, and upstream holds the money; upstream gives it free again. */
  | (About & { readonly do: 'report' | 'unfreeze' })
  | (About & { readonly do: 'invoice' | 'red-invoice' })
  /** The line to the broker is cut, or mended: then everything that waits is delivered. */
  | { readonly do: 'line'; readonly is: 'cut' | 'mended' }
  | { readonly do: 'add-operator'; readonly no: string; readonly secret: string }
  /** The cashier goes, and the next one, who was added, logs on. */
  | { readonly do: 'hand-over'; readonly to: string }
  | { readonly do: 'sign-off' | 'sign-in' | 'self-check' }
  /** `pos backup` while the cashier sells. */
  | { readonly do: 'backup'; readonly meanwhile: Transaction }
  /** Somebody at the host, over its control socket. `until`: what the terminal has to hear before the day goes on. */
  | {
      readonly do: 'host';
      readonly path: '/fault' | '/command';
      readonly order: object;
      readonly until?: 'account-usable';
    }
  /** To the second before the cut that is planned, or to the hour on the next day when statement and bill are made. */
  | { readonly do: 'turn-clock'; readonly to: 'cut' | 'morning' }
  /** What comes by itself: waited for, and told. */
  | { readonly do: 'settled-at-cut' | 'statement' | 'bill' }
  | { readonly do: 'note'; readonly zh: string; readonly en: string };

export interface Chapter {
  readonly zh: string;
  readonly en: string;
  readonly steps: readonly Step[];
}

/** Numbers that no bank gave out, with a right check digit. */
const cards = {
  debit: { pan: '6222021234567890128', expiry: '3012' },
  credit: { pan: '6259871234567898', expiry: '3106' },
  savings: { pan: '6217001234567890122', expiry: '2911' },
  chip: { pan: '6225880011002200334', expiry: '3105', chip: true, verification: 'online-pin' },
  foreign: { pan: '4761731234567890', expiry: '3003', aid: 'A0000000031010' },
} as const satisfies Readonly<Record<string, TestCard>>;
export type CardName = keyof typeof cards;

/** Every customer knows the PIN. */
export const customer = (card: CardName, how: Customer['how'], more: Partial<Customer> = {}): Customer => ({
  card: cards[card],
  how,
  pin: '123456',
  ...more,
});

export const sale = (
  amountFen: number,
  how: Customer['how'],
  card: CardName,
  ends: PaymentEnd = 'approved',
  more: Partial<Customer> & Named = {},
): Transaction => {
  const { as, ...answers } = more;
  return { do: 'sale', amountFen, customer: customer(card, how, answers), ends, ...(as !== undefined && { as }) };
};

export const note = (zh: string, en: string): Step => ({ do: 'note', zh, en });
export const fault = (order: object): Step => ({ do: 'host', path: '/fault', order });
