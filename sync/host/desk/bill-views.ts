import { plantedIn } from '../bills.ts';
import { legalDecisions } from '../decide-bill-difference.ts';
import { mostRows } from '../report-rows.ts';
import { shanghaiDay } from '../shanghai.ts';
import type { HostTrx } from '../store.ts';
import { listOf } from './listed.ts';

export async function billsView(trx: HostTrx, merchant: string) {
  const found = await trx
    .selectFrom('bills')
    .selectAll()
    .where('merchant', '=', merchant)
    .orderBy('date', 'desc')
    .orderBy('version', 'desc')
    .limit(mostRows)
    .execute();
  const rows = found.map((bill) => ({
    terminal: bill.terminal,
    date: bill.date,
    version: bill.version,
    state: bill.state,
    rows: bill.rows,
    bytes: bill.bytes,
    grossFen: bill.gross_fen,
    feeFen: bill.fee_fen,
    planted: plantedIn(bill).map(({ kind }) => kind),
    spoil: bill.spoil,
    at: bill.at,
  }));
  return { rows };
}

export async function differencesView(trx: HostTrx, merchant: string) {
  const found = await listOf(trx, merchant, 'differences');
  const rows = found.map((difference) => ({
    terminal: difference.terminal,
    no: difference.no,
    date: difference.date || shanghaiDay(difference.at),
    kind: difference.kind,
    payment: difference.payment,
    txn: difference.txn,
    batch: difference.batch,
    here: difference.here,
    there: difference.there,
    hereFen: difference.here_fen,
    thereFen: difference.there_fen,
    deltaFen: difference.delta_fen,
    state: difference.state,
    finding: difference.finding,
    findingText: difference.finding_text,
    decision: difference.decision,
    reason: difference.reason,
    proposedBy: difference.proposed_by,
    approvedBy: difference.approved_by,
    may: legalDecisions(difference),
    at: difference.at,
    waits: difference.waits,
  }));
  return { rows };
}

/** Where the second opinion differs: no instruction of that terminal is accepted until it is decided. */
export async function mirrorView(trx: HostTrx, merchant: string) {
  const found = await listOf(trx, merchant, 'mirror');
  const rows = found.map((row) => ({
    terminal: row.terminal,
    n: row.n,
    at: row.at,
    row: `${row.row_kind} ${row.row_id}`,
    account: row.account,
    bookFen: row.book_fen,
    mirrorFen: row.mirror_fen,
    decision: row.decision,
    decidedBy: row.decided_by,
    waits: row.waits,
  }));
  return { rows };
}
