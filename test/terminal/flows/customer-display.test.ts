import { expect, test } from 'vitest';
import { type ForCustomer, linesFor } from '../../../terminal/flows/customer-display.ts';

test.each<[ForCustomer, string, string]>([
  [{ is: 'welcome' }, '      WELCOME', ''],
  [{ is: 'present-card', amountFen: 1_200 }, 'TOTAL          12.00', 'PLEASE PRESENT CARD'],
  [{ is: 'swipe-card', amountFen: 1_200 }, 'TOTAL          12.00', 'PLEASE SWIPE CARD'],
  [{ is: 'enter-pin', amountFen: 100_001 }, 'TOTAL       1,000.01', 'PLEASE ENTER PIN'],
  [{ is: 'wait', amountFen: 1 }, 'TOTAL           0.01', 'PLEASE WAIT'],
  [{ is: 'approved', amountFen: 999_999_999 }, 'TOTAL   9,999,999.99', 'APPROVED, THANK YOU'],
  [{ is: 'present-card', txn: 'preauth', amountFen: 20_000 }, 'PRE-AUTH      200.00', 'PLEASE PRESENT CARD'],
  [{ is: 'approved', txn: 'preauth', amountFen: 20_000 }, 'PRE-AUTH      200.00', 'HELD, THANK YOU'],
  [{ is: 'approved', txn: 'preauth-void', amountFen: 20_000 }, 'PRE-AUTH      200.00', 'RELEASED, THANK YOU'],
  [{ is: 'approved', txn: 'completion', amountFen: 15_000 }, 'TOTAL         150.00', 'APPROVED, THANK YOU'],
  [{ is: 'approved', txn: 'void', amountFen: 1_200 }, 'VOID           12.00', 'VOIDED, THANK YOU'],
  [{ is: 'present-card', amountFen: 0 }, 'BALANCE INQUIRY', 'PLEASE PRESENT CARD'],
  [{ is: 'balance', balanceFen: 123_456 }, 'BALANCE     1,234.56', 'THANK YOU'],
  [{ is: 'verify', amountFen: 1_200 }, 'TOTAL          12.00', 'TELL THE CODE SENT'],
  [
    { is: 'part', amountFen: 20_010, approvedFen: 10_005, discountFen: 0 },
    'TOTAL         200.10',
    'APPROVED      100.05',
  ],
  [
    { is: 'part', amountFen: 20_010, approvedFen: 10_005, discountFen: 1_000 },
    'APPROVED      100.05',
    'TO PAY         90.05',
  ],
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
