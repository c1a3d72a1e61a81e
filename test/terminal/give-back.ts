import type { DownRow } from '../../sync/protocol/rows.ts';
import { inTransaction } from '../../terminal/base/database.ts';
import { fen, zeroFen } from '../../terminal/base/money.ts';
import { applyNews, type News } from '../../terminal/flows/upstream-news.ts';
import { chargedBackOf, liveFreezeOf } from '../../terminal/payments/freeze.ts';
import { paymentByNo } from '../../terminal/payments/queries.ts';
import type { Original, Refund } from '../../terminal/payments/refund.ts';
import { refundsOf } from '../../terminal/payments/refund-queries.ts';
import { requestRefund } from '../../terminal/payments/request-refund.ts';
import { currentBatch } from '../../terminal/settlement/queries.ts';
import { cashier, type Till } from './till.ts';

/** Refunds at a till without a link: what is asked, and what the host says, row by row. */

/** A payment of this till as a refund sees it. */
export function localOriginal(till: Till, no: string): Original {
  const payment = paymentByNo(till.db, no);
  if (!payment?.entry || !payment.cardGroup) throw new Error('no payment that took money');
  const {
    batch,
    stan,
    createdAt: at,
    amountFen,
    feeFen,
    refundedFen,
    refundedFeeFen,
    card,
    rrn,
    authCode,
    state,
  } = payment;
  return {
    payment: no,
    terminal: '10000001',
    ...{ batch, stan, at, amountFen, feeFen, refundedFen, refundedFeeFen, card, rrn, authCode, state },
    chargedBackFen: chargedBackOf(till.db, no),
    entry: payment.entry,
    group: payment.cardGroup,
    inFlight: refundsOf(till.db, no).some(({ state: how }) => how === 'REQUESTED' || how === 'PROCESSING'),
    frozen: liveFreezeOf(till.db, no) !== undefined,
    uncleared: !payment.cleared,
    isHere: true,
  };
}

/** One of another terminal: 100.00, 38 of it fee. */
export const elsewhere = (change: Partial<Original> = {}): Original => ({
  payment: 'THERE1',
  terminal: '20000002',
  batch: '000007',
  stan: '000123',
  at: Date.UTC(2026, 10, 19, 2),
  amountFen: fen(10_000),
  feeFen: fen(38),
  refundedFen: zeroFen,
  refundedFeeFen: zeroFen,
  chargedBackFen: zeroFen,
  entry: 'CONTACTLESS',
  group: 'domestic',
  card: '622202*********0128',
  rrn: '999999999999',
  authCode: '123456',
  state: 'CLEARED',
  inFlight: false,
  frozen: false,
  uncleared: false,
  isHere: false,
  ...change,
});

export function giveBack(till: Till, original: Original, amountFen: number, key?: string): Refund {
  const batch = currentBatch(till.db);
  return requestRefund(till.db, till, {
    user: cashier,
    original,
    amount: fen(amountFen),
    approvedBy: '00',
    batch: batch && { ...batch, open: batch.state === 'OPEN' },
    maxRecords: 500,
    ...(key !== undefined && { key }),
  });
}

type Body<K extends News['kind']> = Extract<DownRow, { readonly kind: K }>['body'];

const usual = {
  'refund-result': { reason: null, limit: null, hostRef: 'R1', rrn: '112000000009', rev: 1 },
  'refunded-elsewhere': { terminal: '20000002' },
  freeze: { reason: 'RISK_REVIEW' },
  unfreeze: { reason: 'REVIEW_PASSED' },
  'charge-back': { freeze: null, account: '1101', date: '2026-11-20', reason: 'CARDHOLDER_DISPUTE' },
} as const;
type Heard = keyof typeof usual;

let seq = 1_000;
/** A row from the host, with everything that a test does not care about filled in. */
export function hear<K extends Heard>(
  till: Till,
  kind: K,
  body: Omit<Body<K>, keyof (typeof usual)[K] | 'at'> & Partial<Body<K>>,
): void {
  seq += 1;
  const row = {
    kind,
    seq,
    id: `row-${seq}`,
    body: { at: till.clock.now(), ...usual[kind], ...body },
  } as unknown as News;
  inTransaction(till.db, (tx) => applyNews(tx, till.clock, row));
}
