import type { EntryMode, TxnKind } from '../protocol/common.ts';
import type { SettlementAccount } from '../protocol/merchant-data.ts';
import type { Request } from '../protocol/requests.ts';
import type { SettleMode } from '../protocol/settlement.ts';
import type { FollowingTables } from './following-tables.ts';
import type { SettlementTables } from './settlement-tables.ts';

/**
 * The tables of the reference host's business. Amounts are fen, times milliseconds since 1970; every key starts with merchant and
 * terminal where a thing is a terminal's. JSON columns hold what only one function reads.
 */
interface Owned {
  merchant: string;
  terminal: string;
}

export interface MerchantTable {
  merchant: string;
  name: string;
  /** Counts what upstream decided for this merchant: each merchant-data row carries its value. */
  rev: number;
}

export interface ParameterTable {
  merchant: string;
  name: string;
  value_json: string;
}

export interface AccountTable {
  merchant: string;
  version: number;
  state: SettlementAccount['state'];
  name: string;
  /** The whole number: it leaves this table only masked. */
  number: string;
  bank: string;
  destination: SettlementAccount['destination'];
  /** Why it was rejected, or is in error. */
  reason: string | null;
}

export interface FeeRateTable {
  merchant: string;
  id: string;
  ppm: number;
  cap_fen: number | null;
}

export interface TerminalTable extends Owned {
  /** The number that the next batch gets. */
  next_batch: string;
  /** The merchant's rev that this terminal was last sent. */
  sent_rev: number;
}

export interface CounterTable {
  name: string;
  value: number;
}

/** What was answered, so that it can be answered again. */
export interface AnswerTable extends Owned {
  kind: Request['kind'];
  payment: string;
  request_id: string;
  fingerprint: string;
  answer_json: string;
  /** A late answer is not sent before this time. */
  not_before: number;
  /** 1: never sent (amount …99). */
  silent: number;
}

/** VOIDED and COMPLETED are of what another transaction, which names it as its original, has ended; undone, it is what it was before. */
export type ApprovalState = 'APPROVED' | 'DECLINED' | 'REVERSED' | 'REJECTED' | 'CLEARED' | 'VOIDED' | 'COMPLETED';

/** The host's own decisions on transactions: its truth at the batch close. */
export interface ApprovalTable extends Owned {
  payment: string;
  txn: TxnKind;
  /** What a void, a completion or its void is about. */
  original: string | null;
  batch: string;
  stan: string;
  /** What was asked; G is what of it was approved, less the discount. */
  asked_fen: number;
  amount_fen: number;
  discount_fen: number;
  fee_fen: number;
  rate_id: string | null;
  card_group: 'domestic' | 'foreign' | 'codes';
  entry: EntryMode;
  card_masked: string | null;
  code: string;
  rrn: string | null;
  auth_code: string | null;
  state: ApprovalState;
  /** By an answered request, or from the terminal's signed record at the close. */
  booked_by: 'request' | 'row' | 'upload';
  at: number;
  cleared_at: number | null;
  /** Of a pre-authorisation. */
  valid_until: number | null;
}

/** Payment numbers that may never be approved any more: their reversal was answered with 25. */
export interface BarredTable extends Owned {
  payment: string;
  at: number;
}

/** The terminal's version of its payments and reversals, from the stream. */
export interface RecordTable extends Owned {
  kind: 'payment' | 'reversal';
  payment: string;
  batch: string;
  stan: string;
  state: string;
  amount_fen: number;
  facts_json: string;
  at: number;
}

export type BatchState = 'OPEN' | 'COMPARED' | 'CLOSED' | 'CLEARED';

export interface BatchTable extends Owned {
  batch: string;
  state: BatchState;
  /** The day on which the receivables of this batch are booked: from its first journal, then from its totals. */
  business_date: string | null;
  verdicts_json: string | null;
  host_totals_json: string | null;
  terminal_totals_json: string | null;
  differing_json: string | null;
  clearing_date: string | null;
  gross_fen: number | null;
  fee_fen: number | null;
  opened_at: number;
  compared_at: number | null;
  closed_at: number | null;
  cleared_at: number | null;
  /** When the host's due work clears it; null: it is cleared, or not by time. */
  clear_at: number | null;
}

/** The records of the groups that did not balance, as uploaded. */
export interface UploadTable extends Owned {
  batch: string;
  payment: string;
  stan: string;
  side: 'debit' | 'credit';
  card_group: 'domestic' | 'foreign' | 'codes';
  amount_fen: number;
  rate_id: string | null;
  entry: EntryMode;
  rrn: string | null;
  txn: TxnKind | 'refund';
}

/** Money of the channels that the host received for a terminal. */
export interface FundsTable extends Owned {
  account: '1101' | '1102' | '1103' | '1104';
  date: string;
  n: number;
  amount_fen: number;
  batch: string;
  /** 1 when the terminal's J-05 was checked against it. */
  posted: number;
}

/** RECEIVED: not accepted yet, so it may be stopped. */
export type SettlementState = 'RECEIVED' | 'PROCESSING' | 'REFUSED' | 'SUCCEEDED' | 'FAILED' | 'RETURNED';

export interface SettlementTable extends Owned {
  no: string;
  amount_fen: number;
  mode: SettleMode;
  /** Of AUTO: the day of the cut that it is for. */
  cut: string | null;
  by_actor: string;
  account_version: number;
  state: SettlementState;
  reason: string | null;
  host_ref: string | null;
  transfer_ref: string | null;
  service_fee_fen: number;
  value_date: string | null;
  /** When the host's due work moves it on; null: a person decides. */
  due_at: number | null;
  /** What a tester planned for it: fail with this reason; return it after success. */
  plan_fail: string | null;
  plan_return: number;
  /** Who decided it last; null: nobody, it was due. */
  decided_by: string | null;
  checked: number;
  /** The terminal's time. */
  at: number;
  /** The host's. */
  received_at: number;
}

/** Every journal that came up, unique by its key. */
export interface JournalTable extends Owned {
  journal_key: string;
  event: string;
  no: string;
  at: number;
  by_actor: string;
  lines_json: string;
}

/** Running sums of the mirror ledger; the balance is debit less credit, or the reverse, by the account's side. */
export interface MirrorTable extends Owned {
  account: string;
  debit_fen: number;
  credit_fen: number;
}

/** Where the terminal's posting and the host's own computation differ. */
export interface DifferenceTable extends Owned {
  n: number;
  seq: number;
  row_kind: string;
  row_id: string;
  account: string;
  book_fen: number;
  mirror_fen: number;
  /** null: open, no instruction of this terminal is accepted. */
  decision: string | null;
  decided_at: number | null;
  decided_by: string | null;
  at: number;
}

export interface BusinessTables extends FollowingTables, SettlementTables {
  merchants: MerchantTable;
  parameters: ParameterTable;
  accounts: AccountTable;
  fee_rates: FeeRateTable;
  terminals: TerminalTable;
  counters: CounterTable;
  answers: AnswerTable;
  approvals: ApprovalTable;
  barred: BarredTable;
  records: RecordTable;
  batches: BatchTable;
  uploads: UploadTable;
  funds: FundsTable;
  settlements: SettlementTable;
  host_journals: JournalTable;
  mirror: MirrorTable;
  mirror_differences: DifferenceTable;
}
