import type { CardData } from '../../drivers/card-reader/card-data.ts';
import type { Sealed } from '../../sync/protocol/sealed.ts';
import { assert } from '../base/assert.ts';
import type { Fen } from '../base/money.ts';
import type { AskedTxn } from '../payments/create-payment.ts';
import type { CardFacts, Payment } from '../payments/payment.ts';
import type { User } from '../users/user.ts';

/** A transaction as the cashier asks for it. */
export interface Order {
  readonly txn: AskedTxn;
  readonly user: User;
  /** Of a void it does not count: the whole of its original is given back. */
  readonly amount: Fen;
  /** Whether the customer presents a card. */
  readonly withCard: boolean;
  /** Swiped before the amount was typed. */
  readonly card?: CardData | undefined;
  readonly fallback?: boolean;
  /** Number of the payment that is voided or completed. */
  readonly original?: string;
  /** Of a pre-authorisation that this terminal does not know. */
  readonly authCode?: string;
  readonly approvedBy?: string | undefined;
  /** A void that asks for the PIN of the card. */
  readonly withPin?: boolean;
}

/** An order whose card was read, where it has one. */
export interface Presented extends Order {
  readonly facts: CardFacts | undefined;
}

/** What is asked of the host (sync/protocol/card-requests.ts). `otp`: what the customer was sent; `mcc`: E-073. */
export function requestFor(
  payment: Payment,
  order: Presented,
  card: Sealed | null,
  { otp, mcc }: { readonly otp: string | undefined; readonly mcc: string | undefined },
) {
  const { no, stan, batch, operator, askedFen: amountFen } = payment;
  const base = { payment: no, stan, batch, operator, amountFen };
  const entry = order.facts?.entry ?? payment.entry;
  const { original } = payment;
  switch (order.txn) {
    case 'sale':
      assert(card && entry, 'a sale has a card');
      return { kind: order.txn, ...base, entry, card, mcc, ...(otp !== undefined && { otp }) } as const;
    case 'preauth':
      assert(card && entry, 'a pre-authorisation has a card');
      return { kind: order.txn, ...base, entry, card, mcc } as const;
    case 'completion':
      assert(entry, 'a completion has the entry mode of its card, or of its original');
      return { kind: order.txn, ...base, entry, card, original, authCode: order.authCode ?? null, mcc } as const;
    case 'void':
    case 'preauth-void':
    case 'completion-void':
      assert(original !== null, 'a void names its original');
      return { kind: order.txn, ...base, original, card } as const;
  }
}
