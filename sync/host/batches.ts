import type { BatchTotals, Group, GroupTotals, TxnKind } from '../protocol/common.ts';
import type { TerminalRef } from './business.ts';
import type { ApprovalState, BatchTable } from './business-tables.ts';
import { owner } from './host.ts';
import { findTerminal } from './merchants.ts';
import type { HostParameters } from './parameters.ts';
import type { HostTrx } from './store.ts';
import { creditTxns, debitTxns } from './txns.ts';

/** A terminal's batches as the host keeps them: OPEN → COMPARED → CLOSED → CLEARED (states.md 3 has the terminal's side). */

/** After 999999 comes 000001. */
export function nextBatchNumber(batch: string): string {
  return String((Number(batch) % 999_999) + 1).padStart(6, '0');
}

export async function findBatch(trx: HostTrx, from: TerminalRef, batch: string): Promise<BatchTable | undefined> {
  return trx
    .selectFrom('batches')
    .selectAll()
    .where((eb) => eb.and({ ...owner(from), batch }))
    .executeTakeFirst();
}

/** The batch that is not closed yet, if any. */
export async function currentBatch(trx: HostTrx, from: TerminalRef): Promise<string | null> {
  const row = await trx
    .selectFrom('batches')
    .select('batch')
    .where((eb) => eb.and(owner(from)))
    .where('state', 'in', ['OPEN', 'COMPARED'])
    .executeTakeFirst();
  return row?.batch ?? null;
}

export async function isBatchOpen(trx: HostTrx, from: TerminalRef, batch: string): Promise<boolean> {
  return (await findBatch(trx, from, batch))?.state === 'OPEN';
}

/** Opens the terminal's next batch and returns its number. */
export async function openBatch(trx: HostTrx, from: TerminalRef, now: number): Promise<string> {
  const terminal = await findTerminal(trx, from);
  if (!terminal) throw new Error('openBatch: unknown terminal');
  const batch = terminal.next_batch;
  await trx
    .insertInto('batches')
    .values({ ...owner(from), batch, state: 'OPEN', opened_at: now })
    .execute();
  return batch;
}

export async function setBatch(
  trx: HostTrx,
  from: TerminalRef,
  batch: string,
  change: Partial<Omit<BatchTable, 'merchant' | 'terminal' | 'batch'>>,
): Promise<void> {
  await trx
    .updateTable('batches')
    .set(change)
    .where((eb) => eb.and({ ...owner(from), batch }))
    .execute();
}

const zero: GroupTotals = { debitCount: 0, debitFen: 0, creditCount: 0, creditFen: 0 };
export const zeroTotals: BatchTotals = { domestic: zero, foreign: zero, codes: zero };

/** What counts in a batch by the host's own records: what it approved less what it reversed, and the refunds that it accepted. */
export interface Counted {
  readonly payment: string;
  readonly txn: TxnKind | 'refund';
  readonly stan: string;
  readonly side: 'debit' | 'credit';
  readonly group: Group;
  readonly amountFen: number;
}

/**
 * The records of a batch that count. Gross: a voided sale stays in debit and its void is in credit; net: both are left out (payments.md, batch close 2). Only of
 * the groups given.
 */
export async function countedIn(
  trx: HostTrx,
  from: TerminalRef,
  of: { readonly batch: string; readonly profile: Profile; readonly groups: readonly Group[] },
): Promise<Counted[]> {
  const { batch, profile, groups } = of;
  if (groups.length === 0) return [];
  const approvals = await trx
    .selectFrom('approvals')
    .select(['payment', 'txn', 'stan', 'card_group', 'amount_fen'])
    .where((eb) => eb.and({ ...owner(from), batch }))
    .where((eb) =>
      eb.or(countingIn(profile).map(({ states, txns }) => eb.and([eb('state', 'in', states), eb('txn', 'in', txns)]))),
    )
    .where('card_group', 'in', groups)
    .orderBy('payment')
    .execute();
  const refunds = await trx
    .selectFrom('refunds')
    .select(['no', 'stan', 'card_group', 'amount_fen'])
    .where((eb) => eb.and({ ...owner(from), batch }))
    .where('state', '!=', 'REFUSED')
    .where('card_group', 'in', groups)
    .orderBy('no')
    .execute();
  return [
    ...approvals.map((a) => ({
      payment: a.payment,
      txn: a.txn,
      stan: a.stan,
      side: creditTxns.includes(a.txn) ? ('credit' as const) : ('debit' as const),
      group: a.card_group,
      amountFen: a.amount_fen,
    })),
    ...refunds.map((r) => ({
      payment: r.no,
      txn: 'refund' as const,
      stan: r.stan,
      side: 'credit' as const,
      group: r.card_group,
      amountFen: r.amount_fen,
    })),
  ];
}

type Profile = HostParameters['profile'];

const standing: readonly ApprovalState[] = ['APPROVED', 'CLEARED'];

const countingIn = (profile: Profile): readonly { states: readonly ApprovalState[]; txns: readonly TxnKind[] }[] =>
  profile === 'net'
    ? [{ states: standing, txns: debitTxns }]
    : [
        { states: [...standing, 'VOIDED'], txns: debitTxns },
        { states: standing, txns: creditTxns },
      ];

/** The totals of the host's own records. */
export async function hostTotals(
  trx: HostTrx,
  from: TerminalRef,
  batch: string,
  profile: Profile,
): Promise<BatchTotals> {
  const approvals = await trx
    .selectFrom('approvals')
    .select((eb) => ['card_group', 'txn', eb.fn.countAll().as('count'), eb.fn.sum('amount_fen').as('fen')])
    .where((eb) => eb.and({ ...owner(from), batch }))
    .where((eb) =>
      eb.or(countingIn(profile).map(({ states, txns }) => eb.and([eb('state', 'in', states), eb('txn', 'in', txns)]))),
    )
    .groupBy(['card_group', 'txn'])
    .execute();
  const refunds = await trx
    .selectFrom('refunds')
    .select((eb) => ['card_group', eb.fn.countAll().as('count'), eb.fn.sum('amount_fen').as('fen')])
    .where((eb) => eb.and({ ...owner(from), batch }))
    .where('state', '!=', 'REFUSED')
    .groupBy('card_group')
    .execute();
  const totals = { ...zeroTotals };
  for (const row of approvals) add(totals, row, creditTxns.includes(row.txn) ? 'credit' : 'debit');
  for (const row of refunds) add(totals, row, 'credit');
  return totals;
}

type Sum = { readonly card_group: Group; readonly count: unknown; readonly fen: unknown };

function add(
  totals: Record<Group, GroupTotals>,
  { card_group: group, count, fen }: Sum,
  side: 'debit' | 'credit',
): void {
  const before = totals[group];
  totals[group] = {
    ...before,
    [`${side}Count`]: before[`${side}Count`] + Number(count),
    [`${side}Fen`]: before[`${side}Fen`] + Number(fen),
  };
}
