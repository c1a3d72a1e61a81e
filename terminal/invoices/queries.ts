import type { Database } from '../base/database.ts';
import type { Invoice } from './invoice.ts';
import { getInvoice, getLiveInvoice, getNewestInvoices, getStanding } from './store.ts';

/** What screens, flows and exports read of invoices. */

export const invoiceByNo = (db: Database, no: string): Invoice | undefined => getInvoice(db, no);
/** The blue one of a payment that stands or is under way. */
export const liveInvoiceOf = (db: Database, payment: string): Invoice | undefined => getLiveInvoice(db, payment);
export const newestInvoices = (db: Database, limit: number): readonly Invoice[] => getNewestInvoices(db, limit);
/** Every blue one that stands and was asked for since then. */
export const standingInvoices = (db: Database, sinceMs: number): readonly Pick<Invoice, 'payment' | 'amountFen'>[] =>
  getStanding(db, sinceMs);
