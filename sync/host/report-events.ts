import type { TerminalRef } from './business.ts';
import { owner } from './host.ts';
import type { HostTrx } from './store.ts';

/** What followed upon payments, for testers and auditors: refunds, orders of codes, freezes, charge-backs, invoices, what the terminal told. */
export async function eventsReport(trx: HostTrx, of: TerminalRef) {
  return {
    refunds: await refunds(trx, of),
    codeOrders: await codeOrders(trx, of),
    freezes: await freezes(trx, of),
    chargeBacks: await chargeBacks(trx, of),
    invoices: await invoices(trx, of),
    notices: await notices(trx, of),
  };
}

async function refunds(trx: HostTrx, of: TerminalRef) {
  const rows = await trx
    .selectFrom('refunds')
    .selectAll()
    .where((eb) => eb.and(owner(of)))
    .orderBy('at')
    .orderBy('no')
    .execute();
  return rows.map((row) => ({
    no: row.no,
    payment: row.payment,
    saleTerminal: row.origin_terminal,
    batch: row.batch,
    amountFen: row.amount_fen,
    feeFen: row.fee_fen,
    source: row.source,
    state: row.state,
    reason: row.reason,
  }));
}

async function codeOrders(trx: HostTrx, of: TerminalRef) {
  const rows = await trx
    .selectFrom('code_orders')
    .selectAll()
    .where((eb) => eb.and(owner(of)))
    .orderBy('payment')
    .execute();
  return rows.map(({ payment, batch, instrument, amount_fen: amountFen, state, code }) => ({
    payment,
    batch,
    instrument,
    amountFen,
    state,
    code,
  }));
}

async function freezes(trx: HostTrx, of: TerminalRef) {
  const rows = await trx
    .selectFrom('freezes')
    .selectAll()
    .where((eb) => eb.and(owner(of)))
    .orderBy('n')
    .execute();
  return rows.map(({ no, payment, amount_fen: amountFen, state }) => ({ no, payment, amountFen, state }));
}

async function chargeBacks(trx: HostTrx, of: TerminalRef) {
  const rows = await trx
    .selectFrom('charge_backs')
    .selectAll()
    .where((eb) => eb.and(owner(of)))
    .orderBy('no')
    .execute();
  return rows.map(({ no, payment, freeze, amount_fen: amountFen, posted }) => ({
    no,
    payment,
    freeze,
    amountFen,
    posted: posted === 1,
  }));
}

async function invoices(trx: HostTrx, of: TerminalRef) {
  const rows = await trx
    .selectFrom('invoices')
    .selectAll()
    .where((eb) => eb.and(owner(of)))
    .orderBy('at')
    .orderBy('no')
    .execute();
  return rows.map((row) => ({
    no: row.no,
    kind: row.kind,
    payment: row.payment,
    amountFen: row.amount_fen,
    state: row.state,
    reason: row.reason,
    invoiceNo: row.invoice_no,
  }));
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
