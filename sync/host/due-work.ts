import type { TerminalRef } from './business.ts';
import { moveDueRefund } from './decide-refund.ts';
import { moveDue } from './decide-settlement.ts';
import type { Host } from './host.ts';
import type { HostStore, HostTrx } from './store.ts';

/** What the host itself moves on when its time comes: accepted settlements and refunds. */
export interface Due {
  readonly what: 'settlements' | 'refunds';
  readonly merchant: string;
  readonly terminal: string;
  readonly no: string;
  readonly dueAt: number;
}

/** The work that is due next, with its time. */
export async function nextDue(store: HostStore): Promise<Due | undefined> {
  const [settlement, refund] = [await nextOf(store, 'settlements'), await nextOf(store, 'refunds')];
  return refund && (!settlement || refund.dueAt < settlement.dueAt) ? refund : settlement;
}

async function nextOf(store: HostStore, what: Due['what']): Promise<Due | undefined> {
  const row = await store
    .selectFrom(what)
    .select(['merchant', 'terminal', 'no', 'due_at'])
    .where('due_at', 'is not', null)
    .orderBy('due_at')
    .limit(1)
    .executeTakeFirst();
  if (!row || row.due_at === null) return undefined;
  const { merchant, terminal, no, due_at: dueAt } = row;
  return { what, merchant, terminal, no, dueAt };
}

/** Does it, and says for which terminals there are rows now. */
export async function doDue(host: Host, trx: HostTrx, due: Due): Promise<readonly TerminalRef[]> {
  if (due.what === 'refunds') return moveDueRefund(host, trx, due, due.no);
  await moveDue(host, trx, due, due.no);
  return [due];
}
