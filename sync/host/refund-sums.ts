import type { TerminalRef } from './business.ts';
import type { RefundTable } from './following-tables.ts';
import type { HostTrx } from './store.ts';

/** The refunds of one payment, keyed here and elsewhere, that were not refused. */
export async function refundsOf(trx: HostTrx, of: TerminalRef, payment: string): Promise<RefundTable[]> {
  return trx
    .selectFrom('refunds')
    .selectAll()
    .where((eb) => eb.and({ merchant: of.merchant, payment, origin_terminal: of.terminal }))
    .where('state', '!=', 'REFUSED')
    .orderBy('at')
    .orderBy('no')
    .execute();
}

/** cumR and Σ f of the successes. */
export interface RefundSums {
  readonly refundedFen: number;
  readonly feeFen: number;
  readonly inFlight: boolean;
}

export function sumRefunds(refunds: readonly RefundTable[]): RefundSums {
  const done = refunds.filter((r) => r.state === 'SUCCEEDED');
  return {
    refundedFen: done.reduce((sum, r) => sum + r.amount_fen, 0),
    feeFen: done.reduce((sum, r) => sum + r.fee_fen, 0),
    inFlight: refunds.some((r) => r.state === 'PROCESSING'),
  };
}

/** A refund succeeded or is under way. */
export async function isRefunded(trx: HostTrx, of: TerminalRef, payment: string): Promise<boolean> {
  const { refundedFen, inFlight } = sumRefunds(await refundsOf(trx, of, payment));
  return inFlight || refundedFen > 0;
}

/**
 * The host's own fee on a refund (accounting.md §4.2): f = min(R, max(0, rnd(F × cumR / G) − Σ f of the successes)), half up, with this refund in cumR. Under KEEP 0,
 * but for a refund of what is not cleared.
 */
export function refundFeeFen(given: {
  readonly grossFen: number;
  readonly feeFen: number;
  readonly refundFen: number;
  readonly before: RefundSums;
  readonly keep: boolean;
}): number {
  const { grossFen, feeFen, refundFen, before, keep } = given;
  if (keep || grossFen === 0) return 0;
  const cum = BigInt(before.refundedFen + refundFen);
  const gross = BigInt(grossFen);
  const share = Number((2n * BigInt(feeFen) * cum + gross) / (2n * gross));
  return Math.min(refundFen, Math.max(0, share - before.feeFen));
}
