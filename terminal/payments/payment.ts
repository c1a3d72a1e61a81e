import type { EntryMode, Group, TxnKind } from '../../sync/protocol/common.ts';
import { TerminalError } from '../base/errors.ts';
import type { Fen } from '../base/money.ts';

/**
 * A payment (交易) and its states, as states.md 1 has them. A row is CREATED before anything is asked of the world, with its reversal due where there
 * is one; AUTHORIZING is passed in the transaction that stores the answer, so it is never at rest: whoever finds CREATED after a restart must
 * take it that the request may have left.
 *
 * Three families. Money in: PAID, then cleared, voided, refunded. A deed does something to another payment and is DONE. A hold (预授权) is HELD until it is
 * completed, voided or expired. A code sale has no reversal: in doubt it is UNKNOWN until its order ends. A stored sale is STORED until its result.
 */
export type PaymentState =
  | 'CREATED'
  | 'AUTHORIZING'
  | 'UNKNOWN'
  | 'STORED'
  | 'PAID'
  | 'VOIDING'
  | 'VOIDED'
  | 'CLEARED'
  | 'PARTLY_REFUNDED'
  | 'REFUNDED'
  | 'HELD'
  | 'COMPLETED'
  | 'EXPIRED'
  | 'DONE'
  | 'FAILED'
  | 'REVERSING'
  | 'REVERSED'
  | 'NEEDS_HUMAN';

export type PaymentEvent =
  | 'send'
  | 'stop'
  | 'approved'
  | 'declined'
  | 'no-answer'
  | 'reversed'
  | 'reversal-stuck'
  /** The host was called, and is asked once more. */
  | 'reversal-resumed'
  /** A code order was closed by number and nobody paid; it was paid, and given back. */
  | 'closed'
  | 'revoked'
  /** Accepted offline; its result comes down. */
  | 'store'
  | 'clear'
  | 'refund-part'
  | 'refund-all'
  /** Of the payment that a void, a pre-authorisation void or a completion is about. */
  | 'void'
  | 'voided'
  | 'not-voided'
  | 'not-voided-cleared'
  | 'completed'
  | 'completion-undone'
  | 'expired';

type Edges = Readonly<Partial<Record<PaymentState, Readonly<Partial<Record<PaymentEvent, PaymentState>>>>>>;

const asked: Edges = {
  CREATED: { send: 'AUTHORIZING', stop: 'FAILED' },
  REVERSING: { reversed: 'REVERSED', 'reversal-stuck': 'NEEDS_HUMAN' },
  NEEDS_HUMAN: { 'reversal-resumed': 'REVERSING' },
};
const notApproved = { declined: 'FAILED', 'no-answer': 'REVERSING', stop: 'REVERSING' } as const;

/** Money that was told instead of asked, or came by a code, can not be voided. */
const refund = { 'refund-part': 'PARTLY_REFUNDED', 'refund-all': 'REFUNDED' } as const;
const refundable = {
  PAID: { clear: 'CLEARED', ...refund },
  CLEARED: refund,
  PARTLY_REFUNDED: { clear: 'PARTLY_REFUNDED', ...refund },
  REFUNDED: { clear: 'REFUNDED' },
} as const;
const voidable = {
  ...refundable,
  PAID: { ...refundable.PAID, void: 'VOIDING' },
  CLEARED: { ...refundable.CLEARED, void: 'VOIDING' },
  VOIDING: { voided: 'VOIDED', 'not-voided': 'PAID', 'not-voided-cleared': 'CLEARED' },
} as const;

const cardMoney: Edges = { ...asked, AUTHORIZING: { approved: 'PAID', ...notApproved }, ...voidable };
const deed: Edges = { ...asked, AUTHORIZING: { approved: 'DONE', ...notApproved } };
const told: Edges = {
  CREATED: { store: 'STORED', stop: 'FAILED' },
  STORED: { approved: 'PAID', declined: 'FAILED' },
};
const ofOrder = { approved: 'PAID', declined: 'FAILED', closed: 'FAILED', revoked: 'REVERSED' } as const;

const edges: Readonly<Record<TxnKind, Edges>> = {
  sale: cardMoney,
  completion: cardMoney,
  'code-sale': {
    CREATED: { send: 'AUTHORIZING', stop: 'FAILED' },
    AUTHORIZING: { ...ofOrder, 'no-answer': 'UNKNOWN', stop: 'UNKNOWN' },
    UNKNOWN: ofOrder,
    ...refundable,
  },
  'stored-sale': { ...told, ...voidable },
  'completion-advice': { ...told, ...refundable },
  void: deed,
  'preauth-void': deed,
  'completion-void': deed,
  preauth: {
    ...asked,
    AUTHORIZING: { approved: 'HELD', ...notApproved },
    HELD: { completed: 'COMPLETED', voided: 'VOIDED', expired: 'EXPIRED' },
    COMPLETED: { 'completion-undone': 'HELD' },
  },
};

/** The state after these events, one after the other; ILLEGAL_STATE, naming state and event, for anything that states.md does not list. */
export function next({ txn, state }: Pick<Payment, 'txn' | 'state'>, ...events: readonly PaymentEvent[]): PaymentState {
  return events.reduce((from, event) => {
    const to = edges[txn][from]?.[event];
    if (!to) throw new TerminalError('ILLEGAL_STATE', { state: from, event });
    return to;
  }, state);
}

export interface Payment {
  /** ULID, made before anything is sent: the idempotency key of everything about this payment. */
  readonly no: string;
  readonly txn: TxnKind;
  readonly state: PaymentState;
  readonly batch: string;
  /** Shanghai day on which the batch books its receivable (11xx). */
  readonly businessDate: string;
  /** 流水号; the reversal repeats it. */
  readonly stan: string;
  readonly operator: string;
  /** Who authorised it, where a supervisor must (00). */
  readonly approvedBy: string | null;
  /** Number of the payment that is voided or completed; null for one that this terminal does not know (a completion by code). */
  readonly original: string | null;
  /** Authorisation code of the pre-authorisation that is completed, where this terminal does not know it. */
  readonly originAuthCode: string | null;
  /** What was keyed: the amount of every request and of the reversal. */
  readonly askedFen: Fen;
  /** G (sync/protocol/payments.ts): approved less discount; as long as nothing is approved, what was keyed. Of a deed or a hold, what is given back or held. */
  readonly amountFen: Fen;
  /** Paid by a promoter on top of G. */
  readonly discountFen: Fen;
  /** F of the whole of G, fixed at the approval. */
  readonly feeFen: Fen;
  readonly rateId: string | null;
  readonly cardGroup: Group | null;
  readonly entry: EntryMode | null;
  /** First six, last four. */
  readonly card: string | null;
  /** AID, TVR, ARQC, ATC for the slip; CVM, where the card asked for its PIN. */
  readonly chip: Readonly<Record<string, string>> | null;
  readonly code: string | null;
  readonly rrn: string | null;
  /** 授权码; of a code sale the wallet's own number of the payment (付款凭证号). */
  readonly authCode: string | null;
  readonly issuer: string | null;
  readonly acquirer: string | null;
  /** J-03 or J-04 is posted: CLEARED, or what a void or a refund made of it. Of a void: its J-02r is posted. */
  readonly cleared: boolean;
  /** ΣR and Σf of the refunds that succeeded, here and elsewhere. */
  readonly refundedFen: Fen;
  readonly refundedFeeFen: Fen;
  /** When a pre-authorisation expires. */
  readonly validUntil: number | null;
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
