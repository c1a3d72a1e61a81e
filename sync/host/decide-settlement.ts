import { markAccountErrored } from './account-life.ts';
import type { TerminalRef } from './business.ts';
import type { SettlementTable } from './business-tables.ts';
import type { Host } from './host.ts';
import { terminalsOf } from './merchant-records.ts';
import { upstream } from './merchants.ts';
import { nextReference } from './numbers.ts';
import { readParameters } from './parameters.ts';
import { changeSettlement, findSettlement, rule } from './settlements.ts';
import { shanghaiDay } from './shanghai.ts';
import { issueStatement } from './statements.ts';
import type { HostTrx } from './store.ts';

/** What becomes of a settlement: by the host's due work, or by a person's decision on the control socket. */

export type Decision =
  | { readonly outcome: 'succeeded' }
  | { readonly outcome: 'failed'; readonly reason: string }
  | { readonly outcome: 'returned'; readonly reason: string };

/** Failures that lie in the account: it cannot be settled to until it is verified again (B-052). */
const accountFailures = new Set(['ACCOUNT_CLOSED', 'NAME_MISMATCH']);

/** Does what is due for a settlement now: its acceptance, its planned outcome, or the planned return. Returns the terminals that it has news for. */
export async function moveDue(
  host: Host,
  trx: HostTrx,
  from: TerminalRef,
  no: string,
): Promise<readonly TerminalRef[]> {
  const settlement = await findSettlement(trx, from, no);
  if (!settlement || settlement.due_at === null || settlement.due_at > host.clock.now()) return [];
  if (settlement.state === 'RECEIVED') {
    await rule(host, trx, settlement);
    return [from];
  }
  const decision = planned(settlement);
  await decide(host, trx, settlement, decision, null);
  // The account, or the transfer, may be others' too.
  return decision.outcome === 'succeeded' ? [from] : terminalsOf(trx, from.merchant);
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
  by: string,
): Promise<DecideResult> {
  const settlement = await findSettlement(trx, from, no);
  if (!settlement) return 'NOT_FOUND';
  if (settlement.state !== (decision.outcome === 'returned' ? 'SUCCEEDED' : 'PROCESSING')) return 'ILLEGAL_STATE';
  await decide(host, trx, settlement, decision, by);
  return 'decided';
}

/** The bank returns a transfer: every settlement that was paid with it comes back. */
export async function returnTransfer(
  host: Host,
  trx: HostTrx,
  merchant: string,
  transferRef: string,
  { reason, by }: { readonly reason: string; readonly by: string | null },
): Promise<DecideResult> {
  const paid = await trx
    .selectFrom('settlements')
    .selectAll()
    .where((eb) => eb.and({ merchant, transfer_ref: transferRef }))
    .orderBy('terminal')
    .orderBy('no')
    .execute();
  if (paid.length === 0) return 'NOT_FOUND';
  const standing = paid.filter(({ state }) => state === 'SUCCEEDED');
  for (const settlement of standing) {
    await changeSettlement(host, trx, settlement, 'returned', {
      state: 'RETURNED',
      reason,
      due_at: null,
      decided_by: by,
    });
    await blameAccount(host, trx, settlement, { reason, by });
  }
  return standing.length > 0 ? 'decided' : 'ILLEGAL_STATE';
}

async function decide(
  host: Host,
  trx: HostTrx,
  settlement: SettlementTable,
  decision: Decision,
  by: string | null,
): Promise<void> {
  switch (decision.outcome) {
    case 'succeeded':
      return succeed(host, trx, settlement, by);
    case 'failed':
      return fail(host, trx, settlement, { reason: decision.reason, by });
    case 'returned':
      await returnTransfer(host, trx, settlement.merchant, settlement.transfer_ref ?? '', {
        reason: decision.reason,
        by,
      });
  }
}

async function succeed(host: Host, trx: HostTrx, settlement: SettlementTable, by: string | null): Promise<void> {
  const now = host.clock.now();
  const parameters = await readParameters(trx, settlement.merchant);
  const set = {
    state: 'SUCCEEDED',
    decided_by: by,
    transfer_ref: (await sharedTransfer(trx, settlement, now)) ?? (await nextReference(trx, 'T')),
    value_date: shanghaiDay(now),
    due_at: settlement.plan_return === 1 ? now + parameters['host.returnDelayMs'] : null,
  } as const;
  await changeSettlement(host, trx, settlement, 'succeeded', set);
  await issueStatement(host, trx, { ...settlement, ...set });
}

/** AUTO settlements of one cut to one account are paid with one transfer a day, whatever terminal they are of, until the bank returns it. */
async function sharedTransfer(trx: HostTrx, settlement: SettlementTable, now: number): Promise<string | null> {
  const { merchant, mode, cut, account_version } = settlement;
  if (mode !== 'AUTO' || cut === null) return null;
  const twin = await trx
    .selectFrom('settlements')
    .select('transfer_ref')
    .where((eb) => eb.and({ merchant, mode, cut, account_version, state: 'SUCCEEDED', value_date: shanghaiDay(now) }))
    .limit(1)
    .executeTakeFirst();
  return twin?.transfer_ref ?? null;
}

async function fail(
  host: Host,
  trx: HostTrx,
  settlement: SettlementTable,
  { reason, by }: { readonly reason: string; readonly by: string | null },
): Promise<void> {
  const set = { state: 'FAILED', reason, due_at: null, decided_by: by } as const;
  await changeSettlement(host, trx, settlement, 'failed', set);
  await blameAccount(host, trx, settlement, { reason, by });
}

async function blameAccount(
  host: Host,
  trx: HostTrx,
  { merchant, account_version }: SettlementTable,
  { reason, by }: { readonly reason: string; readonly by: string | null },
): Promise<void> {
  if (!accountFailures.has(reason)) return;
  await markAccountErrored(trx, merchant, account_version, reason, { by: by ?? upstream, now: host.clock.now() });
}
