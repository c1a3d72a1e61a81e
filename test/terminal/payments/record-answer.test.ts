import { describe, expect, test } from 'vitest';
import type { SaleAnswer } from '../../../sync/protocol/requests.ts';
import { inTransaction } from '../../../terminal/base/database.ts';
import { recordSaleAnswer, recordUnknownSale } from '../../../terminal/flows/record-answer.ts';
import { checkLedger } from '../../../terminal/ledger/check.ts';
import { reversalsDue } from '../../../terminal/payments/queries.ts';
import { answersSale } from '../../../terminal/payments/record-answer.ts';
import { markReversalSent, recordLateAnswer, recordReversalAnswer } from '../../../terminal/payments/reverse.ts';
import { approval, card, contents, intend, newTill, sell, type Till } from '../till.ts';

const balance = (till: Till, account: string): unknown =>
  till.db.prepare('SELECT balance_fen FROM balance WHERE account = ?').pluck().get(account) ?? 0;
const rowsUp = (till: Till): unknown => till.db.prepare('SELECT kind FROM outbox ORDER BY seq').pluck().all();

describe('which answer is the one that was asked for', () => {
  const answers: readonly [string, Partial<SaleAnswer>, boolean][] = [
    ['the approval of this payment', {}, true],
    ['another payment', { payment: '01M80000000000000000000000' }, false],
    ['another STAN', { stan: '999998' }, false],
    ['another amount', { amountFen: 9_999 }, false],
    ['an approval without a rate', { rate: null }, false],
    ['a decline, which has no rate', { code: '51', rate: null }, true],
    ['a decline of another payment', { code: '51', payment: '01M80000000000000000000000' }, false],
  ];
  test.each(answers)('%s', (_, change, is) => {
    const payment = intend(newTill(), 10_000);
    expect(answersSale(payment, approval(payment, change))).toBe(is);
  });
});

describe('what an answer does', () => {
  test('approved: J-01, the totals, the record for the host, and no reversal is due', () => {
    const till = newTill();
    const paid = sell(till, 10_000);
    expect(paid).toMatchObject({ state: 'PAID', reversal: null, feeFen: 60, rrn: '112000000001', authCode: '711683' });
    expect([balance(till, `2001:${paid.no}`), balance(till, '1101:2026-11-20')]).toEqual([10_000, 10_000]);
    expect(rowsUp(till)).toEqual(['payment-recorded']);
    expect(checkLedger(till.db).ok).toBe(true);
  });

  test('approved and cleared at once: J-01 and J-03 together', () => {
    const till = newTill();
    const paid = sell(till, 10_000, { cleared: true });
    expect(paid.state).toBe('CLEARED');
    expect([balance(till, `2001:${paid.no}`), balance(till, '2002'), balance(till, '4001')]).toEqual([0, 9_940, 60]);
  });

  test('declined: its record, nothing else', () => {
    const till = newTill();
    expect(sell(till, 10_000, { code: '51', rate: null })).toMatchObject({
      state: 'FAILED',
      code: '51',
      reversal: null,
    });
    expect(till.db.prepare('SELECT count(*) FROM journal').pluck().get()).toBe(0);
    expect(rowsUp(till)).toEqual(['payment-recorded']);
  });

  test('not to be trusted: the reversal is due at once', () => {
    const till = newTill();
    expect(sell(till, 10_000, { amountFen: 1 })).toMatchObject({ state: 'REVERSING', reversal: 'DUE', code: null });
    expect(till.db.prepare('SELECT kind, due_at FROM due_work').get()).toEqual({
      kind: 'reversal',
      due_at: till.clock.now(),
    });
    expect(rowsUp(till)).toEqual([]);
  });
});

describe('冲正', () => {
  const reversing = (till: Till) => recordUnknownSale(till, intend(till, 10_000), card, 'no-answer');
  const answer = (till: Till, code: string, maxRefusals = 3) =>
    inTransaction(till.db, (tx) => {
      const [due] = reversalsDue(till.db);
      if (!due) throw new Error('no reversal is due');
      return recordReversalAnswer(tx, till.clock.now(), markReversalSent(tx, due), code, maxRefusals);
    });

  test.each(['00', '25', '94'])('code %s ends it', (code) => {
    const till = newTill();
    reversing(till);
    expect(answer(till, code)).toMatchObject({ state: 'REVERSED', reversal: 'DONE' });
    expect(rowsUp(till)).toEqual(['reversal-ended']);
  });

  test('other codes count; the third needs a human, and attempts without an answer never do', () => {
    const till = newTill();
    reversing(till);
    for (let n = 0; n < 20; n++)
      inTransaction(till.db, (tx) => reversalsDue(till.db).map((due) => markReversalSent(tx, due)));
    expect(reversalsDue(till.db)[0]).toMatchObject({ reversalAttempts: 20, reversalRefusals: 0 });
    expect(answer(till, '96')).toMatchObject({ state: 'REVERSING', reversal: 'DUE', reversalRefusals: 1 });
    expect(answer(till, '05')).toMatchObject({ state: 'REVERSING', reversalRefusals: 2 });
    expect(answer(till, '96')).toMatchObject({ state: 'NEEDS_HUMAN', reversal: 'NEEDS_HUMAN', reversalRefusals: 3 });
    expect(till.db.prepare('SELECT count(*) FROM journal').pluck().get()).toBe(0);
  });

  test('an approval that comes late is written down and changes nothing', () => {
    const till = newTill();
    const payment = reversing(till);
    answer(till, '00');
    const before = contents(till.db);
    inTransaction(till.db, (tx) => recordLateAnswer(tx, till.clock.now(), payment.no, '00'));
    const late = till.db.prepare('SELECT late_code FROM payment').pluck();
    expect(late.get()).toBe('00');
    till.db.exec('UPDATE payment SET late_code = NULL');
    expect(contents(till.db)).toBe(before);
  });

  test('an answer for a sale that ended is refused as a bug of ours, and writes nothing', () => {
    const till = newTill();
    const payment = reversing(till);
    answer(till, '25');
    const before = contents(till.db);
    expect(() => recordSaleAnswer(till, { ...payment, state: 'REVERSED' }, card, approval(payment))).toThrow(
      'ILLEGAL_STATE',
    );
    expect(contents(till.db)).toBe(before);
  });
});
