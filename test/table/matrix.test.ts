import { describe, expect, it } from 'vitest';
import { balanceRow } from './balance-row.ts';
import { chipSaleRow, saleRow, voidClearedRow, voidRow } from './card-rows.ts';
import { endings, type Row, transactions } from './cell.ts';
import { customerShowsRow, merchantShowsRow } from './code-rows.ts';
import { completionRow, completionVoidRow, preauthRow, preauthVoidRow } from './preauth-rows.ts';
import { refundHereRow, refundThereRow } from './refund-rows.ts';
import { adviceRow, storedRow } from './told-rows.ts';

/** The whole table (issue 4, "Done when" 1): nothing is left out of it without a word. */
const matrix: readonly Row[] = [
  saleRow,
  chipSaleRow,
  voidRow,
  voidClearedRow,
  refundHereRow,
  refundThereRow,
  preauthRow,
  preauthVoidRow,
  completionRow,
  adviceRow,
  completionVoidRow,
  balanceRow,
  customerShowsRow,
  merchantShowsRow,
  storedRow,
];

describe('the table of transactions and endings', () => {
  it('has a row for each transaction', () => {
    expect(matrix.map(({ name }) => name)).toEqual(transactions);
  });

  it.each(matrix.map((row) => [row.name, row] as const))(
    '%s has every ending, or says why there is none',
    (_, { cells }) => {
      expect(Object.keys(cells)).toEqual(endings);
      for (const cell of Object.values(cells)) {
        if ('none' in cell) expect(cell.none.length).toBeGreaterThan(15);
        else expect(cell.length).toBeGreaterThan(0);
      }
    },
  );

  it.each(matrix.map((row) => [row.name, row] as const))('%s tells its cells apart', (_, { cells }) => {
    for (const cell of Object.values(cells)) {
      const given = 'none' in cell ? [] : cell.map((one) => one.given);
      expect(new Set(given).size).toBe(given.length);
    }
  });
});
