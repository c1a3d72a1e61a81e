import type { Settle, SettlementChecked, SettleResult, StopSettle } from '../protocol/settlement.ts';
import { accountsOf } from './accounts.ts';
import { HostReject, type TerminalRef } from './business.ts';
import type { SettlementTable } from './business-tables.ts';
import { at } from './crash-points.ts';
import { hasOpenDifference } from './differences.ts';
import { noEffects } from './effects.ts';
import { feeFen } from './fee.ts';
import { type Host, owner } from './host.ts';
import { findMerchant } from './merchants.ts';
import { mirrorBalances } from './mirror.ts';
import { nextReference } from './numbers.ts';
import { type HostParameters, readParameters } from './parameters.ts';
import { mayDo } from './permissions.ts';
import { because, type Refused } from './refused.ts';
import type { RowPlan } from './row-plan.ts';
import { opinionOnSettle } from './second-opinion.ts';
import { sendDown } from './send-down.ts';
import type { HostTrx } from './store.ts';

/**
 * Settlement requests as the host decides them: RECEIVED → REFUSED | PROCESSING → SUCCEEDED | FAILED, SUCCEEDED → RETURNED (states.md 5).
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

/** `settle`: accepts or refuses, once, at once or after a while in which it may be stopped. The same number with other content is rejected (B-051). */
export async function planSettle(host: Host, trx: HostTrx, from: TerminalRef, body: Settle): Promise<RowPlan> {
  const { amountFen, accountVersion, mode, cut } = body.facts;
  const expected = [opinionOnSettle(body.no, amountFen)];
  const known = await findSettlement(trx, from, body.no);
  if (known) {
    const sameMoney = known.amount_fen === amountFen && known.account_version === accountVersion;
    if (!sameMoney || known.mode !== mode || known.cut !== cut) throw new HostReject('IDEMPOTENCY_CONFLICT');
    return { expected, apply: async () => {} };
  }
  return {
    expected,
    apply: async () => {
      const delayMs = (await readParameters(trx, from.merchant))['host.acceptDelayMs'];
      const received = newSettlement(from, body, host.clock.now(), delayMs);
      await trx.insertInto('settlements').values(received).execute();
      if (delayMs === 0) await rule(host, trx, received);
      at('host.settle-before-commit');
    },
  };
}

/** Accepts or refuses what was received: what counts is what is in force now (races.md). */
export async function rule(host: Host, trx: HostTrx, settlement: SettlementTable): Promise<void> {
  const parameters = await readParameters(trx, settlement.merchant);
  const fee = serviceFeeFen(settlement, parameters);
  const refused = await findRefusal(trx, settlement, fee);
  if (refused) return refuse(host, trx, settlement, refused);
  const byHand = parameters['host.settleDecision'] === 'manual';
  await changeSettlement(host, trx, settlement, 'accepted', {
    state: 'PROCESSING',
    service_fee_fen: fee,
    host_ref: await nextReference(trx, 'H'),
    due_at: byHand ? null : host.clock.now() + parameters['host.settleDelayMs'],
    plan_fail: host.faults.take('settle-fail')?.reason ?? null,
    plan_return: host.faults.take('settle-return') ? 1 : 0,
  });
}

/** d of accounting.md: only what is settled in real time costs a fee (B-006). */
function serviceFeeFen({ mode, amount_fen: fen }: SettlementTable, parameters: HostParameters): number {
  if (mode !== 'REALTIME') return 0;
  const { 'settle.realtimeFeeFen': fixedFen, 'settle.realtimeFeeBps': bps } = parameters;
  return fixedFen + feeFen(fen, { ppm: bps * 100, capFen: null });
}

/**
 * Why it is not accepted, in order of precedence; null: it is. The stream is FIFO and the hold (J-20) is in the mirror already, so a
 * mirror that is not below zero proves that the book had the money.
 */
async function findRefusal(trx: HostTrx, settlement: SettlementTable, fee: number): Promise<Refused | null> {
  const { merchant, no, amount_fen: amount, by_actor: by } = settlement;
  if (!(await mayDo(trx, merchant, by, 'settle'))) return because('FORBIDDEN');
  if (amount <= 0) return because('INVALID_AMOUNT');
  // SETTLE_FROZEN comes here, when a settler change is in cut-over.
  const account = await accountRefusal(trx, settlement);
  if (account !== null) return because(account);
  if (amount <= fee)
    return because('FEE_EXCEEDS_AMOUNT', { name: 'serviceFee', used: fee, limit: amount, who: 'settlement' });
  const held = `2005:${no}`;
  const balances = await mirrorBalances(trx, settlement, ['2002', held]);
  const [leftFen, heldFen] = [balances.get('2002') ?? 0, balances.get(held) ?? 0];
  if (leftFen < 0 || heldFen !== amount) {
    const limit = { name: 'available', used: amount, limit: leftFen + heldFen, who: 'terminal' };
    return because('INSUFFICIENT_BALANCE', limit);
  }
  return (await hasOpenDifference(trx, settlement)) ? because('MIRROR_DIFFERS') : null;
}

/** Only the ACTIVE version is settled to. */
async function accountRefusal(trx: HostTrx, settlement: SettlementTable): Promise<string | null> {
  const accounts = await accountsOf(trx, settlement.merchant);
  const named = accounts.find(({ version }) => version === settlement.account_version)?.state;
  if (named === 'ACTIVE') return null;
  if (named === 'ERRORED') return 'SETTLE_ACCOUNT_ERRORED';
  const none = accounts.every(({ state }) => state === 'VERIFYING' || state === 'REJECTED');
  return none ? 'NO_SETTLE_ACCOUNT' : 'ACCOUNT_INVALID';
}

async function refuse(host: Host, trx: HostTrx, settlement: SettlementTable, refused: Refused): Promise<void> {
  const { reason, limit } = refused;
  await changeSettlement(host, trx, settlement, 'refused', { state: 'REFUSED', reason, due_at: null }, limit);
}

/** Also tells the terminal. */
export async function changeSettlement(
  host: Host,
  trx: HostTrx,
  settlement: SettlementTable,
  outcome: SettleResult['outcome'],
  set: Partial<SettlementTable>,
  limit: SettleResult['limit'] = null,
): Promise<void> {
  await trx
    .updateTable('settlements')
    .set(set)
    .where((eb) => eb.and({ ...owner(settlement), no: settlement.no }))
    .execute();
  await sendResult(host, trx, { ...settlement, ...set }, outcome, limit);
}

/** `stop-settle`: what is not accepted yet is refused; what is runs to its end. Rows come in order, so one that is not here never was. */
export async function planStop(host: Host, trx: HostTrx, from: TerminalRef, body: StopSettle): Promise<RowPlan> {
  const settlement = await findSettlement(trx, from, body.facts.settlement);
  if (!settlement) throw new HostReject('SETTLEMENT_UNKNOWN');
  if (!(await mayDo(trx, from.merchant, body.by, 'stop-settle'))) throw new HostReject('FORBIDDEN');
  return {
    expected: noEffects,
    apply: async () => {
      if (settlement.state === 'RECEIVED') await refuse(host, trx, settlement, because('STOPPED'));
    },
  };
}

function newSettlement(from: TerminalRef, body: Settle, now: number, delayMs: number): SettlementTable {
  const { amountFen, mode, accountVersion, cut } = body.facts;
  return {
    ...owner(from),
    no: body.no,
    state: 'RECEIVED',
    amount_fen: amountFen,
    mode,
    cut,
    by_actor: body.by,
    account_version: accountVersion,
    reason: null,
    host_ref: null,
    transfer_ref: null,
    service_fee_fen: 0,
    value_date: null,
    due_at: delayMs > 0 ? now + delayMs : null,
    plan_fail: null,
    plan_return: 0,
    decided_by: null,
    checked: 0,
    at: body.at,
    received_at: now,
  };
}

/** The row down that says how it stands; each outcome of a number goes out once. */
async function sendResult(
  host: Host,
  trx: HostTrx,
  settlement: SettlementTable,
  outcome: SettleResult['outcome'],
  limit: SettleResult['limit'],
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
      limit,
      hostRef: settlement.host_ref,
      transferRef: settlement.transfer_ref,
      serviceFeeFen: settlement.service_fee_fen,
      valueDate: settlement.value_date,
      rev,
    },
  });
}

/** `settlement-checked`: the operator looked at the details of one that was paid (step 5); a bank return may have crossed it. */
export async function planChecked(
  trx: HostTrx,
  from: TerminalRef,
  { by, facts: { settlement: no } }: SettlementChecked,
): Promise<RowPlan> {
  const settlement = await findSettlement(trx, from, no);
  if (!settlement) throw new HostReject('SETTLEMENT_UNKNOWN');
  if (!(await mayDo(trx, from.merchant, by, 'check'))) throw new HostReject('FORBIDDEN');
  if (settlement.state !== 'SUCCEEDED' && settlement.state !== 'RETURNED') throw new HostReject('ILLEGAL_STATE');
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
