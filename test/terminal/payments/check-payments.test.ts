import { expect, test } from 'vitest';
import { inTransaction } from '../../../terminal/base/database.ts';
import { fen } from '../../../terminal/base/money.ts';
import { checkBook } from '../../../terminal/flows/check-book.ts';
import { giveBack, hear, localOriginal } from '../give-back.ts';
import { newTill, sell, type Till } from '../till.ts';

/** A till with a sale of 100.00, 40.00 of it given back, 10.00 on its way. */
function till(): Till {
  const made = newTill();
  const sale = sell(made, 10_000);
  const { no } = giveBack(made, localOriginal(made, sale.no), 4_000);
  hear(made, 'refund-result', { no, outcome: 'succeeded' });
  giveBack(made, localOriginal(made, sale.no), 1_000);
  return made;
}

test('a good book is right', () => {
  expect(checkBook(till().db)).toMatchObject({ ok: true, problems: [] });
});

test.each([
  ['a refund that is forgotten', "DELETE FROM refund WHERE state = 'REQUESTED'", ['P-08', 'P-09']],
  [
    'a refund that is said to have failed',
    "UPDATE refund SET state = 'FAILED' WHERE state = 'REQUESTED'",
    ['P-08', 'P-09'],
  ],
  [
    'a refund of another amount',
    "UPDATE refund SET amount_fen = 3999 WHERE state = 'SUCCESS'",
    ['P-04', 'P-08', 'P-14'],
  ],
  ['a fee that was given back twice', "UPDATE refund SET fee_fen = fee_fen + 1 WHERE state = 'SUCCESS'", ['P-14']],
  ['a sum of refunds that is too small', 'UPDATE payment SET refunded_fen = 3999', ['P-14']],
  ['a payment that is taken for cleared', 'UPDATE payment SET cleared = 1', ['P-08']],
  ['a payment that is not there', 'DELETE FROM payment', ['P-04', 'P-08']],
  ['totals of the batch that its records do not make', 'UPDATE batch SET domestic_debit_count = 2', ['P-04']],
])('%s is found', (_, sql, rules) => {
  const { db } = till();
  inTransaction(db, (tx) => tx.db.exec(sql));
  const { ok, problems } = checkBook(db);
  expect([ok, [...new Set(problems.map(({ rule }) => rule))]]).toEqual([false, rules]);
});

test('two refunds in flight cannot even be written down', () => {
  const made = newTill();
  const sale = sell(made, 10_000);
  const original = localOriginal(made, sale.no);
  giveBack(made, original, 1_000);
  expect(() => giveBack(made, { ...original, inFlight: false, refundedFen: fen(0) }, 1_000)).toThrow(/UNIQUE/);
});
