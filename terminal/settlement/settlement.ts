import { TerminalError } from '../base/errors.ts';
import { type Fen, zeroFen } from '../base/money.ts';

/** A settlement request (结算申请) and its states, as states.md 5 has them. One number for its whole life (B-051). */
export type SettlementState = 'REQUESTED' | 'PROCESSING' | 'SUCCESS' | 'FAILED' | 'RETURNED' | 'CANCELLED';
/** `stopped`: refused because somebody here wanted it back before it was accepted. */
export type SettlementEvent = 'accepted' | 'refused' | 'stopped' | 'succeeded' | 'failed' | 'returned';

const edges: Readonly<Record<SettlementState, Readonly<Partial<Record<SettlementEvent, SettlementState>>>>> = {
  REQUESTED: {
    accepted: 'PROCESSING',
    refused: 'FAILED',
    stopped: 'CANCELLED',
    succeeded: 'SUCCESS',
    failed: 'FAILED',
  },
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
  stopped: ['CANCELLED'],
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
  /** Of AUTO: the day of the cut that it is for. */
  readonly cut: string | null;
  /** It was built anew, because the host had refused this one. */
  readonly againOf: string | null;
  /** It is to be built anew when this rev of the merchant's data is here. */
  readonly againFromRev: number | null;
  /** Who wanted it back. */
  readonly stopBy: string | null;
  readonly issuedChannel: 'email' | 'sms' | 'none' | 'failed' | null;
  readonly issuedTo: string | null;
}

/** One that was requested just now. */
export const newSettlement = (
  given: Pick<Settlement, 'no' | 'mode' | 'amountFen' | 'accountVersion' | 'requestedBy' | 'requestedAt'> &
    Partial<Settlement>,
): Settlement => ({
  state: 'REQUESTED',
  serviceFeeFen: zeroFen,
  maskedAccount: '',
  idempotencyKey: null,
  endedAt: null,
  reason: null,
  hostRef: null,
  transferRef: null,
  valueDate: null,
  checkedBy: null,
  cut: null,
  againOf: null,
  againFromRev: null,
  stopBy: null,
  issuedChannel: null,
  issuedTo: null,
  ...given,
});
