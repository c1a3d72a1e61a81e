/** The tables of merchant data, applications, tickets, settlement slips and what goes out to people. */

interface Owned {
  merchant: string;
  terminal: string;
}

/**
 * Every record of merchant data that terminals hold, with the rev at which it changed last. `key`: an account's version, a user's log-in name, else empty. The contents of accounts and
 * parameters stand in tables of their own; `record_json` is null there.
 */
export interface MerchantRecordTable {
  merchant: string;
  kind: 'account' | 'parameters' | 'mode' | 'profile' | 'calendar' | 'user';
  key: string;
  rev: number;
  record_json: string | null;
  /** Who changed it last: a user or operator of a terminal, `U` upstream, `SYS` what was built in. */
  by_actor: string;
  at: number;
}

/** What each change of such a record was: who, when, from, to (B-007). */
export interface RecordLogTable {
  merchant: string;
  n: number;
  kind: MerchantRecordTable['kind'];
  key: string;
  at: number;
  by_actor: string;
  from_json: string | null;
  to_json: string;
}

/** Whose account may be settled to (B-013): as registered. The merchant itself is one of them. */
export interface PersonTable {
  merchant: string;
  role: 'merchant' | 'legal-person' | 'settler';
  name: string;
  /** Number of the identity document or the licence; null: not registered, not compared. */
  id_no: string | null;
}

/** `apply` rows, by the terminal at which they were made. */
export interface ApplicationTable extends Owned {
  no: string;
  kind: 'account' | 'mode' | 'profile' | 'user' | 'paper-statement';
  fingerprint: string;
  by_actor: string;
  state: 'ACCEPTED' | 'DONE' | 'REFUSED';
  /** Of a paper statement. */
  stage: 'REQUESTED' | 'PRINTED' | 'MAILED' | null;
  reason: string | null;
  /** What was asked, without what was sealed. */
  facts_json: string;
  /** Of an account: the version that it is about, and what is wrong with it if it is decided by the rules. */
  version: number | null;
  flaw: string | null;
  /** When the rules decide; null: a person does, or it is decided. */
  due_at: number | null;
  /** null: the rules. */
  decided_by: string | null;
  at: number;
  ended_at: number | null;
}

/** Disputes (B-014). The number is that of the row that opened it. */
export interface TicketTable extends Owned {
  no: string;
  settlement: string;
  payment: string | null;
  text: string;
  by_actor: string;
  state: 'OPEN' | 'ANSWERED' | 'CLOSED';
  answer: string | null;
  answered_by: string | null;
  at: number;
  answered_at: number | null;
  closed_at: number | null;
}

/** Settlement slips (B-029), one for each success. */
export interface StatementTable extends Owned {
  no: string;
  settlement: string;
  facts_json: string;
  /** null while it is being sent. */
  channel: 'email' | 'sms' | 'none' | 'failed' | null;
  at: number;
}

/** Letters: outgoing.ts. `terminal` hears how it went. */
export interface OutgoingTable extends Owned {
  /** Of a notice that of its `notify`; of a slip its own number; of an invoice that of its instruction. */
  no: string;
  kind: 'notice' | 'statement' | 'invoice';
  channel: 'email' | 'sms';
  /** The whole address; it leaves this table only masked. null: the merchant has none. */
  address: string | null;
  /** Which words: N-06 …; `facts_json` fills them, an object of texts. */
  text: string;
  facts_json: string;
  /** FAILED is tried again at `due_at`, DEAD is not. */
  state: 'QUEUED' | 'SENT' | 'FAILED' | 'DEAD';
  attempts: number;
  /** null when nothing is left to do. */
  due_at: number | null;
  /** Why the last attempt failed. */
  reason: string | null;
  at: number;
  ended_at: number | null;
}

export interface SettlementTables {
  merchant_records: MerchantRecordTable;
  record_log: RecordLogTable;
  people: PersonTable;
  applications: ApplicationTable;
  tickets: TicketTable;
  statements: StatementTable;
  outgoing: OutgoingTable;
}
