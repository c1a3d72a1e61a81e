import type { SettleResult } from '../../sync/protocol/settlement.ts';
import { send } from '../../sync/stream/send.ts';
import { audit } from '../base/audit.ts';
import type { Clock } from '../base/clock.ts';
import { at } from '../base/crash-points.ts';
import { type Database, inTransaction, type Tx } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { newId } from '../base/ids.ts';
import { type Fen, fen, formatYuan, zeroFen } from '../base/money.ts';
import type { Random } from '../base/random.ts';
import {
  type Journal,
  settlementReleased,
  settlementRequested,
  settlementReturned,
  settlementSucceeded,
  toWire,
} from '../ledger/journal.ts';
import { post } from '../ledger/post.ts';
import { postAll } from '../ledger/post-all.ts';
import { balanceOf } from '../ledger/queries.ts';
import { authorise } from '../users/roles.ts';
import type { User } from '../users/user.ts';
import { isPassed, nextSettlementState, type Settlement } from './settlement.ts';
import {
  type AccountRow,
  getAccount,
  getSettlement,
  getSettlementByKey,
  insertSettlement,
  updateSettlement,
} from './store.ts';

/** Settlement (资金结算) by hand: reserve here, ask, then post or release (product.md, "One life"). B-005, B-010, B-050, B-051. */

export interface SettleCommand {
  readonly user: User;
  readonly amount: Fen;
  /** What the confirm page showed. */
  readonly seenFen: Fen;
  readonly accountVersion: number;
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
 * Reserves the amount (J-20) and sends the instruction up, in one transaction. The same key with the same content gives the old answer.
 * FORBIDDEN, INVALID_AMOUNT, STALE_BALANCE, INSUFFICIENT_BALANCE, NO_SETTLE_ACCOUNT, SETTLE_ACCOUNT_ERRORED, IDEMPOTENCY_CONFLICT.
 */
export function requestSettlement(
  db: Database,
  world: { readonly clock: Clock; readonly random: Random },
  command: SettleCommand,
): Settlement {
  authorise(command.user, 'settle');
  const earlier = command.key === undefined ? undefined : getSettlementByKey(db, command.key);
  if (earlier) return sameContent(earlier, command);
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
  if (command.amount > available) {
    throw new TerminalError('INSUFFICIENT_BALANCE', {
      value: formatYuan(command.amount),
      limit: formatYuan(available),
    });
  }
  const requestedAt = world.clock.now();
  const settlement: Settlement = {
    no: newId(world.clock, world.random),
    state: 'REQUESTED',
    mode: 'MANUAL',
    amountFen: command.amount,
    serviceFeeFen: zeroFen,
    accountVersion: account.version,
    maskedAccount: account.maskedNumber,
    idempotencyKey: command.key ?? null,
    requestedBy: command.user.no,
    requestedAt,
    endedAt: null,
    reason: null,
    hostRef: null,
    transferRef: null,
    valueDate: null,
    checkedBy: null,
  };
  inTransaction(db, (tx) => {
    insertSettlement(tx, settlement);
    const journal = settlementRequested(settlement, { at: requestedAt, by: command.user.no });
    post(tx, journal);
    audit(tx, {
      at: requestedAt,
      by: command.user.no,
      action: 'settle',
      about: settlement.no,
      outcome: 'ok',
      details: { amountFen: command.amount },
    });
    send(tx.db, {
      kind: 'settle',
      id: settlement.no,
      body: {
        no: settlement.no,
        at: requestedAt,
        by: command.user.no,
        facts: { amountFen: command.amount, mode: 'MANUAL', accountVersion: account.version, rev: account.rev },
        journals: [toWire(journal)],
      },
    });
    at('settle.in-request');
  });
  at('settle.after-request');
  return settlement;
}

/** The host's word on a settlement: J-21, J-22 or J-23. A result that was applied before changes nothing. Returns the journals that it caused. */
export function recordSettleResult(tx: Tx, atMs: number, result: SettleResult): readonly Journal[] {
  const settlement = getSettlement(tx.db, result.no);
  if (!settlement) throw new TerminalError('NOT_FOUND', { what: 'settlement', no: result.no });
  if (isPassed(settlement.state, result.outcome)) return [];
  const fee = fen(result.serviceFeeFen);
  const changed: Settlement = {
    ...settlement,
    state: nextSettlementState(settlement.state, result.outcome),
    serviceFeeFen: result.outcome === 'succeeded' ? fee : settlement.serviceFeeFen,
    endedAt: result.outcome === 'accepted' ? null : atMs,
    reason: result.reason ?? settlement.reason,
    hostRef: result.hostRef ?? settlement.hostRef,
    transferRef: result.transferRef ?? settlement.transferRef,
    valueDate: result.valueDate ?? settlement.valueDate,
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
  if (earlier.amountFen !== command.amount || earlier.requestedBy !== command.user.no) {
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
