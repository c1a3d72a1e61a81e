import type { BillLine } from '../protocol/bills.ts';
import type { TerminalRef } from './business.ts';
import { type Host, owner } from './host.ts';
import { numbersOfDay } from './number-day.ts';
import type { HostTrx } from './store.ts';
import { debitTxns } from './txns.ts';

/** What stands in the bill of a terminal and day (protocol/bills.ts), out of the host's own records. */

const saleStates = ['APPROVED', 'CLEARED', 'VOIDED'] as const;
const refundStates = ['PROCESSING', 'SUCCEEDED'] as const;

/** At most `limit` lines whose numbers come after `after`, in order. */
export async function linesAfter(
  trx: HostTrx,
  of: TerminalRef,
  { day, after, limit }: { readonly day: string; readonly after: string; readonly limit: number },
): Promise<BillLine[]> {
  const { from, before } = numbersOfDay(day);
  const start = after === '' ? from : after;
  const approvals = await trx
    .selectFrom('approvals')
    .select(['payment', 'txn', 'state', 'amount_fen', 'fee_fen', 'entry', 'batch', 'stan', 'at'])
    .where((eb) => eb.and(owner(of)))
    .where('payment', '>', start)
    .where('payment', '<', before)
    .where('txn', 'in', debitTxns)
    .where('state', 'in', saleStates)
    .orderBy('payment')
    .limit(limit)
    .execute();
  const refunds = await trx
    .selectFrom('refunds')
    .select(['no', 'amount_fen', 'fee_fen', 'entry', 'batch', 'stan', 'at'])
    .where((eb) => eb.and(owner(of)))
    .where('no', '>', start)
    .where('no', '<', before)
    .where('state', 'in', refundStates)
    .orderBy('no')
    .limit(limit)
    .execute();
  const lines = [
    ...approvals.map((a) => toLine(a.payment, a.txn, a.state === 'VOIDED' ? 'VOIDED' : 'PAID', a)),
    ...refunds.map((r) => toLine(r.no, 'refund', 'PAID', r)),
  ];
  return lines.sort((a, b) => (a.payment < b.payment ? -1 : 1)).slice(0, limit);
}

type Amounts = {
  readonly amount_fen: number;
  readonly fee_fen: number;
  readonly entry: BillLine['entry'];
  readonly batch: string;
  readonly stan: string;
  readonly at: number;
};

const toLine = (payment: string, txn: string, state: BillLine['state'], row: Amounts): BillLine => ({
  payment,
  txn,
  state,
  amountFen: row.amount_fen,
  feeFen: row.fee_fen,
  entry: row.entry,
  batch: row.batch,
  stan: row.stan,
  at: row.at,
});

const linesInSlice = 500;

/** Everything that stands in the bill, a slice in each transaction. `take` runs inside it. Ends early when it is to stop. */
export async function readLines(
  host: Host,
  of: TerminalRef,
  day: string,
  stopping: AbortSignal,
  take: (trx: HostTrx, line: BillLine) => Promise<void> | void,
): Promise<void> {
  let after = '';
  let more = true;
  while (more && !stopping.aborted) {
    more = await host.store.transaction().execute(async (trx) => {
      const lines = await linesAfter(trx, of, { day, after, limit: linesInSlice });
      for (const line of lines) await take(trx, line);
      after = lines.at(-1)?.payment ?? after;
      return lines.length === linesInSlice;
    });
  }
}

/** What a line brought, in money taken from customers. */
export function broughtFen({ state, txn, amountFen }: Pick<BillLine, 'state' | 'txn' | 'amountFen'>): number {
  if (state !== 'PAID') return 0;
  return txn === 'refund' ? -amountFen : amountFen;
}

/** Counts and sums of lines: two that are equal were made of the same records, as far as that can be told without reading them again. */
export interface Tally {
  readonly paid: number;
  readonly voided: number;
  readonly grossFen: number;
  readonly feeFen: number;
}

export const noTally: Tally = { paid: 0, voided: 0, grossFen: 0, feeFen: 0 };

export function addLine(tally: Tally, line: BillLine): Tally {
  if (line.state !== 'PAID') return { ...tally, voided: tally.voided + 1 };
  const feeFen = line.txn === 'refund' ? -line.feeFen : line.feeFen;
  return {
    ...tally,
    paid: tally.paid + 1,
    grossFen: tally.grossFen + broughtFen(line),
    feeFen: tally.feeFen + feeFen,
  };
}
