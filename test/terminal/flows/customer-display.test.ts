import { expect, test } from 'vitest';
import { type ForCustomer, linesFor } from '../../../terminal/flows/customer-display.ts';

test.each<[ForCustomer, string, string]>([
  [{ is: 'welcome' }, '      WELCOME', ''],
  [{ is: 'present-card', amountFen: 1_200 }, 'TOTAL          12.00', 'PLEASE PRESENT CARD'],
  [{ is: 'swipe-card', amountFen: 1_200 }, 'TOTAL          12.00', 'PLEASE SWIPE CARD'],
  [{ is: 'enter-pin', amountFen: 100_001 }, 'TOTAL       1,000.01', 'PLEASE ENTER PIN'],
  [{ is: 'wait', amountFen: 1 }, 'TOTAL           0.01', 'PLEASE WAIT'],
  [{ is: 'approved', amountFen: 999_999_999 }, 'TOTAL   9,999,999.99', 'APPROVED, THANK YOU'],
  [{ is: 'discount', amountFen: 1_200, discountFen: 100 }, 'SAVED           1.00', 'TO PAY         11.00'],
  [
    { is: 'discount', amountFen: 999_999_999, discountFen: 999_999_998 },
    'SAVED   9,999,999.98',
    'TO PAY          0.01',
  ],
])('%o', (what, upper, lower) => {
  expect(linesFor(what)).toEqual([upper, lower]);
  for (const line of [upper, lower]) expect(line).toMatch(/^[ -~]{0,20}$/);
});
