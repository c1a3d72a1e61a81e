import { TerminalError } from '../base/errors.ts';
import type { Fen } from '../base/money.ts';

/**
 * A customer's invoice (电子发票) and its states, as states.md 19 has them. FAILED may be asked for again under a new number. A red one (红字发票) goes
 * the same way, and what it takes back is RED as soon as it is issued.
 */
export type InvoiceState = 'REQUESTED' | 'ISSUED' | 'SENT' | 'FAILED' | 'RED';
/** `taken-back`: its red invoice was issued. */
export type InvoiceEvent = 'issued' | 'sent' | 'refused' | 'failed' | 'taken-back';

const edges: Readonly<Record<InvoiceState, Readonly<Partial<Record<InvoiceEvent, InvoiceState>>>>> = {
  REQUESTED: { issued: 'ISSUED', sent: 'SENT', refused: 'FAILED', failed: 'FAILED' },
  // It did not reach the customer, who has it on paper: that takes no invoice back.
  ISSUED: { sent: 'SENT', failed: 'ISSUED', 'taken-back': 'RED' },
  SENT: { 'taken-back': 'RED' },
  FAILED: {},
  RED: {},
};

/** The state after `event`; ILLEGAL_STATE, naming state and event, for anything that states.md does not list. */
export function nextInvoiceState(state: InvoiceState, event: InvoiceEvent): InvoiceState {
  const to = edges[state][event];
  if (!to) throw new TerminalError('ILLEGAL_STATE', { state, event });
  return to;
}

const passed: Readonly<Record<InvoiceEvent, readonly InvoiceState[]>> = {
  issued: ['ISSUED', 'SENT', 'RED'],
  sent: ['SENT', 'RED'],
  refused: ['FAILED'],
  failed: ['FAILED'],
  'taken-back': ['RED'],
};

/** This was said before: the invoice stands where it leads, or is beyond. */
export const isInvoicePassed = (state: InvoiceState, event: InvoiceEvent): boolean => passed[event].includes(state);

/** Issued, and not taken back. */
export const isStanding = ({ state }: Pick<Invoice, 'state'>): boolean => state === 'ISSUED' || state === 'SENT';

export interface Invoice {
  /** ULID: the idempotency key of everything about this invoice. */
  readonly no: string;
  readonly kind: 'blue' | 'red';
  readonly state: InvoiceState;
  readonly payment: string;
  /** Of a red one: what it takes back, whole. */
  readonly of: string | null;
  readonly amountFen: Fen;
  readonly titleKind: 'personal' | 'company';
  /** 抬头; a red one repeats it. */
  readonly title: string;
  readonly taxNo: string | null;
  readonly address: string | null;
  /** Where it is sent. */
  readonly phone: string | null;
  readonly email: string | null;
  readonly operator: string;
  readonly idempotencyKey: string | null;
  readonly requestedAt: number;
  readonly endedAt: number | null;
  /** FAILED by a rule, not by chance. */
  readonly refused: boolean;
  readonly reason: string | null;
  /** 发票号码, and what its QR says; once issued. */
  readonly invoiceNo: string | null;
  readonly url: string | null;
  readonly prints: number;
}
