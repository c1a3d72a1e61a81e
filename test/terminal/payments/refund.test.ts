import { describe, expect, test } from 'vitest';
import { fen } from '../../../terminal/base/money.ts';
import { balanceOf } from '../../../terminal/ledger/queries.ts';
import { paymentByNo } from '../../../terminal/payments/queries.ts';
import {
  nextRefundState,
  type Original,
  type RefundEvent,
  type RefundState,
} from '../../../terminal/payments/refund.ts';
import { refundByNo } from '../../../terminal/payments/refund-queries.ts';
import { refusal } from '../../support/refusal.ts';
import { elsewhere, giveBack, hear, localOriginal } from '../give-back.ts';
import { contents, newTill, sell } from '../till.ts';

describe('states.md 2', () => {
  const states: readonly RefundState[] = ['REQUESTED', 'PROCESSING', 'SUCCESS', 'FAILED'];
  const events: readonly RefundEvent[] = ['accepted', 'refused', 'succeeded', 'failed'];
  const edges: Readonly<Record<string, RefundState>> = {
    'REQUESTED accepted': 'PROCESSING',
    'REQUESTED refused': 'FAILED',
    'REQUESTED succeeded': 'SUCCESS',
    'REQUESTED failed': 'FAILED',
    'PROCESSING succeeded': 'SUCCESS',
    'PROCESSING failed': 'FAILED',
  };
  test.each(states.flatMap((state) => events.map((event) => [state, event] as const)))('%s %s', (state, event) => {
    const to = edges[`${state} ${event}`];
    if (to) expect(nextRefundState(state, event)).toBe(to);
    else expect(() => nextRefundState(state, event)).toThrow('ILLEGAL_STATE');
  });
});

describe('a refund that may not be', () => {
  const dayMs = 86_400_000;
  const cases: readonly [what: string, code: string, change: Partial<Original>, amountFen?: number][] = [
    ['365 days old', 'not refused', { at: Date.UTC(2026, 10, 20, 2) - 365 * dayMs }],
    ['366 days old', 'REFUND_EXPIRED', { at: Date.UTC(2026, 10, 20, 2) - 366 * dayMs }],
    ['voided', 'ILLEGAL_STATE', { state: 'VOIDED' }],
    ['being voided', 'ILLEGAL_STATE', { state: 'VOIDING' }],
    ['a pre-authorisation', 'ILLEGAL_STATE', { state: 'HELD' }],
    ['frozen', 'RISK_BLOCKED', { frozen: true }],
    ['under way', 'REFUND_IN_PROGRESS', { inFlight: true }],
    ['all that is left', 'not refused', { refundedFen: fen(6_000), chargedBackFen: fen(3_000) }, 1_000],
    ['more than is left', 'REFUND_EXCEEDS_PAID', { refundedFen: fen(6_000), chargedBackFen: fen(3_000) }, 1_001],
    ['nothing', 'INVALID_AMOUNT', {}, 0],
    ['over the most that may be refunded', 'INVALID_AMOUNT', {}, 1_000_001],
    ['more than is available here', 'REFUND_FUNDS_INSUFFICIENT', { amountFen: fen(30_000), feeFen: fen(0) }, 20_001],
  ];
  test.each(cases)('%s: %s', async (_, code, change, amountFen = 1_000) => {
    const till = newTill();
    sell(till, 20_120, { cleared: true }); // 20,000 net: the fee is 120.72, half up 121 fen
    const before = contents(till.db);
    expect(await refusal(() => giveBack(till, elsewhere(change), amountFen))).toBe(code);
    if (code !== 'not refused') expect(contents(till.db)).toBe(before);
  });

  test('the batch is being closed, or full', async () => {
    const till = newTill();
    const sale = sell(till, 10_000);
    till.db.exec("UPDATE batch SET state = 'FROZEN'");
    expect(await refusal(() => giveBack(till, localOriginal(till, sale.no), 100))).toBe('BATCH_CLOSING');
    till.db.exec("UPDATE batch SET state = 'OPEN', records = 500");
    expect(await refusal(() => giveBack(till, localOriginal(till, sale.no), 100))).toBe('BATCH_FULL');
  });
});

describe('what comes from above', () => {
  test('each word counts once; out of order it is set apart', async () => {
    const till = newTill();
    const sale = sell(till, 10_000);
    const { no } = giveBack(till, localOriginal(till, sale.no), 4_000);
    for (const outcome of ['accepted', 'accepted', 'succeeded', 'succeeded', 'accepted'] as const)
      hear(till, 'refund-result', { no, outcome });
    expect(refundByNo(till.db, no)).toMatchObject({ state: 'SUCCESS', counted: true, rrn: '112000000009' });
    expect(paymentByNo(till.db, sale.no)).toMatchObject({ state: 'PARTLY_REFUNDED', refundedFen: 4_000 });
    expect(till.db.prepare('SELECT domestic_credit_count, domestic_credit_fen FROM batch').raw().get()).toEqual([
      1, 4_000,
    ]);
    expect(await refusal(() => hear(till, 'refund-result', { no, outcome: 'failed' }))).toBe('ILLEGAL_STATE');
    expect(await refusal(() => hear(till, 'refund-result', { no, outcome: 'returned' }))).toBe('ILLEGAL_STATE');
    expect(await refusal(() => hear(till, 'refund-result', { no: 'NONE', outcome: 'accepted' }))).toBe('NOT_FOUND');
  });

  test('what another terminal gave back is counted and posts nothing (races.md)', () => {
    const till = newTill();
    const sale = sell(till, 10_000, { cleared: true });
    const news = { no: 'E1', payment: sale.no, amountFen: 3_333, feeFen: 20 };
    hear(till, 'refunded-elsewhere', news);
    hear(till, 'refunded-elsewhere', news);
    expect(paymentByNo(till.db, sale.no)).toMatchObject({
      state: 'PARTLY_REFUNDED',
      refundedFen: 3_333,
      refundedFeeFen: 20,
    });
    expect(balanceOf(till.db, '2002')).toBe(9_940);
    // Its fee counts in the next refund here: 20 of 60, then the rest.
    expect(giveBack(till, localOriginal(till, sale.no), 6_667).feeFen).toBe(40);
  });
});
