import { TerminalError } from '../base/errors.ts';
import type { Fen } from '../base/money.ts';

/** A settlement request (结算申请) and its states, as states.md 5 has them. One number for its whole life (B-051). */
export type SettlementState = 'REQUESTED' | 'PROCESSING' | 'SUCCESS' | 'FAILED' | 'RETURNED' | 'CANCELLED';
export type SettlementEvent = 'accepted' | 'refused' | 'succeeded' | 'failed' | 'returned';

const edges: Readonly<Record<SettlementState, Readonly<Partial<Record<SettlementEvent, SettlementState>>>>> = {
  REQUESTED: { accepted: 'PROCESSING', refused: 'FAILED', succeeded: 'SUCCESS', failed: 'FAILED' },
  PROCESSING: { succeeded: 'SUCCESS', failed: 'FAILED' },
  SUCCESS: { returned: 'RETURNED' },
  FAILED: {},
  RETURNED: {},
  CANCELLED: {},
};

export function nextSettlementState(state: SettlementState, event: SettlementEvent): SettlementState {
  const to = edges[state][event];
  if (!to) throw new TerminalError('ILLEGAL_STATE', { state, event });
  return to;
}

const passed: Readonly<Record<SettlementEvent, readonly SettlementState[]>> = {
  accepted: ['PROCESSING', 'SUCCESS', 'FAILED', 'RETURNED'],
  refused: ['FAILED'],
  succeeded: ['SUCCESS', 'RETURNED'],
  failed: ['FAILED'],
  returned: ['RETURNED'],
};

/** The host said this before: the settlement stands where it leads, or is beyond. */
export const isPassed = (state: SettlementState, event: SettlementEvent): boolean => passed[event].includes(state);

export interface Settlement {
  readonly no: string;
  readonly state: SettlementState;
  readonly mode: 'AUTO' | 'MANUAL' | 'REALTIME';
  readonly amountFen: Fen;
  readonly serviceFeeFen: Fen;
  readonly accountVersion: number;
  readonly maskedAccount: string;
  readonly idempotencyKey: string | null;
  readonly requestedBy: string;
  readonly requestedAt: number;
  readonly endedAt: number | null;
  readonly reason: string | null;
  readonly hostRef: string | null;
  readonly transferRef: string | null;
  readonly valueDate: string | null;
  readonly checkedBy: string | null;
}
