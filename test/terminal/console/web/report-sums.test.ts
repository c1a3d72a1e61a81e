import { expect, test } from 'vitest';
import { isConsistent, sumOf } from '../../../../terminal/console/web/pages/report-sums.ts';
import type { Report, ReportLine } from '../../../../terminal/flows/statement-desk.ts';

const line = (name: string, grossFen: number, refundFen = 0): ReportLine => ({
  name,
  count: 1,
  grossFen,
  refundCount: refundFen > 0 ? 1 : 0,
  refundFen,
  feeFen: 6,
  netFen: grossFen - refundFen - 6,
});

const days = [line('2026-11-21', 1_000), line('2026-11-22', 500, 100)];
const report: Report = {
  from: '2026-11-21',
  to: '2026-11-22',
  byDay: days,
  byInstrument: [{ ...sumOf(days), name: 'CHIP' }],
  byOperator: [line('01', 500, 100), line('02', 1_000)],
  settlements: [],
  bySettlement: [],
  total: { ...sumOf(days), name: '' },
};

test('B-039 the totals of a report are equal whichever way it is added up', () => {
  expect(isConsistent(report)).toBe(true);
  expect(sumOf(report.byOperator)).toEqual(sumOf(report.byDay));
});

test('B-039 one fen of difference in any of the tables shows', () => {
  const other = { ...line('01', 501, 100), netFen: 394 };
  for (const name of ['byDay', 'byInstrument', 'byOperator'] as const)
    expect(isConsistent({ ...report, [name]: [other, ...report[name].slice(1)] })).toBe(false);
  expect(isConsistent({ ...report, byDay: [] })).toBe(false);
});

test('B-039 nothing adds up to nothing', () => {
  const none = { ...sumOf([]), name: '' };
  expect(isConsistent({ ...report, byDay: [], byInstrument: [], byOperator: [], total: none })).toBe(true);
});
