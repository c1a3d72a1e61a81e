import type { InvoiceResult, IssueInvoice, RedInvoice } from '../../sync/protocol/invoices.ts';
import { present } from '../base/assert.ts';
import { audit } from '../base/audit.ts';
import { at } from '../base/crash-points.ts';
import type { Tx } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { fen } from '../base/money.ts';
import { type Invoice, type InvoiceEvent, isInvoicePassed, nextInvoiceState } from './invoice.ts';
import { newInvoice } from './issue-invoice.ts';
import { countInvoicePrint, getInvoice, insertInvoice, updateInvoice } from './store.ts';

/** The host's word on an invoice. A result that was applied before changes nothing. NOT_FOUND, ILLEGAL_STATE; IDEMPOTENCY_CONFLICT when it is about something else. */
export function recordInvoiceResult(tx: Tx, atMs: number, result: InvoiceResult): void {
  const invoice = getInvoice(tx.db, result.no);
  if (!invoice) throw new TerminalError('NOT_FOUND', { what: 'invoice', no: result.no });
  const { kind, payment, amountFen } = invoice;
  if (result.kind !== kind || result.payment !== payment || result.amountFen !== amountFen)
    throw new TerminalError('IDEMPOTENCY_CONFLICT', { no: result.no });
  const event = eventOf(result, invoice);
  if (isInvoicePassed(invoice.state, event)) return;
  const changed: Invoice = {
    ...invoice,
    state: nextInvoiceState(invoice.state, event),
    endedAt: invoice.endedAt ?? atMs,
    refused: event === 'refused',
    reason: result.reason ?? invoice.reason,
    invoiceNo: result.invoiceNo ?? invoice.invoiceNo,
    url: result.url ?? invoice.url,
  };
  updateInvoice(tx, changed);
  if (invoice.of !== null && invoice.state === 'REQUESTED' && changed.state !== 'FAILED') takeBack(tx, invoice.of);
  const details = { outcome: event, reason: result.reason };
  audit(tx, { at: atMs, by: 'SYS', action: 'invoice-result', about: invoice.no, outcome: 'ok', details });
  at('invoice.in-result');
}

/** Returned after success is of settlements only. */
function eventOf({ outcome }: InvoiceResult, { state }: Invoice): InvoiceEvent {
  switch (outcome) {
    case 'accepted':
      return 'issued';
    case 'succeeded':
      return 'sent';
    case 'returned':
      throw new TerminalError('ILLEGAL_STATE', { state, event: outcome });
    default:
      return outcome;
  }
}

function takeBack(tx: Tx, no: string): void {
  const blue = present(getInvoice(tx.db, no), 'the invoice that a red one takes back');
  updateInvoice(tx, { ...blue, state: nextInvoiceState(blue.state, 'taken-back') });
}

type Row =
  | { readonly kind: 'issue-invoice'; readonly body: IssueInvoice }
  | { readonly kind: 'red-invoice'; readonly body: RedInvoice };

/** The instruction comes back to a book that lacks it: its result follows. It may be on paper already. NOT_FOUND. */
export function restoreInvoice(tx: Tx, { kind, body }: Row): void {
  const { no, at: requestedAt, by, facts } = body;
  if (getInvoice(tx.db, no)) return;
  const made = { ...newInvoice(no, requestedAt, { no: by }), payment: facts.payment, amountFen: fen(facts.amountFen) };
  if (kind === 'issue-invoice') {
    const { titleKind, title, taxNo, address, phone, email } = body.facts;
    insertInvoice(tx, { ...made, titleKind, title, taxNo, address, phone, email, kind: 'blue', of: null });
  } else {
    const blue = getInvoice(tx.db, body.facts.invoice);
    if (!blue) throw new TerminalError('NOT_FOUND', { what: 'invoice', no: body.facts.invoice });
    const { titleKind, title, taxNo, address, phone, email } = blue;
    insertInvoice(tx, { ...made, titleKind, title, taxNo, address, phone, email, kind: 'red', of: blue.no });
  }
  countInvoicePrint(tx, no);
}
