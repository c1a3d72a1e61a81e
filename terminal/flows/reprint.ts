import { audit } from '../base/audit.ts';
import { inTransaction } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { faultOf, faultOfRefund } from '../payments/fault-slip.ts';
import type { Payment } from '../payments/payment.ts';
import { newestPayments, paymentByStan } from '../payments/queries.ts';
import type { Refund } from '../payments/refund.ts';
import { newestRefunds, refundByStan } from '../payments/refund-queries.ts';
import { countBatchPrint } from '../settlement/close-batch.ts';
import { lastClosedBatch, settlementByNo } from '../settlement/queries.ts';
import { authorise } from '../users/roles.ts';
import type { User } from '../users/user.ts';
import type { ReprintTarget } from './counter.ts';
import { deviceRefusal } from './device-refusal.ts';
import { printList } from './lists.ts';
import { printBatch, printFault, printRefund, printSale, printSettlement } from './print.ts';
import { changed, type World } from './world.ts';

/**
 * Prints a slip again, or what is missing of it; or a list. Only what was booked has a slip, which carries the duplicate mark when it came out before, and is
 * counted; what needs a human has its fault slip.
 * A `signal` that is aborted before the slip has its turn keeps the paper; half a slip is worse than a slip nobody waits for.
 * NOT_FOUND, ILLEGAL_STATE, PAPER_OUT, DEVICE_*.
 */
export async function reprint(world: World, user: User, what: ReprintTarget, signal: AbortSignal): Promise<void> {
  authorise(user, 'reprint');
  const problem = await printTarget(world, user, what, signal);
  changed(world);
  if (problem) throw deviceRefusal(problem, 'printer');
}

function printTarget(world: World, user: User, what: ReprintTarget, signal: AbortSignal): Promise<string | undefined> {
  switch (what.kind) {
    case 'batch-slip':
      return reprintBatch(world, user, signal);
    case 'details':
    case 'summary':
      return printList(world, user, what.kind, signal);
    case 'settlement': {
      authorise(user, 'settle');
      const settlement = settlementByNo(world.db, what.no);
      if (!settlement) throw new TerminalError('NOT_FOUND', { what: 'settlement', no: what.no });
      return printSettlement(world, user.no, settlement, signal);
    }
    case 'last':
      return reprintOne(world, lastWithSlip(world), '', signal);
    case 'stan': {
      const { stan } = what;
      return reprintOne(world, newer(paymentByStan(world.db, stan), refundByStan(world.db, stan)), stan, signal);
    }
  }
}

type Found = { readonly payment: Payment } | { readonly refund: Refund } | undefined;

/** Numbers are made in the order of time. */
function newer(payment: Payment | undefined, refund: Refund | undefined): Found {
  if (refund && (!payment || payment.no < refund.no)) return { refund };
  return payment && { payment };
}

const searched = 100;

const lastWithSlip = ({ db }: World): Found =>
  newer(newestPayments(db, searched).find(hasSlip), newestRefunds(db, searched).find(isPaidOut));

/** Nothing was decided, or nothing came of it. */
const noSlip: readonly Payment['state'][] = ['CREATED', 'AUTHORIZING', 'UNKNOWN', 'FAILED', 'REVERSED'];

const hasSlip = ({ state, reversal }: Payment): boolean => reversal === null && !noSlip.includes(state);
const isPaidOut = ({ state }: Refund): boolean => state === 'SUCCESS';

function reprintOne(world: World, found: Found, no: string, signal: AbortSignal): Promise<string | undefined> {
  if (!found) throw new TerminalError('NOT_FOUND', { what: 'transaction', no });
  if ('payment' in found) {
    const { payment } = found;
    if (hasSlip(payment)) return printSale(world, payment, payment.prints > 0, signal);
  } else if (isPaidOut(found.refund)) return printRefund(world, found.refund, found.refund.prints > 0, signal);
  const fault = 'payment' in found ? faultOf(found.payment) : faultOfRefund(found.refund);
  if (fault) return printFault(world, fault, signal);
  const { state } = 'payment' in found ? found.payment : found.refund;
  throw new TerminalError('ILLEGAL_STATE', { state, event: 'reprint' });
}

async function reprintBatch(world: World, user: User, signal: AbortSignal): Promise<string | undefined> {
  const batch = lastClosedBatch(world.db);
  if (!batch) throw new TerminalError('NOT_FOUND', { what: 'batch-slip', no: '' });
  const problem = await printBatch(world, batch, batch.prints > 0, signal);
  if (problem) return problem;
  inTransaction(world.db, (tx) => {
    countBatchPrint(tx, batch);
    audit(tx, { at: world.clock.now(), by: user.no, action: 'reprint', about: batch.no, outcome: 'ok' });
  });
  return undefined;
}
