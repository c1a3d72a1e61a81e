import { describe, expect, test } from 'vitest';
import { inTransaction } from '../../../terminal/base/database.ts';
import { beginShiftOf, endShiftOf } from '../../../terminal/flows/shift.ts';
import {
  listTransactions,
  queryTransaction,
  scopeOf,
  transactionByStan,
} from '../../../terminal/flows/transaction-list.ts';
import { giveBack, hear, localOriginal } from '../give-back.ts';
import { cashier, newTill, sell, supervisor, type Till } from '../till.ts';

/** 交易查询: payments and refunds in one list, and who sees which (B-037). */

const other = { no: '02', role: 'C' } as const;
const all = scopeOf(supervisor);
const mine = scopeOf(cashier);

const logOn = (till: Till, user = cashier as { readonly no: string; readonly role: 'C' }) =>
  inTransaction(till.db, (tx) => beginShiftOf(till, tx, user));
const handOver = (till: Till, no: string) => inTransaction(till.db, (tx) => endShiftOf(till, tx, no, no));
const rows = (till: Till, scope = all, limit = 100) =>
  listTransactions(till.db, scope, limit).map(({ type, amountFen, state }) => `${type} ${amountFen} ${state}`);

function refund(till: Till, payment: string, amountFen: number) {
  till.clock.jump(1_000);
  return giveBack(till, localOriginal(till, payment), amountFen);
}
function sale(till: Till, amountFen: number): string {
  till.clock.jump(1_000);
  return sell(till, amountFen).no;
}

describe('a refund is a row among the payments', () => {
  test('in the order of time, with its state, its original voucher and why it failed', () => {
    const till = newTill();
    const first = sale(till, 10_000);
    const refunded = refund(till, first, 3_000);
    sale(till, 5_000);
    expect(rows(till)).toEqual(['sale 5000 PAID', 'refund 3000 REQUESTED', 'sale 10000 PAID']);
    expect(listTransactions(till.db, all, 2)).toHaveLength(2);
    hear(till, 'refund-result', { no: refunded.no, outcome: 'refused', reason: 'RISK_BLOCKED' });
    expect(transactionByStan(till.db, refunded.stan)).toMatchObject({
      type: 'refund',
      payment: refunded.no,
      original: first,
      originalStan: '000001',
      state: 'FAILED',
      reason: 'RISK_BLOCKED',
      approvedBy: '00',
      operator: '01',
    });
  });

  test('the newest of a STAN is found, be it a payment or a refund', () => {
    const till = newTill();
    const first = sale(till, 10_000);
    const { stan } = refund(till, first, 3_000);
    expect(transactionByStan(till.db, stan)?.type).toBe('refund');
    till.db.prepare("UPDATE counter SET value = value - 1 WHERE name = 'stan'").run();
    till.db.prepare("UPDATE payment SET batch = '000000'").run();
    sale(till, 700);
    expect(transactionByStan(till.db, stan)).toMatchObject({ type: 'sale', amountFen: 700 });
    expect(transactionByStan(till.db, '999999')).toBeUndefined();
  });

  test('what upstream holds is marked', () => {
    const till = newTill();
    const payment = sale(till, 10_000);
    expect(listTransactions(till.db, all, 1)[0]?.isFrozen).toBe(false);
    hear(till, 'freeze', { no: 'F1', payment, amountFen: 10_000 });
    expect(listTransactions(till.db, all, 1)[0]?.isFrozen).toBe(true);
    hear(till, 'unfreeze', { no: 'F1', payment });
    expect(listTransactions(till.db, all, 1)[0]?.isFrozen).toBe(false);
  });
});

describe('B-037: a cashier sees the own shift, everybody else all', () => {
  test.each([
    [cashier, { of: 'shift', operator: '01' }],
    [supervisor, { of: 'all' }],
    [{ no: '99', role: 'A' } as const, { of: 'all' }],
    [undefined, { of: 'all' }],
  ])('%o: %o', (viewer, scope) => expect(scopeOf(viewer)).toEqual(scope));

  test('not the shift before, nor what others did', () => {
    const till = newTill();
    logOn(till);
    const before = sale(till, 100);
    refund(till, before, 50);
    hear(till, 'refund-result', { no: listTransactions(till.db, all, 1)[0]?.payment ?? '', outcome: 'succeeded' });
    till.clock.jump(1_000);
    handOver(till, '01');
    till.clock.jump(1_000);
    logOn(till);
    logOn(till, other);
    expect(rows(till, mine)).toEqual([]);
    const now = sale(till, 200);
    refund(till, now, 150);
    expect(rows(till, mine)).toEqual(['refund 150 REQUESTED', 'sale 200 PAID']);
    expect(rows(till, scopeOf(other))).toEqual([]);
    expect(rows(till)).toHaveLength(4);
    expect(rows(till, mine, 1)).toEqual(['refund 150 REQUESTED']);
    expect(queryTransaction(till.db, mine, '000001')).toBeUndefined();
    expect(queryTransaction(till.db, all, '000001')?.amountFen).toBe(100);
    expect(queryTransaction(till.db, mine, '000003')?.amountFen).toBe(200);
  });

  test('a refund that the shift before left undecided counts in this one, and is seen', () => {
    const till = newTill();
    logOn(till);
    refund(till, sale(till, 100), 50);
    till.clock.jump(1_000);
    handOver(till, '01');
    till.clock.jump(1_000);
    logOn(till);
    expect(rows(till, mine)).toEqual(['refund 50 REQUESTED']);
  });

  test('without a shift: what was done since the last one', () => {
    const till = newTill();
    sale(till, 100);
    expect(rows(till, mine)).toEqual(['sale 100 PAID']);
    till.clock.jump(1_000);
    logOn(till);
    handOver(till, '01');
    expect(rows(till, mine)).toEqual([]);
    refund(till, sale(till, 200), 10);
    expect(rows(till, mine)).toEqual(['refund 10 REQUESTED', 'sale 200 PAID']);
  });
});
