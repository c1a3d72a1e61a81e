import type { TerminalRef } from './business.ts';
import { owner } from './host.ts';
import type { OutgoingTable } from './settlement-tables.ts';
import type { HostTrx } from './store.ts';

/** What the host sends to people by e-mail or SMS, kept until it went: notices of a terminal (N-06 …), settlement slips (N-08) and invoices (N-09). */

export interface Letter {
  readonly no: string;
  readonly kind: OutgoingTable['kind'];
  readonly channel: OutgoingTable['channel'];
  readonly address: string | null;
  readonly text: string;
  readonly facts: Readonly<Record<string, string>>;
}

/** Queues it once for its kind and number, due now, in the caller's transaction. */
export async function queueOutgoing(trx: HostTrx, of: TerminalRef, letter: Letter, now: number): Promise<void> {
  const { facts, ...rest } = letter;
  await trx
    .insertInto('outgoing')
    .values({
      ...owner(of),
      ...rest,
      facts_json: JSON.stringify(facts),
      state: 'QUEUED',
      attempts: 0,
      due_at: now,
      reason: null,
      at: now,
      ended_at: null,
    })
    .onConflict((oc) => oc.columns(['merchant', 'terminal', 'kind', 'no']).doNothing())
    .execute();
}
