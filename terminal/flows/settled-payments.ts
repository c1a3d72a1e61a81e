import { type Database, perDatabase } from '../base/database.ts';
import { type Fen, fen, zeroFen } from '../base/money.ts';
import { finish, type Steps } from '../base/steps.ts';
import { freezeByNo } from '../payments/freeze.ts';
import type { Payment } from '../payments/payment.ts';
import { paymentByNo } from '../payments/queries.ts';
import type { Refund } from '../payments/refund.ts';
import { refundByNo } from '../payments/refund-queries.ts';
import { ticketsOf } from '../settlement/dispute.ts';
import { type Part, partsIn } from '../settlement/settled-parts.ts';
import { inSlices } from './prove-book.ts';
import type { SettledPayment } from './settlement-desk.ts';
import type { World } from './world.ts';

/**
 * Step 5 (B-012): the payments, voids and refunds whose money is in a settlement, in the order in which it came. What a freeze held and gave back counts for its payment. Their nets and what
 * belongs to no payment, the recovery of a debt or a fee that a bank return left, make up the amount.
 */
export interface Settled {
  /** Each payment, void or refund once, by its number. */
  readonly parts: readonly Part[];
  readonly otherFen: Fen;
}

export function* settledSteps(db: Database, no: string): Steps<Settled> {
  const all = yield* partsIn(db, no, (of) => numberOf(db, of));
  return { parts: all.filter(({ of }) => of !== ''), otherFen: all.find(({ of }) => of === '')?.fen ?? zeroFen };
}

/** What is in a settlement never changes, and a page follows a page: the last one, as long as there is room for it. */
const last = perDatabase(() => ({ no: '', settled: undefined as WeakRef<Settled> | undefined }));

function kept(db: Database, no: string, settled: Settled): Settled {
  Object.assign(last(db), { no, settled: new WeakRef(settled) });
  return settled;
}

const known = (db: Database, no: string): Settled | undefined =>
  last(db).no === no ? last(db).settled?.deref() : undefined;

/** In slices, so that no sale waits for a large one. */
export async function settledIn(world: Pick<World, 'db' | 'clock'>, no: string): Promise<Settled> {
  const { db } = world;
  return known(db, no) ?? kept(db, no, await inSlices(world, (reader) => settledSteps(reader, no)));
}

export const isSettledIn = (db: Database, no: string, payment: string): boolean =>
  (known(db, no) ?? kept(db, no, finish(settledSteps(db, no)))).parts.some(({ of }) => of === payment);

/** At most `limit` behind `after`. */
export function settledPage(
  db: Database,
  no: string,
  { parts }: Pick<Settled, 'parts'>,
  limit: number,
  after?: string,
): readonly SettledPayment[] {
  const first = after === undefined ? 0 : parts.findIndex(({ of }) => of === after) + 1;
  const tickets = new Map(ticketsOf(db, no).map((ticket) => [ticket.payment, ticket.no]));
  return parts.slice(first, first + limit).flatMap((part) => {
    const row = rowOf(db, part.of);
    return row ? [{ ...row, netFen: part.fen, ticket: tickets.get(row.payment) }] : [];
  });
}

function numberOf(db: Database, account: string): string {
  const no = account.slice(5);
  return account.startsWith('2004:') ? (freezeByNo(db, no)?.payment ?? '') : no;
}

function rowOf(db: Database, no: string): Omit<SettledPayment, 'netFen' | 'ticket'> | undefined {
  const payment = paymentByNo(db, no);
  if (payment) return ofPayment(payment);
  const refund = refundByNo(db, no);
  return refund && ofRefund(refund);
}

/** A void takes back: it counts below zero. */
function ofPayment(payment: Payment): Omit<SettledPayment, 'netFen' | 'ticket'> {
  const sign = payment.txn === 'void' || payment.txn === 'completion-void' ? -1 : 1;
  return {
    payment: payment.no,
    at: payment.createdAt,
    type: payment.txn,
    entry: payment.entry ?? undefined,
    stan: payment.stan,
    grossFen: fen(sign * payment.amountFen),
    feeFen: fen(sign * payment.feeFen),
  };
}

const ofRefund = (refund: Refund): Omit<SettledPayment, 'netFen' | 'ticket'> => ({
  payment: refund.no,
  at: refund.requestedAt,
  type: 'refund',
  entry: refund.entry,
  stan: refund.stan,
  grossFen: fen(-refund.amountFen),
  feeFen: fen(-refund.feeFen),
});
