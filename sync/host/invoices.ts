import type { InvoiceResult, IssueInvoice, RedInvoice } from '../protocol/invoices.ts';
import { findApproval } from './approvals.ts';
import { HostReject, type TerminalRef } from './business.ts';
import { noEffects } from './effects.ts';
import type { InvoiceTable } from './following-tables.ts';
import { type Host, owner } from './host.ts';
import { findMerchant } from './merchants.ts';
import { nextReference } from './numbers.ts';
import { queueOutgoing } from './outgoing.ts';
import { refundsOf, sumRefunds } from './refund-sums.ts';
import type { RowPlan } from './row-plan.ts';
import { sendDown } from './send-down.ts';
import type { OutgoingTable } from './settlement-tables.ts';
import type { HostTrx } from './store.ts';

/** Invoices for customers (B-040, B-041): issued and sent to them (N-09), or refused; taken back (红字) after a refund or a void. */

type Row = { readonly kind: 'blue'; readonly body: IssueInvoice } | { readonly kind: 'red'; readonly body: RedInvoice };

export async function planInvoice(host: Host, trx: HostTrx, from: TerminalRef, row: Row): Promise<RowPlan> {
  const { no, facts } = row.body;
  const known = await findInvoice(trx, from, no);
  const same = known?.payment === facts.payment && known.amount_fen === facts.amountFen && known.kind === row.kind;
  if (known && !same) throw new HostReject('IDEMPOTENCY_CONFLICT');
  if (known) return { expected: noEffects, apply: async () => {} };
  return { expected: noEffects, apply: () => decide(host, trx, from, row) };
}

async function findInvoice(trx: HostTrx, from: TerminalRef, no: string): Promise<InvoiceTable | undefined> {
  return trx
    .selectFrom('invoices')
    .selectAll()
    .where((eb) => eb.and({ ...owner(from), no }))
    .executeTakeFirst();
}

async function decide(host: Host, trx: HostTrx, from: TerminalRef, row: Row): Promise<void> {
  const { no, facts } = row.body;
  const refused = row.kind === 'blue' ? await whyNotBlue(trx, from, row.body) : await whyNotRed(trx, from, row.body);
  const failed = refused === null ? (host.faults.take('invoice-fail')?.reason ?? null) : null;
  const good = refused === null && failed === null;
  const invoiceNo = good ? await nextReference(trx, 'I') : null;
  const invoice: InvoiceTable = {
    ...owner(from),
    no,
    kind: row.kind,
    payment: facts.payment,
    blue_no: row.kind === 'red' ? row.body.facts.invoice : null,
    amount_fen: facts.amountFen,
    state: good ? 'ISSUED' : failed === null ? 'REFUSED' : 'FAILED',
    reason: refused ?? failed,
    invoice_no: invoiceNo,
    url: invoiceNo && `https://fp.example.cn/${invoiceNo}`,
    at: host.clock.now(),
  };
  await trx.insertInto('invoices').values(invoice).execute();
  if (good && invoice.blue_no !== null) await takeBack(trx, from, invoice.blue_no);
  await tell(host, trx, invoice, good ? 'accepted' : failed === null ? 'refused' : 'failed');
  if (good) await sendToCustomer(host, trx, invoice, row);
}

/** N-09. A red one goes where the one went that it takes back. */
async function sendToCustomer(host: Host, trx: HostTrx, invoice: InvoiceTable, row: Row): Promise<void> {
  const to = row.kind === 'blue' ? contactOf(row.body.facts) : await contactOfSent(trx, invoice);
  // Of the time before the host wrote letters.
  if (!to) return tell(host, trx, invoice, 'succeeded');
  const { no, invoice_no: invoiceNo, url, kind, amount_fen: amountFen } = invoice;
  const signedFen = kind === 'red' ? -amountFen : amountFen;
  const facts = { invoiceNo: invoiceNo ?? '', url: url ?? '', amountFen: String(signedFen) };
  await queueOutgoing(trx, invoice, { no, kind: 'invoice', ...to, text: 'N-09', facts }, host.clock.now());
}

type Contact = Pick<OutgoingTable, 'channel' | 'address'>;

const contactOf = ({ email, phone }: IssueInvoice['facts']): Contact =>
  email ? { channel: 'email', address: email } : { channel: 'sms', address: phone };

function contactOfSent(trx: HostTrx, { merchant, terminal, blue_no }: InvoiceTable): Promise<Contact | undefined> {
  return trx
    .selectFrom('outgoing')
    .select(['channel', 'address'])
    .where((eb) => eb.and({ merchant, terminal, kind: 'invoice', no: blue_no ?? '' }))
    .executeTakeFirst();
}

/** The letter went to the customer, or never will: then the invoice stands as issued. */
export async function invoiceSent(
  host: Host,
  trx: HostTrx,
  of: TerminalRef,
  no: string,
  why: string | null,
): Promise<void> {
  const invoice = await findInvoice(trx, of, no);
  if (invoice) await tell(host, trx, { ...invoice, reason: why }, why === null ? 'succeeded' : 'failed');
}

/** In order of errors.md. */
async function whyNotBlue(trx: HostTrx, from: TerminalRef, { facts }: IssueInvoice): Promise<string | null> {
  if (facts.title.trim() === '') return 'INVOICE_TITLE_REQUIRED';
  if (facts.titleKind === 'company' && !/^([0-9A-Z]{15}|[0-9A-Z]{18}|[0-9A-Z]{20})$/.test(facts.taxNo ?? ''))
    return 'TAX_NO_INVALID';
  if (!facts.email && !facts.phone) return 'CONTACT_REQUIRED';
  const approval = await findApproval(trx, from, facts.payment);
  const paid = approval?.state === 'APPROVED' || approval?.state === 'CLEARED';
  if (!approval || !paid || approval.txn === 'preauth' || approval.txn.includes('void')) return 'TXN_NOT_PAID';
  if (await isIssued(trx, from, facts.payment)) return 'ALREADY_INVOICED';
  const { refundedFen } = sumRefunds(await refundsOf(trx, from, facts.payment));
  return facts.amountFen > 0 && facts.amountFen === approval.amount_fen - refundedFen ? null : 'INVALID_AMOUNT';
}

async function isIssued(trx: HostTrx, from: TerminalRef, payment: string): Promise<boolean> {
  const row = await trx
    .selectFrom('invoices')
    .select('no')
    .where((eb) => eb.and({ ...owner(from), payment, kind: 'blue', state: 'ISSUED' }))
    .executeTakeFirst();
  return row !== undefined;
}

/** Only the whole invoice, and only after a refund or a void. */
async function whyNotRed(trx: HostTrx, from: TerminalRef, { facts }: RedInvoice): Promise<string | null> {
  const blue = await findInvoice(trx, from, facts.invoice);
  if (blue?.kind !== 'blue' || blue.state !== 'ISSUED' || blue.payment !== facts.payment) return 'ILLEGAL_STATE';
  if (blue.amount_fen !== facts.amountFen) return 'INVALID_AMOUNT';
  const { refundedFen } = sumRefunds(await refundsOf(trx, from, facts.payment));
  const isVoided = (await findApproval(trx, from, facts.payment))?.state === 'VOIDED';
  return refundedFen > 0 || isVoided ? null : 'ILLEGAL_STATE';
}

async function takeBack(trx: HostTrx, from: TerminalRef, no: string): Promise<void> {
  await trx
    .updateTable('invoices')
    .set({ state: 'RED' })
    .where((eb) => eb.and({ ...owner(from), no }))
    .execute();
}

async function tell(host: Host, trx: HostTrx, invoice: InvoiceTable, outcome: InvoiceResult['outcome']): Promise<void> {
  const { no, kind, payment, reason, invoice_no: invoiceNo, url, amount_fen: amountFen } = invoice;
  const rev = (await findMerchant(trx, invoice.merchant))?.rev ?? 0;
  const result = { no, at: host.clock.now(), kind, payment, outcome, reason, limit: null, hostRef: null };
  await sendDown(trx, invoice, {
    kind: 'invoice-result',
    id: `${no}:${outcome}`,
    body: { ...result, invoiceNo, url, amountFen, rev },
  });
}
