import { describe, expect, test } from 'vitest';
import type { BatchVerdict } from '../../../sync/protocol/batch.ts';
import { framed } from '../../../terminal/payments/slip-parts.ts';
import type { Batch } from '../../../terminal/settlement/batch.ts';
import { type BatchSlipFacts, batchLines } from '../../../terminal/settlement/batch-slip.ts';
import { field, head, onPaper, papers } from '../payments/slip-samples.ts';

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
  records: 7,
  totals: { domestic: group(3, 1_234_567, 1, 5_000), foreign: group(2, 60_000), codes: group(1, 1) },
  verdict: balanced,
  decided: null,
  differing: [],
  nextBatch: '000008',
  uploaded: 0,
  clearedAt: null,
  prints: 0,
};
const paper = (change: Partial<Batch> = {}, facts: Partial<BatchSlipFacts> = {}, columns: 32 | 48 = 32): string =>
  onPaper(
    framed(
      head,
      { title: '批结算单', under: 'BATCH SETTLEMENT', duplicate: false },
      batchLines({ ...batch, ...change }, { failed: [], leftOut: 0, ...facts }),
    ),
    columns,
  );

describe.each(papers)('批结算单 on paper of %d cells', (columns) => {
  const rows: readonly [string, RegExp][] = [
    ['terminal', field('终端号(TERMINAL NO)', '10000001')],
    ['who closed it', field('操作员(OPERATOR NO)', '01')],
    ['batch', field('批次号(BATCH NO)', '000007')],
    ['when it was closed, as in Shanghai', field('日期(DATE)', '2026-11-20 22:30:05')],
    ['内卡', /^内卡 DOMESTIC +平 BALANCED\n借记 DEBIT +3 +12,345\.67\n贷记 CREDIT +1 +50\.00$/m],
    ['外卡', /^外卡 FOREIGN +平 BALANCED\n借记 DEBIT +2 +600\.00\n贷记 CREDIT +0 +0\.00$/m],
    ['扫码', /^扫码 CODES +平 BALANCED\n借记 DEBIT +1 +0\.01\n贷记 CREDIT +0 +0\.00$/m],
    ['合计', /^合计 TOTAL\n借记 DEBIT +6 +12,945\.68\n贷记 CREDIT +1 +50\.00\n净额 NET +12,895\.68$/m],
    ['verdict', /^ +对账平\n +TOTALS BALANCED$/m],
  ];
  test.each(rows)('names %s', (_, row) => expect(paper({}, {}, columns)).toMatch(row));

  test('not balanced: each group, each record that differed, and what became of it', () => {
    const text = paper(
      {
        verdict: { domestic: 2, foreign: 1, codes: 3 },
        differing: [
          { payment: 'A', stan: '000011', kind: 'missing-there', hereFen: 10_000, thereFen: null, decision: 'booked' },
          { payment: 'B', stan: null, kind: 'missing-here', hereFen: null, thereFen: 20_000, decision: 'rejected' },
          { payment: 'C', stan: '000013', kind: 'amount', hereFen: 30_000, thereFen: 30_001, decision: 'booked' },
        ],
      },
      {},
      columns,
    );
    expect(text).toMatch(/^ +对账不平\n +TOTALS NOT BALANCED$/m);
    expect(text).toMatch(/^内卡 DOMESTIC +不平 DIFFERS$/m);
    expect(text).toMatch(/^外卡 FOREIGN +平 BALANCED$/m);
    expect(text).toMatch(/^扫码 CODES +错 ERROR$/m);
    expect(text).toMatch(/^000011 主机缺 NOT AT HOST +已补记\n {2}终端 HERE +100\.00\n {2}主机 HOST +缺 MISSING$/m);
    expect(text).toMatch(/^-{6} 终端缺 NOT HERE +已撤除\n {2}终端 HERE +缺 MISSING\n {2}主机 HOST +200\.00$/m);
    expect(text).toMatch(/^000013 金额不符 AMOUNT +已补记\n {2}终端 HERE +300\.00\n {2}主机 HOST +300\.01$/m);
  });
});

test('what failed in the batch, and why', () => {
  const text = paper(
    {},
    { failed: [{ stan: '000012', what: '离线被拒 REFUSED', amountFen: 8_800, why: '应答码 CODE 51' }] },
  );
  expect(text).toMatch(/^失败明细 FAILED ITEMS\n000012 离线被拒 REFUSED\n {2}应答码 CODE 51 +88\.00$/m);
  expect(paper()).not.toContain('FAILED ITEMS');
});

test('the net profile says what its totals leave out, the gross one leaves nothing out', () => {
  expect(paper({}, { leftOut: 2 })).toMatch(/^撤销2笔及其原交易不计\n2 VOIDS NOT COUNTED \(NET\)$/m);
  expect(paper()).not.toMatch(/不计|NOT COUNTED/);
});

test('no amount is cut, however much was sold', () => {
  const huge = { domestic: group(100_000, 999_999_999_999_999), foreign: group(0, 0), codes: group(0, 0) };
  expect(paper({ totals: huge })).toMatch(/^借记 DEBIT +100000\n +9,999,999,999,999\.99$/m);
});
