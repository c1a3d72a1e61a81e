import type { SettleResult } from '../../sync/protocol/settlement.ts';
import { send } from '../../sync/stream/send.ts';
import { audit } from '../base/audit.ts';
import type { Clock } from '../base/clock.ts';
import { at } from '../base/crash-points.ts';
import { type Database, inTransaction, type Tx } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { type Fen, fen, formatYuan } from '../base/money.ts';
import type { Random } from '../base/random.ts';
import { type Journal, settlementReleased, settlementReturned, settlementSucceeded } from '../ledger/journal.ts';
import { postAll } from '../ledger/post-all.ts';
import { balanceOf, balances } from '../ledger/queries.ts';
import { authorise } from '../users/roles.ts';
import type { User } from '../users/user.ts';
import { reserve } from './reserve.ts';
import { isPassed, nextSettlementState, type Settlement } from './settlement.ts';
import { type AccountRow, getAccount, getSettlement, getSettlementByKey, updateSettlement } from './store.ts';

/** Settlement (资金结算) by hand: reserve here, ask, then post or release (product.md, "One life"). B-005, B-010, B-050, B-051. */

export interface SettleCommand {
  readonly user: User;
  readonly amount: Fen;
  /** What the confirm page showed; nothing when the key is known to have its answer. */
  readonly seenFen: Fen | undefined;
  readonly accountVersion: number | undefined;
  /** The caller's number for this intent: pressed twice, settled once. */
  readonly key?: string;
}

/** The account that a settlement would go to. NO_SETTLE_ACCOUNT, SETTLE_ACCOUNT_ERRORED. */
export function usableAccount(db: Database): AccountRow {
  const account = getAccount(db);
  if (account?.state === 'ERRORED')
    throw new TerminalError('SETTLE_ACCOUNT_ERRORED', { account: account.maskedNumber });
  if (account?.state !== 'ACTIVE') throw new TerminalError('NO_SETTLE_ACCOUNT');
  return account;
}

/**
 * Reserves the amount (J-20) and sends the instruction up, in one transaction. The same key with the same content gives the old answer. `requirePossible` throws what else stands in
 * the way. FORBIDDEN, INVALID_AMOUNT, STALE_BALANCE, INSUFFICIENT_BALANCE, NO_SETTLE_ACCOUNT, SETTLE_ACCOUNT_ERRORED, IDEMPOTENCY_CONFLICT.
 */
export function requestSettlement(
  db: Database,
  world: { readonly clock: Clock; readonly random: Random },
  command: SettleCommand,
  requirePossible: () => void = () => {},
): Settlement {
  authorise(command.user, 'settle');
  const earlier = command.key === undefined ? undefined : getSettlementByKey(db, command.key);
  if (earlier) return sameContent(earlier, command);
  requirePossible();
  const account = usableAccount(db);
  const available = balanceOf(db, '2002');
  if (command.amount <= 0)
    throw new TerminalError('INVALID_AMOUNT', {
      value: formatYuan(command.amount),
      min: '0.01',
      max: formatYuan(available),
    });
  if (command.seenFen !== available || command.accountVersion !== account.version)
    throw new TerminalError('STALE_BALANCE', { value: formatYuan(available) });
  if (command.amount > available) throw insufficient(db, command.amount, available);
  const settlement = inTransaction(db, (tx) => {
    const made = reserve(tx, world, {
      mode: 'MANUAL',
      by: command.user.no,
      amountFen: command.amount,
      account,
      key: command.key,
    });
    at('settle.in-request');
    return made;
  });
  at('settle.after-request');
  return settlement;
}

/** The host's word on a settlement: J-21, J-22 or J-23. A result that was applied before changes nothing. Returns the journals that it caused. */
export function recordSettleResult(tx: Tx, atMs: number, result: SettleResult): readonly Journal[] {
  const settlement = getSettlement(tx.db, result.no);
  if (!settlement) throw new TerminalError('NOT_FOUND', { what: 'settlement', no: result.no });
  const event = result.outcome === 'refused' && result.reason === 'STOPPED' ? 'stopped' : result.outcome;
  if (isPassed(settlement.state, event)) return [];
  const fee = fen(result.serviceFeeFen);
  const changed: Settlement = {
    ...settlement,
    state: nextSettlementState(settlement.state, event),
    serviceFeeFen: result.outcome === 'succeeded' ? fee : settlement.serviceFeeFen,
    endedAt: result.outcome === 'accepted' ? null : atMs,
    reason: result.reason ?? settlement.reason,
    hostRef: result.hostRef ?? settlement.hostRef,
    transferRef: result.transferRef ?? settlement.transferRef,
    valueDate: result.valueDate ?? settlement.valueDate,
    againFromRev: againFromRev(settlement, result),
  };
  updateSettlement(tx, changed);
  const journals = postAll(tx, resultJournals(changed, atMs, result.outcome));
  audit(tx, {
    at: atMs,
    by: 'SYS',
    action: 'settle-result',
    about: result.no,
    outcome: 'ok',
    details: { outcome: result.outcome, reason: result.reason },
  });
  at('settle.in-result');
  return journals;
}

/** Failures that lie in the account (B-052). */
const accountFailures: readonly (string | null)[] = ['ACCOUNT_CLOSED', 'NAME_MISMATCH'];

/**
 * What SYS instructed and the host refused is built anew once, when the refusal's rev is here; a person's never, nor what a person stopped (races.md, Again). A cut that failed because of the
 * account is caught up when there is a better one, of which a later rev tells.
 */
function againFromRev({ mode, againOf }: Settlement, { outcome, reason, rev }: SettleResult): number | null {
  if (mode === 'MANUAL' || againOf !== null || reason === 'STOPPED') return null;
  if (outcome === 'refused') return rev;
  return outcome === 'failed' && mode === 'AUTO' && accountFailures.includes(reason) ? rev + 1 : null;
}

/** Which part of the money is not to be settled (B-049), in one line. */
function insufficient(db: Database, amount: Fen, available: Fen): TerminalError {
  const { unclearedFen, frozenFen, pendingSplitFen, inTransitFen } = balances(db);
  const held = { unclearedFen, frozenFen, pendingSplitFen, inTransitFen };
  const [what] = Object.entries(held).filter(([, heldFen]) => heldFen > 0);
  return new TerminalError('INSUFFICIENT_BALANCE', {
    value: formatYuan(amount),
    limit: formatYuan(available),
    ...(what && { what: what[0], held: formatYuan(what[1]) }),
    ...held,
  });
}

/** Step 5 (B-012): the operator looked at the details. FORBIDDEN, NOT_FOUND, ILLEGAL_STATE before success. */
export function checkSettlement(db: Database, clock: Clock, user: User, no: string): void {
  authorise(user, 'settle');
  const settlement = getSettlement(db, no);
  if (!settlement) throw new TerminalError('NOT_FOUND', { what: 'settlement', no });
  if (settlement.state !== 'SUCCESS')
    throw new TerminalError('ILLEGAL_STATE', { state: settlement.state, event: 'check' });
  if (settlement.checkedBy) return;
  inTransaction(db, (tx) => {
    updateSettlement(tx, { ...settlement, checkedBy: user.no });
    audit(tx, { at: clock.now(), by: user.no, action: 'settlement-checked', about: no, outcome: 'ok' });
    send(tx.db, {
      kind: 'settlement-checked',
      id: no,
      body: { no, at: clock.now(), by: user.no, facts: { settlement: no }, journals: [] },
    });
  });
}

function sameContent(earlier: Settlement, command: SettleCommand): Settlement {
  const { amount, user, accountVersion = earlier.accountVersion } = command;
  if (earlier.amountFen !== amount || earlier.requestedBy !== user.no || earlier.accountVersion !== accountVersion) {
    throw new TerminalError('IDEMPOTENCY_CONFLICT', { no: command.key ?? '' });
  }
  return earlier;
}

function resultJournals(settlement: Settlement, atMs: number, outcome: SettleResult['outcome']): readonly Journal[] {
  const deed = { at: atMs, by: 'SYS' };
  switch (outcome) {
    case 'accepted':
      return [];
    case 'succeeded':
      return [settlementSucceeded(settlement, deed)];
    case 'refused':
    case 'failed':
      return [settlementReleased(settlement, deed)];
    case 'returned':
      return [settlementReturned(settlement, deed)];
  }
}
