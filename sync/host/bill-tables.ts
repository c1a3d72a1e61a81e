import { type Kysely, sql } from 'kysely';
import * as v from 'valibot';
import type { EntryMode } from '../protocol/common.ts';

/** The tables of reconciliation (B-032): bills of a terminal and day, their files in parts, and the differences that terminals found. */

interface Owned {
  merchant: string;
  terminal: string;
}

/** How a file is bad that a tester wants bad. */
export const spoil = v.picklist(['hash', 'rows', 'line', 'part']);
export type Spoil = v.InferOutput<typeof spoil>;

export interface BillTable extends Owned {
  date: string;
  version: number;
  /** BUILDING: its parts are being written, from the start after a restart. SENDING: `sent_parts` of them are in the outbox. */
  state: 'BUILDING' | 'SENDING' | 'SENT';
  /** What a tester wants to be wrong: differences in the lines, or a bad file. */
  planted_json: string;
  spoil: Spoil | null;
  sha256: string;
  bytes: number;
  rows: number;
  gross_fen: number;
  fee_fen: number;
  parts: number;
  sent_parts: number;
  /** When it was ordered, then when its reading began. */
  at: number;
}

export interface BillPartTable extends Owned {
  date: string;
  version: number;
  i: number;
  /** Number of its first line: a part holds whole lines, in order. */
  first: string;
  bytes: Buffer;
}

/** FOUND → PROPOSED by one person → DECIDED by another (P-28), and again as long as the terminal has not posted it; GONE when a newer bill or clearing does not show it any more. What the merchant's operator finds is noted beside it. */
export interface BillDifferenceTable extends Owned {
  no: string;
  date: string;
  /** Of the newest bill of that day when it was found. */
  version: number;
  /** `clearing`: the sums of a clearing did not add up at the terminal; decided as a difference of the mirror. */
  kind: 'surplus' | 'shortage' | 'amount' | 'state' | 'clearing';
  payment: string;
  txn: string;
  batch: string;
  entry: EntryMode | null;
  here: string;
  there: string;
  here_fen: number;
  there_fen: number;
  delta_fen: number;
  /** Where J-80 or J-81 put it, e.g. `1101:2026-11-20`. */
  channel: string;
  state: 'FOUND' | 'PROPOSED' | 'DECIDED' | 'GONE';
  /** 1 when the terminal has posted what was decided. */
  posted: number;
  finding: 'investigating' | 'explained' | null;
  finding_text: string;
  decision: 'missing-sale' | 'missing-refund' | 'write-off' | 'give-back' | 'explained' | null;
  reason: string;
  proposed_by: string | null;
  approved_by: string | null;
  decided_at: number | null;
  at: number;
}

export interface BillTables {
  bills: BillTable;
  bill_parts: BillPartTable;
  bill_differences: BillDifferenceTable;
}

/** One migration of the host's store. */
export async function createBillTables(db: Kysely<unknown>): Promise<void> {
  await sql`create table bills (
    merchant text not null, terminal text not null, date text not null, version integer not null,
    state text not null, planted_json text not null, spoil text,
    sha256 text not null, bytes integer not null, rows integer not null,
    gross_fen integer not null, fee_fen integer not null,
    parts integer not null, sent_parts integer not null, at integer not null,
    primary key (merchant, terminal, date, version)
  ) strict`.execute(db);
  await sql`create table bill_parts (
    merchant text not null, terminal text not null, date text not null, version integer not null,
    i integer not null, first text not null, bytes blob not null,
    primary key (merchant, terminal, date, version, i)
  ) strict`.execute(db);
  await sql`create table bill_differences (
    merchant text not null, terminal text not null, no text not null, date text not null,
    version integer not null, kind text not null,
    payment text not null, txn text not null, batch text not null, entry text, here text not null, there text not null,
    here_fen integer not null, there_fen integer not null, delta_fen integer not null, channel text not null,
    state text not null, posted integer not null, finding text, finding_text text not null,
    decision text, reason text not null, proposed_by text, approved_by text, decided_at integer, at integer not null,
    primary key (merchant, terminal, no)
  ) strict`.execute(db);
}
