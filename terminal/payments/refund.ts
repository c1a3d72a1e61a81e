import type { EntryMode, Group } from '../../sync/protocol/common.ts';
import { TerminalError } from '../base/errors.ts';
import type { Fen } from '../base/money.ts';
import type { Source } from '../ledger/undo-journals.ts';

/** A refund (退货) and its states, as states.md 2 has them. One number for its whole life; the host's word moves it. */
export type RefundState = 'REQUESTED' | 'PROCESSING' | 'SUCCESS' | 'FAILED';
export type RefundEvent = 'accepted' | 'refused' | 'succeeded' | 'failed';

const edges: Readonly<Record<RefundState, Readonly<Partial<Record<RefundEvent, RefundState>>>>> = {
  REQUESTED: { accepted: 'PROCESSING', refused: 'FAILED', succeeded: 'SUCCESS', failed: 'FAILED' },
  PROCESSING: { succeeded: 'SUCCESS', failed: 'FAILED' },
  SUCCESS: {},
  FAILED: {},
};

/** The state after `event`; ILLEGAL_STATE, naming state and event, for anything that states.md does not list. */
export function nextRefundState(state: RefundState, event: RefundEvent): RefundState {
  const to = edges[state][event];
  if (!to) throw new TerminalError('ILLEGAL_STATE', { state, event });
  return to;
}

const passed: Readonly<Record<RefundEvent, readonly RefundState[]>> = {
  accepted: ['PROCESSING', 'SUCCESS', 'FAILED'],
  refused: ['FAILED'],
  succeeded: ['SUCCESS'],
  failed: ['FAILED'],
};

/** The host said this before: the refund stands where it leads, or is beyond. */
export const isRefundPassed = (state: RefundState, event: RefundEvent): boolean => passed[event].includes(state);

/** The payment that is refunded, as this terminal's record or the host (`find-original`) tells it. */
export interface Original {
  readonly payment: string;
  readonly terminal: string;
  readonly batch: string;
  readonly stan: string;
  readonly at: number;
  /** G and F. */
  readonly amountFen: Fen;
  readonly feeFen: Fen;
  /** ΣR and Σf of the refunds that succeeded, here and elsewhere. */
  readonly refundedFen: Fen;
  readonly refundedFeeFen: Fen;
  /** ΣC of charge-backs, where this terminal knows of them. */
  readonly chargedBackFen: Fen;
  readonly entry: EntryMode;
  readonly group: Group;
  readonly card: string | null;
  readonly rrn: string | null;
  readonly authCode: string | null;
  readonly state: string;
  readonly inFlight: boolean;
  readonly frozen: boolean;
  /** Sold here and not cleared: its money is still in 2001. */
  readonly uncleared: boolean;
  readonly isHere: boolean;
}

export interface Refund {
  /** ULID: the idempotency key of everything about this refund. */
  readonly no: string;
  readonly state: RefundState;
  readonly payment: string;
  readonly originTerminal: string;
  readonly originBatch: string;
  readonly originStan: string;
  readonly originRrn: string | null;
  readonly originAuthCode: string | null;
  readonly originAt: number;
  /** The batch in whose credit it counts, and the day on which its receivable is booked. */
  readonly batch: string;
  readonly businessDate: string;
  readonly stan: string;
  readonly operator: string;
  readonly approvedBy: string | null;
  /** R, and f: the part of the fee that is given back. */
  readonly amountFen: Fen;
  readonly feeFen: Fen;
  readonly cumBeforeFen: Fen;
  /** Where R − f was taken from; `2001`: all of R, from what has not cleared (J-06b). */
  readonly source: Source | '2001';
  readonly entry: EntryMode;
  readonly cardGroup: Group;
  readonly card: string | null;
  /** Counted in its batch: the host accepted it. */
  readonly counted: boolean;
  readonly idempotencyKey: string | null;
  readonly requestedAt: number;
  readonly endedAt: number | null;
  readonly reason: string | null;
  readonly hostRef: string | null;
  readonly rrn: string | null;
  readonly prints: number;
}
