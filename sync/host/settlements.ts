import type { Settle, SettleResult } from '../protocol/settlement.ts';
import { HostReject, type TerminalRef } from './business.ts';
import type { SettlementState, SettlementTable } from './business-tables.ts';
import { at } from './crash-points.ts';
import { hasOpenDifference } from './differences.ts';
import { noEffects } from './effects.ts';
import { type Host, owner } from './host.ts';
import { findMerchant } from './merchants.ts';
import { mirrorBalances } from './mirror.ts';
import { nextReference } from './numbers.ts';
import { readParameters } from './parameters.ts';
import type { RowPlan } from './row-plan.ts';
import { opinionOnSettle } from './second-opinion.ts';
import { sendDown } from './send-down.ts';
import type { HostTrx } from './store.ts';

/**
 * Settlement requests as the host decides them: refused, or PROCESSING → SUCCEEDED | FAILED, SUCCEEDED → RETURNED (states.md 5).
 * What happens after the acceptance is in decide-settlement.ts.
 */

export async function findSettlement(
  trx: HostTrx,
  from: TerminalRef,
  no: string,
): Promise<SettlementTable | undefined> {
  return trx
    .selectFrom('settlements')
    .selectAll()
    .where((eb) => eb.and({ ...owner(from), no }))
    .executeTakeFirst();
}

/** `settle`: accepts or refuses, once. The same number with other content is rejected (B-051). */
export async function planSettle(host: Host, trx: HostTrx, from: TerminalRef, body: Settle): Promise<RowPlan> {
  const { amountFen, accountVersion, mode } = body.facts;
  const expected = [opinionOnSettle(body.no, amountFen)];
  const known = await findSettlement(trx, from, body.no);
  if (known) {
    const same = known.amount_fen === amountFen && known.account_version === accountVersion && known.mode === mode;
    if (!same) throw new HostReject('IDEMPOTENCY_CONFLICT');
    return { expected, apply: async () => {} };
  }
  return {
    expected,
    apply: async () => {
      const reason = await findRefusal(trx, from, body);
      if (reason === null) await accept(host, trx, from, body);
      else await refuse(host, trx, from, body, reason);
      at('host.settle-before-commit');
    },
  };
}

/**
 * Why it is not accepted, in order of precedence; null: it is. The stream is FIFO and the hold (J-20) is in the mirror already, so a
 * mirror that is not below zero proves that the book had the money.
 */
async function findRefusal(trx: HostTrx, from: TerminalRef, body: Settle): Promise<string | null> {
  const { amountFen, accountVersion } = body.facts;
  if (amountFen <= 0) return 'INVALID_AMOUNT';
  const account = await trx
    .selectFrom('accounts')
    .select('state')
    .where((eb) => eb.and({ merchant: from.merchant, version: accountVersion }))
    .executeTakeFirst();
  if (account?.state !== 'ACTIVE') return 'SETTLE_ACCOUNT_ERRORED';
  const held = `2005:${body.no}`;
  const balances = await mirrorBalances(trx, from, ['2002', held]);
  const covered = (balances.get('2002') ?? 0) >= 0 && balances.get(held) === amountFen;
  if (!covered) return 'INSUFFICIENT_BALANCE';
  return (await hasOpenDifference(trx, from)) ? 'MIRROR_DIFFERS' : null;
}

async function accept(host: Host, trx: HostTrx, from: TerminalRef, body: Settle): Promise<void> {
  const parameters = await readParameters(trx, from.merchant);
  const hostRef = await nextReference(trx, 'H');
  const byHand = parameters['host.settleDecision'] === 'manual';
  const settlement = newSettlement(from, body, {
    state: 'PROCESSING',
    host_ref: hostRef,
    due_at: byHand ? null : host.clock.now() + parameters['host.settleDelayMs'],
    plan_fail: host.faults.take('settle-fail')?.reason ?? null,
    plan_return: host.faults.take('settle-return') ? 1 : 0,
  });
  await trx.insertInto('settlements').values(settlement).execute();
  await sendResult(host, trx, settlement, 'accepted');
}

async function refuse(host: Host, trx: HostTrx, from: TerminalRef, body: Settle, reason: string): Promise<void> {
  const settlement = newSettlement(from, body, { state: 'REFUSED', reason });
  await trx.insertInto('settlements').values(settlement).execute();
  await sendResult(host, trx, settlement, 'refused');
}

function newSettlement(
  from: TerminalRef,
  body: Settle,
  given: Partial<SettlementTable> & { readonly state: SettlementState },
): SettlementTable {
  return {
    ...owner(from),
    no: body.no,
    amount_fen: body.facts.amountFen,
    mode: body.facts.mode,
    account_version: body.facts.accountVersion,
    reason: null,
    host_ref: null,
    transfer_ref: null,
    service_fee_fen: 0,
    value_date: null,
    due_at: null,
    plan_fail: null,
    plan_return: 0,
    checked: 0,
    at: body.at,
    ...given,
  };
}

/** The row down that says how it stands; each outcome of a number goes out once. */
export async function sendResult(
  host: Host,
  trx: HostTrx,
  settlement: SettlementTable,
  outcome: SettleResult['outcome'],
): Promise<void> {
  const { no, merchant } = settlement;
  const rev = (await findMerchant(trx, merchant))?.rev ?? 0;
  await sendDown(trx, settlement, {
    kind: 'settle-result',
    id: `${no}:${outcome}`,
    body: {
      no,
      at: host.clock.now(),
      outcome,
      reason: settlement.reason,
      limit: null,
      hostRef: settlement.host_ref,
      transferRef: settlement.transfer_ref,
      serviceFeeFen: settlement.service_fee_fen,
      valueDate: settlement.value_date,
      rev,
    },
  });
}

/** `settlement-checked`: the operator looked at the details (step 5). */
export async function planChecked(trx: HostTrx, from: TerminalRef, no: string): Promise<RowPlan> {
  if (!(await findSettlement(trx, from, no))) throw new HostReject('SETTLEMENT_UNKNOWN');
  return {
    expected: noEffects,
    apply: async () => {
      await trx
        .updateTable('settlements')
        .set({ checked: 1 })
        .where((eb) => eb.and({ ...owner(from), no }))
        .execute();
    },
  };
}
