import type { Tx } from '../base/database.ts';
import { deleteInvoices } from './store.ts';

/** Five years and a day over. */
const keepMs = (5 * 366 + 1) * 86_400_000;
const slice = 500;

/** Deletes the oldest that nobody must keep any more: they say who bought what. Returns how many: 0 when there is nothing more. */
export const pruneInvoices = (tx: Tx, nowMs: number): number => deleteInvoices(tx, nowMs - keepMs, slice);
