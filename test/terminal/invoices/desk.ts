import type { InvoiceResult } from '../../../sync/protocol/invoices.ts';
import { inTransaction } from '../../../terminal/base/database.ts';
import { fen } from '../../../terminal/base/money.ts';
import { applyNews } from '../../../terminal/flows/upstream-news.ts';
import type { CustomerTyped } from '../../../terminal/invoices/customer.ts';
import type { Invoice } from '../../../terminal/invoices/invoice.ts';
import { type IssueCommand, issueInvoice } from '../../../terminal/invoices/issue-invoice.ts';
import { redInvoice } from '../../../terminal/invoices/red-invoice.ts';
import { cashier, type Till } from '../till.ts';

/** Invoices at a till without a link: what is asked, and what the host says, row by row. */

export const company: CustomerTyped = {
  titleKind: 'company',
  title: '某某科技有限公司',
  taxNo: '91110000MA00000001',
  address: '北京市朝阳区1号',
  phone: '13800000000',
};

/** 100.00 left of payment P1, for a company, by operator 01, unless told. */
export const issue = (
  till: Till,
  change: Partial<CustomerTyped> & Partial<Omit<IssueCommand, 'customer' | 'payment'>> & { leftFen?: number } = {},
): Invoice => {
  const { user = cashier, leftFen = 10_000, key, ...customer } = change;
  return issueInvoice(till.db, till, {
    user,
    payment: { no: 'P1', leftFen: fen(leftFen) },
    customer: { ...company, ...customer },
    ...(key !== undefined && { key }),
  });
};

export const red = (till: Till, no: string, leftFen: number): Invoice =>
  redInvoice(till.db, till, { user: cashier, no, leftFen: fen(leftFen) });

let seq = 0;
/** The host's word about an invoice; issued under number and QR of its own unless told. */
export function hear(
  till: Till,
  { no, kind, payment, amountFen }: Invoice,
  outcome: InvoiceResult['outcome'],
  change: Partial<InvoiceResult> = {},
): void {
  seq += 1;
  const good = outcome === 'accepted' || outcome === 'succeeded';
  const number = `I-${no.slice(-6)}`;
  const body: InvoiceResult = {
    no,
    at: till.clock.now(),
    kind,
    payment,
    outcome,
    reason: null,
    limit: null,
    hostRef: null,
    invoiceNo: good ? number : null,
    url: good ? `https://fp.example.cn/${number}` : null,
    amountFen,
    rev: 1,
    ...change,
  };
  inTransaction(till.db, (tx) =>
    applyNews(tx, till.clock, { kind: 'invoice-result', seq, id: `${no}:${outcome}:${seq}`, body }),
  );
}

/** Invoices and what goes up, to see that nothing changed. */
export const invoicesOf = (till: Till): string =>
  JSON.stringify(
    ['invoice', 'outbox', 'journal'].map((table) => till.db.prepare(`SELECT * FROM ${table} ORDER BY 1`).all()),
  );
