import { findApplication } from './applications.ts';
import { moveDueApplication } from './apply-account.ts';
import { setBatch } from './batches.ts';
import type { TerminalRef } from './business.ts';
import { clearBatch } from './clear-batch.ts';
import { moveDueRefund } from './decide-refund.ts';
import { moveDue } from './decide-settlement.ts';
import type { Host } from './host.ts';
import { terminalsOf } from './merchant-records.ts';
import type { HostStore, HostTrx } from './store.ts';

/** What the host itself moves on when its time comes: settlements, refunds, accounts that are applied for, batches to clear. */
export interface Due {
  readonly what: 'settlements' | 'refunds' | 'applications' | 'batches';
  readonly merchant: string;
  readonly terminal: string;
  readonly no: string;
  readonly dueAt: number;
}

/** The work that is due next, with its time. */
export async function nextDue(store: HostStore): Promise<Due | undefined> {
  const first: (Due | undefined)[] = [await nextBatch(store)];
  for (const what of ['settlements', 'refunds', 'applications'] as const) first.push(await nextOf(store, what));
  const due = first.filter((each) => each !== undefined);
  return due.toSorted((a, b) => a.dueAt - b.dueAt)[0];
}

async function nextOf(store: HostStore, what: Exclude<Due['what'], 'batches'>): Promise<Due | undefined> {
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

async function nextBatch(store: HostStore): Promise<Due | undefined> {
  const row = await store
    .selectFrom('batches')
    .select(['merchant', 'terminal', 'batch', 'clear_at'])
    .where('clear_at', 'is not', null)
    .orderBy('clear_at')
    .limit(1)
    .executeTakeFirst();
  if (!row || row.clear_at === null) return undefined;
  const { merchant, terminal, batch: no, clear_at: dueAt } = row;
  return { what: 'batches', merchant, terminal, no, dueAt };
}

/** Does it, and says for which terminals there are rows now. */
export async function doDue(host: Host, trx: HostTrx, due: Due): Promise<readonly TerminalRef[]> {
  switch (due.what) {
    case 'settlements':
      return moveDue(host, trx, due, due.no);
    case 'refunds':
      return moveDueRefund(host, trx, due, due.no);
    case 'applications': {
      const application = await findApplication(trx, due, due.no);
      if (application && application.due_at !== null) await moveDueApplication(host, trx, application);
      return terminalsOf(trx, due.merchant);
    }
    case 'batches':
      await setBatch(trx, due, due.no, { clear_at: null });
      await clearBatch(host, trx, due, due.no);
      return [due];
  }
}
