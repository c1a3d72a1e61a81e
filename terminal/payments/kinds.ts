import type { TxnKind } from '../../sync/protocol/common.ts';
import type { PaymentEvent } from './payment.ts';

/** How the transactions of payments.md differ. Everything else about them is the same. */
export interface Kind {
  /** Where it counts in the totals of its batch; a pre-authorisation counts in neither and is never uploaded. */
  readonly side: 'debit' | 'credit' | undefined;
  /** It is about another payment of this terminal. */
  readonly of?: {
    readonly txns: readonly TxnKind[];
    /** What its intent, its success and any other end do to that payment. A payment that is being voided is locked by it; a hold is not. */
    readonly intent?: PaymentEvent;
    readonly done: PaymentEvent;
  };
  /** It takes all of its original back, with 主管密码 unless upstream has switched that off (supervision.ts). */
  readonly needsSupervisor?: true;
}

export const kinds: Readonly<Record<TxnKind, Kind>> = {
  sale: { side: 'debit' },
  'code-sale': { side: 'debit' },
  'stored-sale': { side: 'debit' },
  preauth: { side: undefined },
  completion: { side: 'debit', of: { txns: ['preauth'], done: 'completed' } },
  'completion-advice': { side: 'debit', of: { txns: ['preauth'], done: 'completed' } },
  void: {
    side: 'credit',
    of: { txns: ['sale', 'stored-sale'], intent: 'void', done: 'voided' },
    needsSupervisor: true,
  },
  'completion-void': {
    side: 'credit',
    of: { txns: ['completion'], intent: 'void', done: 'voided' },
    needsSupervisor: true,
  },
  'preauth-void': { side: undefined, of: { txns: ['preauth'], done: 'voided' }, needsSupervisor: true },
};
