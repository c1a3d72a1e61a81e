import type { TerminalRef } from './business.ts';
import { owner } from './host.ts';
import { rowsOf } from './report-rows.ts';
import type { HostTrx } from './store.ts';

/** What followed upon payments, for testers and auditors: refunds, orders of codes, freezes, charge-backs, invoices, what the terminal told. */
export async function eventsReport(trx: HostTrx, of: TerminalRef) {
  const refunds = await rowsOf(trx, of, 'refunds', 'at', 'no');
  const codeOrders = await rowsOf(trx, of, 'code_orders', 'payment');
  const freezes = await rowsOf(trx, of, 'freezes', 'n');
  const chargeBacks = await rowsOf(trx, of, 'charge_backs', 'no');
  const invoices = await rowsOf(trx, of, 'invoices', 'at', 'no');
  return {
    refunds: refunds.map((row) => ({
      no: row.no,
      payment: row.payment,
      saleTerminal: row.origin_terminal,
      batch: row.batch,
      amountFen: row.amount_fen,
      feeFen: row.fee_fen,
      source: row.source,
      state: row.state,
      reason: row.reason,
    })),
    codeOrders: codeOrders.map(({ payment, batch, instrument, amount_fen: amountFen, state, code }) => ({
      payment,
      batch,
      instrument,
      amountFen,
      state,
      code,
    })),
    freezes: freezes.map(({ no, payment, amount_fen: amountFen, state }) => ({ no, payment, amountFen, state })),
    chargeBacks: chargeBacks.map(({ no, payment, freeze, amount_fen: amountFen, posted }) => ({
      no,
      payment,
      freeze,
      amountFen,
      posted: posted === 1,
    })),
    invoices: invoices.map((row) => ({
      no: row.no,
      kind: row.kind,
      payment: row.payment,
      amountFen: row.amount_fen,
      state: row.state,
      reason: row.reason,
      invoiceNo: row.invoice_no,
    })),
    notices: await notices(trx, of),
  };
}

async function notices(trx: HostTrx, of: TerminalRef) {
  const rows = await trx
    .selectFrom('notices')
    .selectAll()
    .where((eb) => eb.and(owner(of)))
    .orderBy('at', 'desc')
    .orderBy('no', 'desc')
    .limit(100)
    .execute();
  return rows.map((row) => ({
    kind: row.kind,
    no: row.no,
    at: row.at,
    by: row.by_actor,
    facts: JSON.parse(row.facts_json),
  }));
}
