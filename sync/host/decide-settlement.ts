import type { TerminalRef } from './business.ts';
import type { SettlementTable } from './business-tables.ts';
import { type Host, owner } from './host.ts';
import { markAccountErrored } from './merchants.ts';
import { nextReference } from './numbers.ts';
import { readParameters } from './parameters.ts';
import { findSettlement, sendResult } from './settlements.ts';
import { shanghaiDay } from './shanghai.ts';
import type { HostTrx } from './store.ts';

/** What becomes of an accepted settlement: by the host's due work, or by a person's decision on the control socket. */

export type Decision =
  | { readonly outcome: 'succeeded' }
  | { readonly outcome: 'failed'; readonly reason: string }
  | { readonly outcome: 'returned'; readonly reason: string };

/** Failures that lie in the account: it cannot be settled to until it is verified again (B-052). */
const accountFailures = new Set(['ACCOUNT_CLOSED', 'NAME_MISMATCH']);

/** Does what is due for a settlement now: its planned outcome, or the planned return. */
export async function moveDue(host: Host, trx: HostTrx, from: TerminalRef, no: string): Promise<void> {
  const settlement = await findSettlement(trx, from, no);
  if (!settlement || settlement.due_at === null || settlement.due_at > host.clock.now()) return;
  await decide(host, trx, settlement, planned(settlement));
}

function planned(settlement: SettlementTable): Decision {
  if (settlement.state === 'SUCCEEDED') return { outcome: 'returned', reason: 'RETURNED_BY_BANK' };
  if (settlement.plan_fail !== null) return { outcome: 'failed', reason: settlement.plan_fail };
  return { outcome: 'succeeded' };
}

export type DecideResult = 'decided' | 'NOT_FOUND' | 'ILLEGAL_STATE';

/** A person's decision. Legal: PROCESSING → succeeded | failed, SUCCEEDED → returned. */
export async function decideSettlement(
  host: Host,
  trx: HostTrx,
  from: TerminalRef,
  no: string,
  decision: Decision,
): Promise<DecideResult> {
  const settlement = await findSettlement(trx, from, no);
  if (!settlement) return 'NOT_FOUND';
  if (settlement.state !== (decision.outcome === 'returned' ? 'SUCCEEDED' : 'PROCESSING')) return 'ILLEGAL_STATE';
  await decide(host, trx, settlement, decision);
  return 'decided';
}

async function decide(host: Host, trx: HostTrx, settlement: SettlementTable, decision: Decision): Promise<void> {
  switch (decision.outcome) {
    case 'succeeded':
      return succeed(host, trx, settlement);
    case 'failed':
      return fail(host, trx, settlement, decision.reason);
    case 'returned':
      return change(host, trx, settlement, 'returned', { state: 'RETURNED', reason: decision.reason, due_at: null });
  }
}

async function succeed(host: Host, trx: HostTrx, settlement: SettlementTable): Promise<void> {
  const now = host.clock.now();
  const parameters = await readParameters(trx, settlement.merchant);
  await change(host, trx, settlement, 'succeeded', {
    state: 'SUCCEEDED',
    transfer_ref: await nextReference(trx, 'T'),
    value_date: shanghaiDay(now),
    due_at: settlement.plan_return === 1 ? now + parameters['host.returnDelayMs'] : null,
  });
}

async function fail(host: Host, trx: HostTrx, settlement: SettlementTable, reason: string): Promise<void> {
  await change(host, trx, settlement, 'failed', { state: 'FAILED', reason, due_at: null });
  if (!accountFailures.has(reason)) return;
  await markAccountErrored(trx, settlement.merchant, settlement.account_version, host.clock.now());
}

async function change(
  host: Host,
  trx: HostTrx,
  settlement: SettlementTable,
  outcome: Decision['outcome'],
  set: Partial<SettlementTable>,
): Promise<void> {
  await trx
    .updateTable('settlements')
    .set(set)
    .where((eb) => eb.and({ ...owner(settlement), no: settlement.no }))
    .execute();
  await sendResult(host, trx, { ...settlement, ...set }, outcome);
}
