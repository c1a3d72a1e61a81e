import { present } from '../base/assert.ts';
import { inTransaction } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { type Fen, fen } from '../base/money.ts';
import { chargedBackOf, liveFreezeOf } from '../payments/freeze.ts';
import type { Payment } from '../payments/payment.ts';
import { paymentByNo, paymentByReference, paymentByStan } from '../payments/queries.ts';
import type { Original, Refund } from '../payments/refund.ts';
import { refundByKey, refundByNo, refundByStan, refundsOf } from '../payments/refund-queries.ts';
import { leftOf, requestRefund, sameRefund } from '../payments/request-refund.ts';
import { takeStan } from '../payments/store.ts';
import { currentBatch } from '../settlement/queries.ts';
import { authorise } from '../users/roles.ts';
import type { User } from '../users/user.ts';
import { requireSoundDevices } from './abnormal-device.ts';
import { mostRecords } from './batch-limits.ts';
import { deviceRefusal } from './device-refusal.ts';
import type { RefundOffer, RefundOutcome, RefundReference, RefundStep } from './give-back-desk.ts';
import { askHost, requireOnline } from './host-link.ts';
import { printRefund } from './print.ts';
import { supervise } from './supervision.ts';
import { refundView } from './views.ts';
import { changed, until, type World } from './world.ts';

/**
 * A refund (退货) as the counter asks for it: find the payment, reserve, send, follow the host's word. Leaving it changes nothing: the instruction is
 * durable, its result comes down by itself (races.md, "Refunds between terminals").
 */

/**
 * The payment that is to be refunded and what is left of it: from the record of this terminal, or else from the host. FORBIDDEN, NOT_FOUND, OFFLINE,
 * SIGN_IN_REQUIRED, UPSTREAM_UNKNOWN.
 */
export async function findRefundable(
  world: World,
  user: User,
  reference: RefundReference,
  signal: AbortSignal,
): Promise<RefundOffer> {
  authorise(user, 'refund');
  const original = await findOriginal(world, reference, signal);
  return offerOf(original);
}

const offerOf = (original: Original): RefundOffer => ({
  payment: original.payment,
  terminal: original.terminal,
  isHere: original.isHere,
  batch: original.batch,
  stan: original.stan,
  rrn: original.rrn ?? undefined,
  card: original.card ?? undefined,
  at: original.at,
  amountFen: original.amountFen,
  refundedFen: original.refundedFen,
  leftFen: leftOf(original),
  state: original.state,
});

export interface RefundOrder {
  readonly payment: string;
  readonly amount: Fen;
  /** 主管密码; 00 itself needs none. */
  readonly secret: string | undefined;
  readonly key: string | undefined;
}

/**
 * OFFLINE, FORBIDDEN without the supervisor's secret, SECRET_WRONG, OPERATOR_LOCKED, what requestRefund refuses, and what the host refuses goes into the
 * outcome.
 */
export async function giveBack(
  world: World,
  user: User,
  order: RefundOrder,
  signal: AbortSignal,
  progress: (step: RefundStep) => void,
): Promise<RefundOutcome> {
  authorise(user, 'refund');
  const known = order.key === undefined ? undefined : refundByKey(world.db, order.key);
  const refund = known ? sameRefund(known, { ...order, user }) : await newRefund(world, user, order, signal);
  progress({ at: 'sending' });
  world.link.wake();
  changed(world);
  await follow(world, refund.no, signal, progress);
  return conclude(world, refund.no, progress);
}

async function newRefund(world: World, user: User, order: RefundOrder, signal: AbortSignal): Promise<Refund> {
  const { payment, secret } = order;
  requireSoundDevices(world);
  requireOnline(world);
  const approvedBy = (await supervise(world, user, 'refund', { secret, about: payment })) ?? null;
  const original = await findOriginal(world, { by: 'payment', payment }, signal);
  return reserve(world, user, order, { original, approvedBy });
}

function reserve(
  world: World,
  user: User,
  { amount, key }: RefundOrder,
  { original, approvedBy }: { readonly original: Original; readonly approvedBy: string | null },
): Refund {
  requireSoundDevices(world);
  requireOnline(world); // the gate, at the moment at which the money is reserved
  const batch = currentBatch(world.db);
  const known = world.session.signedIn || batch?.state !== 'OPEN' ? batch : undefined;
  return requestRefund(world.db, world, {
    user,
    amount,
    approvedBy,
    // What is of this terminal is looked at anew: its book may have moved while the secret was checked.
    original: (original.isHere && localOriginal(world, paymentByNo(world.db, original.payment))) || original,
    batch: known && { ...known, open: known.state === 'OPEN' },
    maxRecords: mostRecords(world),
    ...(key !== undefined && { key }),
  });
}

async function follow(
  world: World,
  no: string,
  signal: AbortSignal,
  progress: (step: RefundStep) => void,
): Promise<void> {
  let shown = 'REQUESTED';
  const isDecided = (): boolean => {
    const { state } = present(refundByNo(world.db, no), 'the refund that was just requested');
    if (state === 'PROCESSING' && shown !== state) progress({ at: 'processing' });
    shown = state;
    return state === 'SUCCESS' || state === 'FAILED';
  };
  await until(world, isDecided, signal);
}

async function conclude(world: World, no: string, progress: (step: RefundStep) => void): Promise<RefundOutcome> {
  const refund = present(refundByNo(world.db, no), 'the refund that was just requested');
  if (refund.state === 'FAILED') return { kind: 'failed', refund: refundView(refund), reason: refund.reason ?? '' };
  if (refund.state !== 'SUCCESS') return { kind: 'continues', refund: refundView(refund) };
  progress({ at: 'printing' });
  const printProblem = await printRefund(world, refund, refund.prints > 0);
  return { kind: 'succeeded', refund: refundView(refund), printProblem };
}

/** The slip of a refund that succeeded, again or for the first time. NOT_FOUND, ILLEGAL_STATE, PAPER_OUT, DEVICE_*. */
export async function reprintRefund(world: World, stan: string, signal: AbortSignal): Promise<void> {
  const refund = refundByStan(world.db, stan);
  if (!refund) throw new TerminalError('NOT_FOUND', { what: 'refund', no: stan });
  if (refund.state !== 'SUCCESS') throw new TerminalError('ILLEGAL_STATE', { state: refund.state, event: 'reprint' });
  const problem = await printRefund(world, refund, refund.prints > 0, signal);
  changed(world);
  if (problem) throw deviceRefusal(problem, 'printer');
}

async function findOriginal(world: World, reference: RefundReference, signal: AbortSignal): Promise<Original> {
  const found = findHere(world, reference);
  const here = localOriginal(world, found);
  if (here) return here;
  if (found) throw new TerminalError('ILLEGAL_STATE', { state: found.state, event: 'refund' });
  if (reference.by === 'voucher') throw new TerminalError('NOT_FOUND', { what: 'transaction', no: reference.stan });
  return askOriginal(world, reference, signal);
}

function findHere({ db }: World, reference: RefundReference): Payment | undefined {
  switch (reference.by) {
    case 'payment':
      return paymentByNo(db, reference.payment);
    case 'voucher': {
      const found = paymentByStan(db, reference.stan);
      return reference.batch === undefined || found?.batch === reference.batch ? found : undefined;
    }
    case 'reference':
      return paymentByReference(db, reference.rrn, reference.date);
  }
}

/** What this terminal's own record says. Undefined for what is no payment that took money. */
function localOriginal({ db, config }: World, payment: Payment | undefined): Original | undefined {
  if (!payment?.entry || !payment.cardGroup) return undefined;
  return {
    payment: payment.no,
    terminal: config.terminal,
    batch: payment.batch,
    stan: payment.stan,
    at: payment.createdAt,
    amountFen: payment.amountFen,
    feeFen: payment.feeFen,
    refundedFen: payment.refundedFen,
    refundedFeeFen: payment.refundedFeeFen,
    chargedBackFen: chargedBackOf(db, payment.no),
    entry: payment.entry,
    group: payment.cardGroup,
    card: payment.card,
    rrn: payment.rrn,
    authCode: payment.authCode,
    state: payment.state,
    inFlight: refundsOf(db, payment.no).some(({ state }) => state === 'REQUESTED' || state === 'PROCESSING'),
    frozen: liveFreezeOf(db, payment.no) !== undefined,
    uncleared: !payment.cleared,
    isHere: true,
  };
}

/** Of another day or terminal: funded from what is available here. */
async function askOriginal(
  world: World,
  reference: Exclude<RefundReference, { by: 'voucher' }>,
  signal: AbortSignal,
): Promise<Original> {
  requireOnline(world);
  const stan = inTransaction(world.db, (tx) => takeStan(tx));
  const number = reference.by === 'payment' ? reference.payment : null;
  const [rrn, date] = reference.by === 'reference' ? [reference.rrn, reference.date] : [null, null];
  const answer = await askHost(
    world,
    number ?? `${rrn}:${date}`,
    { kind: 'find-original', stan, number, rrn, date },
    { waitMs: world.config.limits.hostWaitMs, signal },
  );
  if (answer === 'offline') throw new TerminalError('OFFLINE');
  if (typeof answer === 'string' || answer.stan !== stan) throw new TerminalError('UPSTREAM_UNKNOWN');
  const found = answer.original;
  if (!found) throw new TerminalError('NOT_FOUND', { what: 'transaction', no: rrn ?? number ?? '' });
  return (
    localOriginal(world, paymentByNo(world.db, found.payment)) ?? {
      ...found,
      amountFen: fen(found.amountFen),
      feeFen: fen(found.feeFen),
      refundedFen: fen(found.refundedFen),
      refundedFeeFen: fen(found.refundedFeeFen),
      chargedBackFen: fen(0), // the host knows it and has the last word
      uncleared: false,
      isHere: false,
    }
  );
}
