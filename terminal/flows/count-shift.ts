import { addFen, type Fen, zeroFen } from '../base/money.ts';
import type { OperatorPayment } from '../payments/of-operator.ts';
import type { ShiftCount } from '../users/keep-shift.ts';
import type { ShiftTotal } from '../users/shift.ts';

/** On which side a transaction stands in the totals (payments.md, Transactions); what is not here is never totalled. */
const sides: Readonly<Record<string, 'debit' | 'credit'>> = {
  sale: 'debit',
  'code-sale': 'debit',
  'stored-sale': 'debit',
  completion: 'debit',
  'completion-advice': 'debit',
  void: 'credit',
  'completion-void': 'credit',
  refund: 'credit',
};

/** Gross profile: what was approved stays counted when it is voided or refunded later; the void and the refund count on the other side. */
const approved: ReadonlySet<string> = new Set([
  'PAID',
  'CLEARED',
  'VOIDING',
  'VOIDED',
  'PARTLY_REFUNDED',
  'REFUNDED',
  'DONE',
  'PROCESSING',
  'SUCCESS',
]);

/** These may still be approved. */
const undecided: ReadonlySet<string> = new Set(['CREATED', 'AUTHORIZING', 'UNKNOWN', 'STORED', 'REQUESTED']);

/** What payments come to, by transaction type and instrument, and which have no end yet. */
export function countPayments(payments: readonly OperatorPayment[]): ShiftCount {
  const totals = new Map<string, ShiftTotal>();
  const counted = payments.filter(({ txn }) => sides[txn] !== undefined);
  for (const payment of counted.filter(({ state }) => approved.has(state))) {
    const { txn, entry, amountFen } = payment;
    const instrument = entry ?? '-';
    const key = `${txn} ${instrument}`;
    totals.set(key, add(totals.get(key) ?? nothing(txn, instrument), amountFen));
  }
  return {
    totals: [...totals.values()],
    undecided: counted.filter(({ state }) => undecided.has(state)).map(({ no }) => no),
  };
}

const nothing = (txn: string, instrument: string): ShiftTotal => ({
  txn,
  instrument,
  debitCount: 0,
  debitFen: zeroFen,
  creditCount: 0,
  creditFen: zeroFen,
});

const add = (total: ShiftTotal, amountFen: Fen): ShiftTotal =>
  sides[total.txn] === 'debit'
    ? { ...total, debitCount: total.debitCount + 1, debitFen: addFen(total.debitFen, amountFen) }
    : { ...total, creditCount: total.creditCount + 1, creditFen: addFen(total.creditFen, amountFen) };
