import { currentAccount, maskAccount } from './accounts.ts';
import type { TerminalRef } from './business.ts';
import { type Host, owner } from './host.ts';
import { findMerchant } from './merchants.ts';
import { mirrorBalances } from './mirror.ts';
import { readParameters } from './parameters.ts';
import { rejectedRows } from './rejected-rows.ts';
import { rowsOf } from './report-rows.ts';
import { settlementFacts } from './settlement-facts.ts';
import type { HostTrx } from './store.ts';

/** What testers and auditors see of the host; JSON, no card data, account numbers masked. */

export async function hostState(host: Host, trx: HostTrx, merchant: string) {
  const row = await findMerchant(trx, merchant);
  const terminals = await trx.selectFrom('terminals').selectAll().where('merchant', '=', merchant).execute();
  const states = [];
  const account = await currentAccount(trx, merchant);
  for (const terminal of terminals) states.push(await terminalState(trx, terminal));
  return {
    merchant: {
      number: merchant,
      name: row?.name,
      rev: row?.rev,
      account: account ? maskAccount(account) : null,
      parameters: await readParameters(trx, merchant),
    },
    terminals: states,
    faults: host.faults.list(),
  };
}

async function terminalState(trx: HostTrx, of: TerminalRef & { readonly next_batch: string }) {
  const approvals = await trx
    .selectFrom('approvals')
    .select((eb) => ['state', eb.fn.countAll().as('count'), eb.fn.sum('amount_fen').as('fen')])
    .where((eb) => eb.and(owner(of)))
    .groupBy('state')
    .execute();
  return {
    terminal: of.terminal,
    nextBatch: of.next_batch,
    approvals: Object.fromEntries(approvals.map((a) => [a.state, { count: Number(a.count), fen: Number(a.fen) }])),
    batches: await batchesOf(trx, of),
    settlements: (await rowsOf(trx, of, 'settlements', 'at', 'no')).map(settlementFacts),
    mirror: { differences: await differencesOf(trx, of) },
    bills: (await rowsOf(trx, of, 'bills', 'date', 'version')).map(({ date, version, state, rows, sha256 }) => ({
      date,
      version,
      state,
      rows,
      sha256,
    })),
    billDifferences: await billDifferencesOf(trx, of),
    rejectedRows: await rejectedRows(trx, of, 200),
  };
}

async function batchesOf(trx: HostTrx, of: TerminalRef) {
  const rows = await rowsOf(trx, of, 'batches', 'opened_at', 'batch');
  return rows.map((row) => ({
    batch: row.batch,
    state: row.state,
    businessDate: row.business_date,
    verdicts: parse(row.verdicts_json),
    hostTotals: parse(row.host_totals_json),
    differing: parse(row.differing_json),
    clearingDate: row.clearing_date,
    grossFen: row.gross_fen,
    feeFen: row.fee_fen,
  }));
}

const parse = (json: string | null): unknown => (json === null ? null : JSON.parse(json));

async function differencesOf(trx: HostTrx, of: TerminalRef) {
  const rows = await rowsOf(trx, of, 'mirror_differences', 'n');
  return rows.map((row) => ({
    n: row.n,
    seq: row.seq,
    row: `${row.row_kind} ${row.row_id}`,
    account: row.account,
    bookFen: row.book_fen,
    mirrorFen: row.mirror_fen,
    decision: row.decision,
    decidedBy: row.decided_by,
  }));
}

async function billDifferencesOf(trx: HostTrx, of: TerminalRef) {
  const rows = await rowsOf(trx, of, 'bill_differences', 'at', 'no');
  return rows.map((row) => ({
    no: row.no,
    date: row.date,
    kind: row.kind,
    payment: row.payment,
    deltaFen: row.delta_fen,
    state: row.state,
    decision: row.decision,
    proposedBy: row.proposed_by,
    approvedBy: row.approved_by,
    posted: row.posted === 1,
  }));
}

/** Balances of the mirror by account key. */
export async function mirrorReport(trx: HostTrx, of: TerminalRef) {
  return { terminal: of.terminal, balances: Object.fromEntries(await mirrorBalances(trx, of)) };
}

/** The host's own decisions on transactions, for an auditor who compares them with the terminal and with the slips. */
export async function approvalsReport(trx: HostTrx, of: TerminalRef) {
  const rows = await rowsOf(trx, of, 'approvals', 'at', 'payment');
  return rows.map((row) => ({
    payment: row.payment,
    txn: row.txn,
    original: row.original,
    batch: row.batch,
    stan: row.stan,
    amountFen: row.amount_fen,
    discountFen: row.discount_fen,
    feeFen: row.fee_fen,
    rateId: row.rate_id,
    group: row.card_group,
    entry: row.entry,
    card: row.card_masked,
    code: row.code,
    rrn: row.rrn,
    authCode: row.auth_code,
    state: row.state,
    bookedBy: row.booked_by,
    at: row.at,
  }));
}
