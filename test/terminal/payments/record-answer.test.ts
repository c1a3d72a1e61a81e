import { describe, expect, test } from 'vitest';
import type { CardAnswer, SaleAnswer } from '../../../sync/protocol/card-requests.ts';
import { inTransaction } from '../../../terminal/base/database.ts';
import { recordAnswer, recordUnanswered } from '../../../terminal/flows/record-answer.ts';
import { checkLedger } from '../../../terminal/ledger/check.ts';
import type { Intent } from '../../../terminal/payments/create-payment.ts';
import type { Payment } from '../../../terminal/payments/payment.ts';
import { reversalsDue } from '../../../terminal/payments/queries.ts';
import { answersPayment } from '../../../terminal/payments/record-answer.ts';
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
    expect(answersPayment(payment, approval(payment, change))).toBe(is);
  });
});

describe('which answer fits which transaction', () => {
  const noMoney = { rate: null, amountFen: 10_000, approvedFen: 10_000 } as const;
  const answers: readonly [string, Intent['txn'], Partial<CardAnswer>, boolean][] = [
    ['a sale in part', 'sale', { code: '10', approvedFen: 4_000 }, true],
    ['a sale in part, of all of it', 'sale', { code: '10' }, false],
    ['a sale in part, of nothing', 'sale', { code: '10', approvedFen: 0 }, false],
    ['a sale, less than asked, but not in part', 'sale', { approvedFen: 4_000 }, false],
    ['a sale with a discount', 'sale', { discountFen: 1_000 }, true],
    ['a sale that is all discount', 'sale', { discountFen: 10_000 }, false],
    ['a question for a code where none may come', 'sale', { code: '1A', rate: null }, false],
    ['an approval of another kind', 'sale', { kind: 'completion' }, false],
    ['a completion in part', 'completion', { kind: 'completion', code: '10', approvedFen: 4_000 }, false],
    ['a completion with a discount', 'completion', { kind: 'completion', discountFen: 1_000 }, false],
    ['a completion without a rate', 'completion', { kind: 'completion', rate: null }, false],
    ['a completion', 'completion', { kind: 'completion' }, true],
    ['a pre-authorisation', 'preauth', { kind: 'preauth', ...noMoney, validUntil: 1 }, true],
    ['a pre-authorisation without an end', 'preauth', { kind: 'preauth', ...noMoney, validUntil: null }, false],
    [
      'a pre-authorisation in part',
      'preauth',
      { kind: 'preauth', ...noMoney, code: '10', approvedFen: 1, validUntil: 1 },
      false,
    ],
    ['a void', 'void', { kind: 'void', ...noMoney }, true],
    ['a void of less', 'void', { kind: 'void', ...noMoney, approvedFen: 9_999 }, false],
    ['a void that says it cleared', 'void', { kind: 'void', ...noMoney, cleared: true }, false],
    ['a declined void', 'void', { kind: 'void', code: '12', rate: null, approvedFen: 0 }, true],
  ];
  test.each(answers)('%s', (_, txn, change, is) => {
    const payment = { ...intend(newTill(), 10_000), txn };
    const answer = { ...approval(payment), ...change } as CardAnswer;
    expect(answersPayment(payment, answer)).toBe(is);
  });
});

describe('撤销 in the book', () => {
  const voidOf = (till: Till, sale: Payment): Payment =>
    intend(till, 1, { txn: 'void', original: sale.no, approvedBy: '00' });
  const voided = (payment: Payment, change: Partial<CardAnswer> = {}): CardAnswer =>
    ({ ...approval(payment), kind: 'void', rate: null, ...change }) as CardAnswer;
  const state = (till: Till, { no }: Payment): unknown =>
    till.db.prepare('SELECT state FROM payment WHERE no = ?').pluck().get(no);
  const events = (till: Till): unknown => till.db.prepare('SELECT event FROM journal ORDER BY id').pluck().all();
  const totals = (till: Till): unknown =>
    till.db.prepare('SELECT records, domestic_debit_fen AS debit, domestic_credit_fen AS credit FROM batch').get();

  test('of a sale that has not cleared: locked at the intent, J-02 at success, counted on the other side', () => {
    const till = newTill();
    const sale = sell(till, 10_000);
    const payment = voidOf(till, sale);
    expect(payment).toMatchObject({ amountFen: 10_000, card: sale.card, entry: sale.entry, approvedBy: '00' });
    expect([state(till, sale), rowsUp(till)]).toEqual(['VOIDING', ['payment-recorded']]);
    recordAnswer(till, payment, undefined, voided(payment));
    expect([state(till, sale), state(till, payment), events(till)]).toEqual(['VOIDED', 'DONE', ['J-01', 'J-02']]);
    expect([balance(till, `2001:${sale.no}`), balance(till, '1101:2026-11-20')]).toEqual([0, 0]);
    expect(totals(till)).toEqual({ records: 2, debit: 10_000, credit: 10_000 });
  });

  test('J-02r J-02s of a sale that cleared at once: its net is held with the intent, and the host hears of it before it is asked', () => {
    const till = newTill();
    const sale = sell(till, 10_000, { cleared: true });
    const payment = voidOf(till, sale);
    expect([balance(till, '2002'), balance(till, '4001'), balance(till, `2302:${payment.no}`)]).toEqual([0, 0, 10_000]);
    const told = till.db.prepare("SELECT id, body ->> '$.facts.state' AS state FROM outbox ORDER BY seq DESC LIMIT 1");
    expect(told.get()).toEqual({ id: `${payment.no}:requested`, state: 'REQUESTED' });
    recordAnswer(till, payment, undefined, voided(payment));
    expect(events(till)).toEqual(['J-01', 'J-03', 'J-02r', 'J-02s']);
    expect([balance(till, `2302:${payment.no}`), balance(till, '1101:2026-11-20')]).toEqual([0, 0]);
  });

  test.each([false, true])('J-02f declined, the sale stands as before; cleared at once: %s', (clearedAtOnce) => {
    const till = newTill();
    const sale = sell(till, 10_000, { cleared: clearedAtOnce });
    const payment = voidOf(till, sale);
    recordAnswer(till, payment, undefined, voided(payment, { code: '12', approvedFen: 0 }));
    expect([state(till, sale), state(till, payment)]).toEqual([clearedAtOnce ? 'CLEARED' : 'PAID', 'FAILED']);
    expect(balance(till, clearedAtOnce ? '2002' : `2001:${sale.no}`)).toBe(clearedAtOnce ? 9_940 : 10_000);
    expect(checkLedger(till.db).ok).toBe(true);
    expect(voidOf(till, sale).state).toBe('CREATED');
  });

  test.each([false, true])('reversed, the sale stands as before; cleared at once: %s', (clearedAtOnce) => {
    const till = newTill();
    const sale = sell(till, 10_000, { cleared: clearedAtOnce });
    recordUnanswered(till, voidOf(till, sale), undefined, 'no-answer');
    expect(state(till, sale)).toBe('VOIDING');
    inTransaction(till.db, (tx) => {
      for (const due of reversalsDue(till.db))
        recordReversalAnswer(tx, till.clock.now(), markReversalSent(tx, due), '25', 3);
    });
    expect(state(till, sale)).toBe(clearedAtOnce ? 'CLEARED' : 'PAID');
    expect(balance(till, '2002')).toBe(clearedAtOnce ? 9_940 : 0);
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
  const reversing = (till: Till) => recordUnanswered(till, intend(till, 10_000), card, 'no-answer');
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
    expect(() => recordAnswer(till, { ...payment, state: 'REVERSED' }, card, approval(payment))).toThrow(
      'ILLEGAL_STATE',
    );
    expect(contents(till.db)).toBe(before);
  });
});
