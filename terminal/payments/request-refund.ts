import { send } from '../../sync/stream/send.ts';
import { audit } from '../base/audit.ts';
import { type Clock, dayMs } from '../base/clock.ts';
import { at } from '../base/crash-points.ts';
import { type Database, inTransaction, type Tx } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { newId } from '../base/ids.ts';
import { addFen, type Fen, fen, formatYuan, subtractFen } from '../base/money.ts';
import { parameter } from '../base/parameters.ts';
import type { Random } from '../base/random.ts';
import { setting } from '../base/settings.ts';
import { feeOnRefund } from '../ledger/fee.ts';
import { type Journal, toWire } from '../ledger/journal.ts';
import { post } from '../ledger/post.ts';
import { balanceOf } from '../ledger/queries.ts';
import { refundReserved, unclearedRefundReserved } from '../ledger/undo-journals.ts';
import { countInShift } from '../users/keep-shift.ts';
import { authorise } from '../users/roles.ts';
import type { User } from '../users/user.ts';
import type { Original, Refund } from './refund.ts';
import { getRefundByKey, insertRefund } from './refund-store.ts';
import { takeStan } from './store.ts';

export interface RefundCommand {
  readonly user: User;
  /** As it stands at this moment: looked up anew by the caller, in this very turn. */
  readonly original: Original;
  readonly amount: Fen;
  readonly approvedBy: string | null;
  /** As for a sale. */
  readonly batch:
    | { readonly no: string; readonly businessDate: string; readonly open: boolean; readonly records: number }
    | undefined;
  readonly maxRecords: number;
  /** The caller's number for this intent: pressed twice, refunded once. */
  readonly key?: string;
}

/** States of a payment that was paid and is not taken back. */
const refundable = ['PAID', 'CLEARED', 'PARTLY_REFUNDED', 'REFUNDED'];

/**
 * Reserves a refund (J-06, J-06b) and sends the instruction up, in one transaction (states.md 2). The same key with the same content gives the old answer.
 * FORBIDDEN, INVALID_AMOUNT, ILLEGAL_STATE, RISK_BLOCKED, REFUND_EXPIRED, REFUND_IN_PROGRESS, REFUND_EXCEEDS_PAID, SIGN_IN_REQUIRED, BATCH_CLOSING, BATCH_FULL,
 * REFUND_FUNDS_INSUFFICIENT, IDEMPOTENCY_CONFLICT.
 */
export function requestRefund(
  db: Database,
  world: { readonly clock: Clock; readonly random: Random },
  command: RefundCommand,
): Refund {
  authorise(command.user, 'refund');
  const earlier = command.key === undefined ? undefined : getRefundByKey(db, command.key);
  if (earlier) return sameRefund(earlier, { ...command, payment: command.original.payment });
  const now = world.clock.now();
  checkAmount(db, command);
  checkOriginal(db, now, command.original);
  checkLeft(command);
  const batch = openBatchOf(command);
  const feeFen = feeOf(db, command);
  checkFunds(db, command, feeFen);
  const refund = inTransaction(db, (tx) => {
    const made = newRefund({ no: newId(world.clock, world.random), stan: takeStan(tx), now, feeFen, batch }, command);
    insertRefund(tx, made);
    countInShift(tx, made.operator, made.no);
    reserve(tx, made);
    at('refund.in-request');
    return made;
  });
  at('refund.after-request');
  return refund;
}

/** The refund of a key, for who asks for the same again. IDEMPOTENCY_CONFLICT. */
export function sameRefund(
  earlier: Refund,
  {
    payment,
    amount,
    user,
    key,
  }: Pick<RefundCommand, 'amount' | 'user'> & { payment: string; key?: string | undefined },
): Refund {
  if (earlier.payment !== payment || earlier.amountFen !== amount || earlier.operator !== user.no)
    throw new TerminalError('IDEMPOTENCY_CONFLICT', { no: key ?? '' });
  return earlier;
}

function checkAmount(db: Database, { amount }: RefundCommand): void {
  const max = parameter(db, 'refund.maxFen');
  if (amount <= 0 || amount > max)
    throw new TerminalError('INVALID_AMOUNT', { value: formatYuan(amount), min: '0.01', max: formatYuan(max) });
}

function checkOriginal(db: Database, now: number, original: Original): void {
  if (!refundable.includes(original.state))
    throw new TerminalError('ILLEGAL_STATE', { state: original.state, event: 'refund' });
  if (original.frozen) throw new TerminalError('RISK_BLOCKED', { no: original.stan });
  const [days, maxDays] = [Math.floor((now - original.at) / dayMs), parameter(db, 'refund.maxDays')];
  if (days > maxDays) throw new TerminalError('REFUND_EXPIRED', { value: days, limit: maxDays });
  if (original.inFlight) throw new TerminalError('REFUND_IN_PROGRESS', { no: original.stan });
}

/** R ≤ G − ΣR − ΣC. */
function checkLeft({ original, amount }: RefundCommand): void {
  const leftFen = leftOf(original);
  if (amount > leftFen)
    throw new TerminalError('REFUND_EXCEEDS_PAID', { value: formatYuan(amount), limit: formatYuan(leftFen) });
}

/** What of a payment may still be refunded. */
export const leftOf = ({ amountFen, refundedFen, chargedBackFen }: Original): Fen =>
  fen(Math.max(0, subtractFen(amountFen, addFen(refundedFen, chargedBackFen))));

function openBatchOf({ batch, maxRecords }: RefundCommand): { readonly no: string; readonly businessDate: string } {
  if (!batch) throw new TerminalError('SIGN_IN_REQUIRED');
  if (!batch.open) throw new TerminalError('BATCH_CLOSING', { batch: batch.no });
  if (batch.records >= maxRecords) throw new TerminalError('BATCH_FULL', { limit: maxRecords });
  return batch;
}

/** Proportional also under KEEP where the payment has not cleared (J-06b): its fee was not earned yet. */
function feeOf(db: Database, { original, amount }: RefundCommand): Fen {
  const keep = parameter(db, 'fee.refundPolicy') === 'KEEP' && !original.uncleared;
  const { amountFen: grossFen, feeFen, refundedFen, refundedFeeFen } = original;
  return feeOnRefund({ grossFen, feeFen, refundedFen, refundedFeeFen }, amount, keep);
}

/** Never from 2001 of other payments, never 1202 (races.md): later income pays it, or the terminal of the sale. */
function checkFunds(db: Database, { original, amount }: RefundCommand, feeFen: Fen): void {
  if (original.uncleared) return;
  const [neededFen, availableFen] = [subtractFen(amount, feeFen), balanceOf(db, '2002')];
  if (neededFen > availableFen) {
    const limits = { value: formatYuan(neededFen), limit: formatYuan(availableFen) };
    throw new TerminalError('REFUND_FUNDS_INSUFFICIENT', {
      ...limits,
      ...(!original.isHere && { terminal: original.terminal }),
    });
  }
}

function newRefund(
  given: {
    readonly no: string;
    readonly stan: string;
    readonly now: number;
    readonly feeFen: Fen;
    readonly batch: { readonly no: string; readonly businessDate: string };
  },
  { original, user, amount, approvedBy, key }: RefundCommand,
): Refund {
  return {
    no: given.no,
    state: 'REQUESTED',
    payment: original.payment,
    originTerminal: original.terminal,
    originBatch: original.batch,
    originStan: original.stan,
    originRrn: original.rrn,
    originAuthCode: original.authCode,
    originAt: original.at,
    batch: given.batch.no,
    businessDate: given.batch.businessDate,
    stan: given.stan,
    operator: user.no,
    approvedBy,
    amountFen: amount,
    feeFen: given.feeFen,
    cumBeforeFen: original.refundedFen,
    source: original.uncleared ? '2001' : '2002',
    entry: original.entry,
    cardGroup: original.group,
    card: original.card,
    counted: false,
    idempotencyKey: key ?? null,
    requestedAt: given.now,
    endedAt: null,
    reason: null,
    hostRef: null,
    rrn: null,
    prints: 0,
  };
}

function reserve(tx: Tx, refund: Refund): void {
  const { no, stan, requestedAt, operator, amountFen } = refund;
  const journal = reserveJournal(refund);
  post(tx, journal);
  audit(tx, {
    at: requestedAt,
    by: operator,
    action: 'refund',
    about: refund.payment,
    outcome: 'ok',
    details: { no, stan, amountFen, ...(refund.approvedBy !== null && { supervisor: refund.approvedBy }) },
  });
  send(tx.db, {
    kind: 'refund',
    id: no,
    body: {
      no,
      at: requestedAt,
      by: operator,
      facts: {
        batch: refund.batch,
        businessDate: refund.businessDate,
        stan,
        origin: {
          payment: refund.payment,
          terminal: refund.originTerminal,
          batch: refund.originBatch,
          stan: refund.originStan,
          rrn: refund.originRrn,
        },
        amountFen,
        feeFen: refund.feeFen,
        cumBefore: refund.cumBeforeFen,
        source: sourceCode(refund.source),
        entry: refund.entry,
        group: refund.cardGroup,
        card: refund.card,
        rev: Number(setting(tx.db, 'rev') ?? 0),
      },
      journals: [toWire(journal)],
    },
  });
}

const sourceCode = (source: Refund['source']): '2001' | '2002' | '2003' =>
  source === '2001' || source === '2002' ? source : '2003';

function reserveJournal(refund: Refund): Journal {
  const deed = { at: refund.requestedAt, by: refund.operator };
  return refund.source === '2001'
    ? unclearedRefundReserved(refund, refund.payment, deed)
    : refundReserved(refund, refund.source, deed);
}
