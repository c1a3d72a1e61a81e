import { describe, expect, test } from 'vitest';
import { slipText } from '../../../drivers/printer/slip-text.ts';
import type { BatchVerdict } from '../../../sync/protocol/batch.ts';
import type { Batch } from '../../../terminal/settlement/batch.ts';
import { batchSlip } from '../../../terminal/settlement/batch-slip.ts';

/** payments.md, Slips: 结算单. */

const group = (debitCount: number, debitFen: number, creditCount = 0, creditFen = 0) => ({
  debitCount,
  debitFen,
  creditCount,
  creditFen,
});
const balanced: BatchVerdict['verdicts'] = { domestic: 1, foreign: 1, codes: 1 };
const batch: Batch = {
  id: 7,
  no: '000007',
  state: 'CLEAR_DUE',
  businessDate: '2026-11-20',
  openedAt: Date.UTC(2026, 10, 20, 1),
  closedAt: Date.UTC(2026, 10, 20, 14, 30, 5),
  closedBy: '01',
  records: 6,
  totals: { domestic: group(3, 1_234_567, 1, 5_000), foreign: group(2, 60_000), codes: group(1, 1) },
  verdict: balanced,
  differing: [],
  nextBatch: '000008',
  uploaded: 0,
  clearedAt: null,
  prints: 0,
};
const lines = [{ kind: 'text', text: '商户 898110058120001 终端 10000001' }] as const;
const paper = (change: Partial<Batch> = {}, duplicate = false, simulated = true): string =>
  slipText(batchSlip({ lines, simulated }, { ...batch, ...change }, duplicate), 32).join('\n');

describe('批结算单', () => {
  const rows: readonly [string, RegExp][] = [
    ['the merchant and terminal', /898110058120001[^\n]*10000001|898110058120001[\s\S]*10000001/],
    ['the batch', /批次号[^\n]* 000007/],
    ['when it was closed, as in Shanghai', /2026-11-20 22:30:05/],
    ['内卡借记', /内卡借记 +3 +12,?345\.67/],
    ['内卡贷记', /内卡贷记 +1 +50\.00/],
    ['外卡借记', /外卡借记 +2 +600\.00/],
    ['外卡贷记', /外卡贷记 +0 +0\.00/],
    ['扫码借记', /扫码借记 +1 +0\.01/],
    ['扫码贷记', /扫码贷记 +0 +0\.00/],
    ['the verdict', /\n +对账平\n/],
  ];
  test.each(rows)('names %s', (_, row) => {
    expect(paper()).toMatch(row);
  });

  test('not balanced: each record that differed, and what became of it', () => {
    const text = paper({
      verdict: { ...balanced, domestic: 2 },
      differing: [
        { payment: 'A', stan: '000011', kind: 'missing-there', hereFen: 10_000, thereFen: null, decision: 'booked' },
        { payment: 'B', stan: null, kind: 'missing-here', hereFen: null, thereFen: 20_000, decision: 'rejected' },
        { payment: 'C', stan: '000013', kind: 'amount', hereFen: 30_000, thereFen: 30_001, decision: 'booked' },
      ],
    });
    expect(text).toMatch(/\n +对账不平\n/);
    expect(text).not.toMatch(/\n +对账平\n/);
    expect(text).toMatch(/000011 主机缺 +100\.00 已补记/);
    expect(text).toMatch(/------ 终端缺 +200\.00 已撤除/);
    expect(text).toMatch(/000013 金额不符 +300\.00 已补记/);
  });

  test.each([
    [false, true],
    [true, true],
    [true, false],
    [false, false],
  ])('duplicate %s, simulated %s: the marks that belong there', (duplicate, simulated) => {
    const text = paper({}, duplicate, simulated);
    expect(text.includes('****重打印/DUPLICATED****')).toBe(duplicate);
    expect(text.includes('***测试/TESTING,凭证无效***')).toBe(simulated);
  });
});
