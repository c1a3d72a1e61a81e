import type { EntryMode } from '../protocol/common.ts';

/** The tables of what follows upon payments: refunds, orders of codes, verifications, freezes, charge-backs, invoices, notices. */

interface Owned {
  merchant: string;
  terminal: string;
}

export type RefundState = 'REFUSED' | 'PROCESSING' | 'SUCCEEDED' | 'FAILED';

/** Refunds (states.md 2), by the terminal at which they were keyed. */
export interface RefundTable extends Owned {
  no: string;
  batch: string;
  business_date: string;
  stan: string;
  origin_terminal: string;
  payment: string;
  amount_fen: number;
  fee_fen: number;
  cum_before: number;
  source: '2001' | '2002' | '2003';
  card_group: 'domestic' | 'foreign' | 'codes';
  entry: EntryMode;
  state: RefundState;
  /** What the terminal's book made of it: reserved (J-06), done (J-07), given back (J-08). */
  book_state: 'RESERVED' | 'DONE' | 'RELEASED';
  /** Where the terminal gives a refused or failed one back to: decided with the result, since the rows down are applied in order. */
  back_to: '2001' | '2002' | null;
  reason: string | null;
  host_ref: string | null;
  rrn: string | null;
  due_at: number | null;
  plan_fail: string | null;
  /** Who decided it; null: nobody, it was due. */
  decided_by: string | null;
  /** 1 when the channel netted it. */
  funded: number;
  at: number;
  ended_at: number | null;
}

/** Orders of code sales. A success is an approval too. */
export interface CodeOrderTable extends Owned {
  payment: string;
  batch: string;
  stan: string;
  fingerprint: string;
  amount_fen: number;
  instrument: 'QR_WECHAT' | 'QR_ALIPAY' | 'QR_UNIONPAY';
  state: 'WAITING' | 'SUCCESS' | 'CLOSED' | 'REVOKED';
  code: string;
  code_url: string | null;
  needs_pin: number;
  /** When the customer of the simulation pays; null: never. */
  pays_at: number | null;
  expires_at: number;
  /** What a promoter pays. */
  discount_fen: number;
}

/** A customer who is being verified (B-023). */
export interface VerificationTable extends Owned {
  payment: string;
  sent_by: 'sms' | 'wechat';
  sent_to: string;
  tries_left: number;
  expires_at: number;
}

export interface FreezeTable extends Owned {
  no: string;
  n: number;
  payment: string;
  amount_fen: number;
  /** SENT: the terminal may not have applied it. FLAG: applied before the payment cleared. HELD: applied after it. ENDED: unfrozen or charged back. */
  state: 'SENT' | 'FLAG' | 'HELD' | 'ENDED';
  /** 1 when the payment had not cleared as the freeze was sent: its J-03 holds the money then. */
  by_clearing: number;
  /** 1 when the fact that ends it went out: void and refund are allowed again. */
  ending: number;
  at: number;
}

export interface ChargeBackTable extends Owned {
  no: string;
  payment: string;
  freeze: string | null;
  amount_fen: number;
  account: '1101' | '1102' | '1103' | '1104';
  date: string;
  posted: number;
  at: number;
}

export interface InvoiceTable extends Owned {
  no: string;
  kind: 'blue' | 'red';
  payment: string;
  /** Of a red one: what it takes back. */
  blue_no: string | null;
  amount_fen: number;
  state: 'ISSUED' | 'REFUSED' | 'FAILED' | 'RED';
  reason: string | null;
  invoice_no: string | null;
  url: string | null;
  at: number;
}

/** What terminals told that needs no decision: self-checks, audit lines, stopped transactions. */
export interface NoticeTable extends Owned {
  kind: 'telemetry' | 'audit-line' | 'stop-reported';
  no: string;
  by_actor: string;
  facts_json: string;
  at: number;
}

export interface FollowingTables {
  refunds: RefundTable;
  code_orders: CodeOrderTable;
  verifications: VerificationTable;
  freezes: FreezeTable;
  charge_backs: ChargeBackTable;
  invoices: InvoiceTable;
  notices: NoticeTable;
}
