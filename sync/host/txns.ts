import type { TxnKind } from '../protocol/common.ts';

/** What takes money from a customer, and so counts in debit. */
export const debitTxns: readonly TxnKind[] = ['sale', 'completion', 'code-sale', 'stored-sale', 'completion-advice'];
/** What gives it back; refunds do too, and are kept by themselves. */
export const creditTxns: readonly TxnKind[] = ['void', 'completion-void'];
