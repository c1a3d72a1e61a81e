import { audit } from '../base/audit.ts';
import type { Tx } from '../base/database.ts';
import type { Shift, ShiftTotal } from './shift.ts';
import {
  countShiftPrint,
  getOpenShift,
  insertShift,
  insertShiftTotal,
  insertUndecided,
  replaceUndecided,
  updateEnded,
} from './shift-store.ts';

/** Begins a shift at a log-on; one that is open goes on, also after a restart. `lastPayment`: the newest there is. */
export function beginShift(tx: Tx, atMs: number, operator: string, lastPayment: number): void {
  if (getOpenShift(tx.db, operator)) return;
  insertShift(tx, operator, atMs, lastPayment);
  audit(tx, { at: atMs, by: operator, action: 'begin-shift', about: operator, outcome: 'ok' });
}

/**
 * Puts what is no payment row, a refund, on the list of the operator's open shift, in the transaction that makes it: refunds have no order by which a
 * shift could find them. Without an open shift it belongs to none.
 */
export function countInShift(tx: Tx, operator: string, no: string): void {
  if (getOpenShift(tx.db, operator)) insertUndecided(tx, operator, no);
}

export interface ShiftCount {
  readonly totals: readonly ShiftTotal[];
  /** Payments that may still be approved. */
  readonly undecided: readonly string[];
}

/** Ends it with what it came to, for ever. */
export function endShift(tx: Tx, atMs: number, shift: Shift, by: string, { totals, undecided }: ShiftCount): void {
  updateEnded(tx, shift.id, atMs, by, undecided.length);
  for (const total of totals) insertShiftTotal(tx, shift.id, total);
  replaceUndecided(tx, shift.operator, undecided);
  const count = totals.reduce((sum, one) => sum + one.debitCount + one.creditCount, 0);
  const details = { shift: shift.id, count, undecided: undecided.length };
  audit(tx, { at: atMs, by, action: 'end-shift', about: shift.operator, outcome: 'ok', details });
}

/** Its slip came out; after the first one it is a duplicate, which is written down. */
export function countShiftSlip(tx: Tx, atMs: number, shift: Shift, by: string, duplicate: boolean): void {
  countShiftPrint(tx, shift.id);
  if (duplicate) audit(tx, { at: atMs, by, action: 'reprint', about: `shift ${shift.id}`, outcome: 'ok' });
}
