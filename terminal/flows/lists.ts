import type { Slip } from '../../drivers/devices.ts';
import type { Database } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { fen } from '../base/money.ts';
import { kinds } from '../payments/kinds.ts';
import type { Payment } from '../payments/payment.ts';
import { countedOfBatch, undecided } from '../payments/queries.ts';
import type { Refund } from '../payments/refund.ts';
import { refundsOfBatch, refundsUndecided } from '../payments/refund-queries.ts';
import { framed } from '../payments/slip-parts.ts';
import type { Batch } from '../settlement/batch.ts';
import { currentBatch } from '../settlement/queries.ts';
import type { User } from '../users/user.ts';
import { countPayments } from './count-shift.ts';
import {
  type DetailsPage,
  detailsLines,
  type ListHead,
  type ListRecord,
  type ListSummary,
  PAGE_RECORDS,
  summaryLines,
} from './list-slip.ts';
import { printUncounted, slipHead } from './print.ts';
import type { World } from './world.ts';

/** 交易明细 and 交易汇总: what counts in the totals of the open batch, gross profile, as the lists on paper have it. A cashier gets what is his own (B-037). */

/** What a user may see. */
const isOf =
  ({ role, no }: User) =>
  ({ operator }: { readonly operator: string }): boolean =>
    role !== 'C' || operator === no;

interface Counted {
  readonly payments: readonly Payment[];
  readonly refunds: readonly Refund[];
}

const countedFor = (db: Database, batch: Batch, user: User): Counted => ({
  payments: countedOfBatch(db, batch).filter(isOf(user)),
  refunds: refundsOfBatch(db, batch).filter(isOf(user)),
});

/** In order of voucher. */
function recordsOf({ payments, refunds }: Counted): readonly ListRecord[] {
  const rows: readonly ListRecord[] = [
    ...payments.map((payment) => ({
      ...payment,
      card: payment.card ?? undefined,
      authCode: payment.txn === 'code-sale' ? undefined : (payment.authCode ?? undefined),
      side: kinds[payment.txn].side ?? 'debit',
    })),
    ...refunds.map((refund) => ({
      ...refund,
      txn: 'refund',
      card: refund.card ?? undefined,
      authCode: undefined,
      side: 'credit' as const,
    })),
  ];
  return rows.toSorted((a, b) => (a.stan < b.stan ? -1 : 1));
}

function summaryOf(db: Database, counted: Counted, user: User): ListSummary {
  const { payments, refunds } = counted;
  const { totals } = countPayments([
    ...payments,
    // Accepted: it counts, whatever became of it later.
    ...refunds.map((refund) => ({ ...refund, txn: 'refund', state: 'PROCESSING' })),
  ]);
  const keptFen = payments
    .filter(({ txn, state }) => kinds[txn].side === 'debit' && state !== 'VOIDED')
    .reduce((sum, { feeFen }) => sum + feeFen, 0);
  const backFen = refunds.reduce((sum, { feeFen, state }) => sum + (state === 'FAILED' ? 0 : feeFen), 0);
  const open = undecided(db).filter(isOf(user)).length + (user.role === 'C' ? 0 : refundsUndecided(db));
  return { totals, feesFen: fen(keptFen - backFen), undecided: open };
}

/** The printer's problem, if any. NOT_FOUND without an open batch. */
export function printList(
  world: World,
  user: User,
  list: 'details' | 'summary',
  signal: AbortSignal,
): Promise<string | undefined> {
  const batch = currentBatch(world.db);
  if (!batch) throw new TerminalError('NOT_FOUND', { what: 'batch', no: '' });
  const counted = countedFor(world.db, batch, user);
  const head: ListHead = { batch: batch.no, operator: user.role === 'C' ? user.no : undefined };
  return list === 'details'
    ? printDetails(world, head, recordsOf(counted), signal)
    : printUncounted(
        world,
        `summary ${batch.id} ${user.no} ${world.clock.now()}`,
        () =>
          listSlip(world, '交易汇总', 'TRANSACTION SUMMARY', summaryLines(head, summaryOf(world.db, counted, user))),
        signal,
      );
}

/** Page after page, each a job of its own, so that a customer's slip need not wait for the whole list. One that failed on a page goes on there. */
async function printDetails(
  world: World,
  head: ListHead,
  all: readonly ListRecord[],
  signal: AbortSignal,
): Promise<string | undefined> {
  const todo = pagesOf(all);
  const name = ({ page }: DetailsPage): string => `details ${head.batch} ${head.operator ?? ''} ${all.length} ${page}`;
  const failed = todo.findIndex((page) => name(page) === world.session.unfinishedSlip?.of);
  for (const page of todo.slice(Math.max(0, failed))) {
    const lines = (): Slip => detailsLines(head, page, all, world.printer.columns);
    const slip = (): Slip => listSlip(world, '交易明细', 'TRANSACTION DETAILS', lines());
    const problem = await printUncounted(world, name(page), slip, signal);
    if (problem) return problem;
  }
  return undefined;
}

function pagesOf(all: readonly ListRecord[]): readonly DetailsPage[] {
  const pages = Math.max(1, Math.ceil(all.length / PAGE_RECORDS));
  return Array.from({ length: pages }, (_, page) => ({
    records: all.slice(page * PAGE_RECORDS, (page + 1) * PAGE_RECORDS),
    page: page + 1,
    pages,
  }));
}

/** A list is no copy of anything: it carries no duplicate mark. */
const listSlip = (world: World, title: string, under: string, lines: Slip): Slip =>
  framed(slipHead(world), { title, under, duplicate: false }, lines);
