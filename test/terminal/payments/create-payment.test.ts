import { describe, expect, test } from 'vitest';
import type { ErrorCode } from '../../../terminal/base/error-table.ts';
import { fen } from '../../../terminal/base/money.ts';
import { recordAnswer, recordUnanswered } from '../../../terminal/flows/record-answer.ts';
import type { Intent } from '../../../terminal/payments/create-payment.ts';
import { openIntents } from '../../../terminal/payments/queries.ts';
import { refusal } from '../../support/refusal.ts';
import { approval, card, contents, intend, newTill, sell, supervisor } from '../till.ts';

const batch = { no: '000001', businessDate: '2026-11-20', open: true, records: 3 };

describe('the intent of a sale', () => {
  test('is CREATED with its reversal due, before anything is asked of the world', () => {
    const till = newTill();
    const payment = intend(till, 10_000);
    const row = till.db.prepare('SELECT state, reversal, stan, batch, amount_fen, operator FROM payment').get();
    expect(row).toEqual({
      state: 'CREATED',
      reversal: 'DUE',
      stan: payment.stan,
      batch: '000001',
      amount_fen: 10_000,
      operator: '01',
    });
    expect(payment.no).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
  });

  const refused: readonly [string, number, Partial<Intent>, ErrorCode][] = [
    ['nothing', 0, {}, 'INVALID_AMOUNT'],
    ['less than nothing', -1, {}, 'INVALID_AMOUNT'],
    ['ten digits', 1_000_000_000, {}, 'INVALID_AMOUNT'],
    ['more than the limit of this terminal', 50_001, { maxAmountFen: fen(50_000) }, 'INVALID_AMOUNT'],
    ['a supervisor who sells', 100, { user: supervisor }, 'FORBIDDEN'],
    ['no batch', 100, { batch: undefined }, 'SIGN_IN_REQUIRED'],
    ['a batch that is being closed', 100, { batch: { ...batch, open: false } }, 'BATCH_CLOSING'],
    ['a full batch', 100, { batch, maxRecords: 3 }, 'BATCH_FULL'],
  ];
  test.each(refused)('%s is refused, and nothing is written', async (_, amountFen, change, code) => {
    const till = newTill();
    const before = contents(till.db);
    expect(await refusal(() => intend(till, amountFen, change))).toBe(code);
    expect(contents(till.db)).toBe(before);
  });

  test('is refused while a reversal is due', async () => {
    const till = newTill();
    recordUnanswered(till, intend(till, 10_000), undefined, 'no-answer');
    expect(await refusal(() => intend(till, 10_000))).toBe('REVERSAL_PENDING');
  });

  test('is refused while another has no end yet: its reversal may become due', async () => {
    const till = newTill();
    const payment = intend(till, 10_000);
    const before = contents(till.db);
    expect(await refusal(() => intend(till, 10_000))).toBe('REVERSAL_PENDING');
    expect(contents(till.db)).toBe(before);
    recordAnswer(till, payment, card, approval(payment));
    expect(intend(till, 10_000).stan).toBe('000002');
  });

  test('the database forbids two open ones too, whatever the clock says of their numbers', () => {
    const till = newTill();
    const { no } = intend(till, 10_000);
    const earlier = `00${no.slice(2)}`;
    const another =
      till.db.prepare(`INSERT INTO payment (no, txn, state, batch, business_date, stan, operator, amount_fen, created_at, reversal)
      VALUES (?, 'sale', 'CREATED', '000001', '2026-11-20', '000002', '01', 100, 0, 'DUE')`);
    expect(() => another.run(earlier)).toThrow('a payment is open');
    till.db.prepare("UPDATE payment SET state = 'FAILED', reversal = NULL WHERE no = ?").run(no);
    another.run(earlier);
    expect(openIntents(till.db).map((payment) => payment.no)).toEqual([earlier]);
  });

  test.each([1, 999_999_999])('%d fen may be sold', (amountFen) => {
    expect(sell(newTill(), amountFen)).toMatchObject({ state: 'PAID', amountFen });
  });
});

describe('流水号', () => {
  test('runs from 000001 to 999999 and on from 000001', () => {
    const till = newTill();
    till.db.exec("UPDATE counter SET value = 999997 WHERE name = 'stan'");
    expect([1, 2, 3].map(() => sell(till, 100).stan)).toEqual(['999998', '999999', '000001']);
  });

  test('starts at 000001, counts what was declined, and never comes twice in one batch', () => {
    const till = newTill();
    expect(sell(till, 100).stan).toBe('000001');
    expect(sell(till, 100, { code: '51', rate: null }).stan).toBe('000002');
    till.db.exec("UPDATE counter SET value = 999999 WHERE name = 'stan'");
    const before = contents(till.db);
    expect(() => sell(till, 200)).toThrow('UNIQUE');
    expect(contents(till.db)).toBe(before);
  });
});
