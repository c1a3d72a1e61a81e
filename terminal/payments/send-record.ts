import type { FeeRate } from '../../sync/protocol/payments.ts';
import { send } from '../../sync/stream/send.ts';
import { assert } from '../base/assert.ts';
import type { Tx } from '../base/database.ts';
import { type Journal, toWire } from '../ledger/journal.ts';
import type { Payment } from './payment.ts';

/** Tells the host what became of a payment, with the journals of the same transaction. `id`: the payment's number unless told. */
export function sendRecord(
  tx: Tx,
  atMs: number,
  p: Payment,
  told: {
    readonly state: 'REQUESTED' | 'PAID' | 'HELD' | 'DONE' | 'FAILED';
    readonly rate: FeeRate | null;
    readonly journals: readonly Journal[];
    readonly id?: string;
  },
): void {
  assert(p.entry, 'what is told of a payment has its entry mode');
  const { state, rate, journals, id = p.no } = told;
  send(tx.db, {
    kind: 'payment-recorded',
    id,
    body: {
      no: p.no,
      at: atMs,
      by: p.operator,
      facts: {
        txn: p.txn,
        state,
        batch: p.batch,
        stan: p.stan,
        amountFen: p.amountFen,
        discountFen: p.discountFen,
        feeFen: p.feeFen,
        rate,
        entry: p.entry,
        group: p.cardGroup ?? 'domestic',
        card: p.card,
        rrn: p.rrn,
        authCode: p.authCode,
        code: p.code,
        cleared: p.cleared && state !== 'FAILED',
        original: p.original,
      },
      journals: journals.map(toWire),
    },
  });
}
