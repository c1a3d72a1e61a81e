import type { FeeRate } from '../protocol/payments.ts';
import type { TerminalRef } from './business.ts';
import type { ApprovalTable } from './business-tables.ts';
import { type Host, owner } from './host.ts';
import type { HostTrx } from './store.ts';

/** The host's own decisions on transactions. */

export async function findApproval(
  trx: HostTrx,
  from: TerminalRef,
  payment: string,
): Promise<ApprovalTable | undefined> {
  return trx
    .selectFrom('approvals')
    .selectAll()
    .where((eb) => eb.and({ ...owner(from), payment }))
    .executeTakeFirst();
}

export async function setApproval(
  trx: HostTrx,
  of: TerminalRef,
  payment: string,
  change: Partial<Pick<ApprovalTable, 'state' | 'cleared_at'>>,
): Promise<void> {
  await trx
    .updateTable('approvals')
    .set(change)
    .where((eb) => eb.and({ ...owner(of), payment }))
    .execute();
}

/** What another transaction did to it is undone. */
export async function restoreApproval(trx: HostTrx, of: TerminalRef, payment: string): Promise<void> {
  const approval = await findApproval(trx, of, payment);
  if (!approval) return;
  await setApproval(trx, of, payment, { state: approval.cleared_at === null ? 'APPROVED' : 'CLEARED' });
}

export type NewApproval = Omit<ApprovalTable, 'merchant' | 'terminal'>;

export async function writeApproval(trx: HostTrx, from: TerminalRef, approval: NewApproval): Promise<void> {
  await trx
    .insertInto('approvals')
    .values({ ...owner(from), ...approval })
    .execute();
}

/** A rate that was ever answered can be found by its id for ever: the host recomputes fees with it. */
export async function keepRate(trx: HostTrx, merchant: string, rate: FeeRate): Promise<void> {
  await trx
    .insertInto('fee_rates')
    .values({ merchant, id: rate.id, ppm: rate.ppm, cap_fen: rate.capFen })
    .onConflict((oc) => oc.columns(['merchant', 'id']).doNothing())
    .execute();
}

export async function findRate(trx: HostTrx, merchant: string, id: string): Promise<FeeRate | null> {
  const row = await trx
    .selectFrom('fee_rates')
    .select(['ppm', 'cap_fen'])
    .where((eb) => eb.and({ merchant, id }))
    .executeTakeFirst();
  return row ? { id, ppm: row.ppm, capFen: row.cap_fen } : null;
}

export async function isBarred(trx: HostTrx, from: TerminalRef, payment: string): Promise<boolean> {
  const row = await trx
    .selectFrom('barred')
    .select('payment')
    .where((eb) => eb.and({ ...owner(from), payment }))
    .executeTakeFirst();
  return row !== undefined;
}

/** The number can never be approved any more. */
export async function bar(host: Host, trx: HostTrx, from: TerminalRef, payment: string): Promise<void> {
  await trx
    .insertInto('barred')
    .values({ ...owner(from), payment, at: host.clock.now() })
    .onConflict((oc) => oc.columns(['merchant', 'terminal', 'payment']).doNothing())
    .execute();
}
