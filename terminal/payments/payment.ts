import type { EntryMode, Group } from '../../sync/protocol/common.ts';
import { TerminalError } from '../base/errors.ts';
import type { Fen } from '../base/money.ts';

/**
 * A payment (交易) and its states, as states.md 1 has them for card sales. A row is CREATED with its reversal due before anything is asked of
 * the world; AUTHORIZING is passed in the transaction that stores the answer, so it is never at rest: whoever finds CREATED after a restart must
 * take it that the request may have left.
 */
export type PaymentState =
  | 'CREATED'
  | 'AUTHORIZING'
  | 'PAID'
  | 'FAILED'
  | 'REVERSING'
  | 'REVERSED'
  | 'NEEDS_HUMAN'
  | 'CLEARED';

export type PaymentEvent =
  | 'send'
  | 'stop'
  | 'approved'
  | 'declined'
  | 'no-answer'
  | 'reversed'
  | 'reversal-stuck'
  | 'clear';

const edges: Readonly<Record<PaymentState, Readonly<Partial<Record<PaymentEvent, PaymentState>>>>> = {
  CREATED: { send: 'AUTHORIZING', stop: 'FAILED' },
  AUTHORIZING: { approved: 'PAID', declined: 'FAILED', 'no-answer': 'REVERSING', stop: 'REVERSING' },
  REVERSING: { reversed: 'REVERSED', 'reversal-stuck': 'NEEDS_HUMAN' },
  PAID: { clear: 'CLEARED' },
  FAILED: {},
  REVERSED: {},
  NEEDS_HUMAN: {},
  CLEARED: {},
};

/** The state after `event`; ILLEGAL_STATE, naming state and event, for anything that states.md does not list. */
export function next(state: PaymentState, event: PaymentEvent): PaymentState {
  const to = edges[state][event];
  if (!to) throw new TerminalError('ILLEGAL_STATE', { state, event });
  return to;
}

export interface Payment {
  /** ULID, made before anything is sent: the idempotency key of everything about this payment. */
  readonly no: string;
  readonly txn: 'sale';
  readonly state: PaymentState;
  readonly batch: string;
  /** Shanghai day on which the batch books its receivable (1101). */
  readonly businessDate: string;
  /** 流水号; the reversal repeats it. */
  readonly stan: string;
  readonly operator: string;
  readonly amountFen: Fen;
  readonly feeFen: Fen;
  readonly rateId: string | null;
  readonly cardGroup: Group | null;
  readonly entry: EntryMode | null;
  /** First six, last four. */
  readonly card: string | null;
  /** AID, TVR, ARQC, ATC for the slip. */
  readonly chip: Readonly<Record<string, string>> | null;
  readonly code: string | null;
  readonly rrn: string | null;
  readonly authCode: string | null;
  readonly issuer: string | null;
  readonly acquirer: string | null;
  readonly createdAt: number;
  readonly endedAt: number | null;
  readonly why: string | null;
  readonly reversal: 'DUE' | 'SENT' | 'DONE' | 'NEEDS_HUMAN' | null;
  readonly reversalAttempts: number;
  /** Answers to the reversal that were not final. */
  readonly reversalRefusals: number;
  /** How often its slip came out of the printer. */
  readonly prints: number;
}

/** What is kept of a card: nothing that could be used to pay. */
export interface CardFacts {
  readonly entry: EntryMode;
  readonly card: string;
  /** Keyed hash, to find the same card again; the key belongs to this terminal. */
  readonly cardHash: Uint8Array;
  readonly chip: Readonly<Record<string, string>> | null;
}
