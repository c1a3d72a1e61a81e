import type { Slip, SlipLine } from '../../drivers/devices.ts';
import type { GroupTotals } from '../../sync/protocol/common.ts';
import { shanghai } from '../base/clock.ts';
import { formatYuan } from '../base/money.ts';
import { type Batch, isBalanced } from './batch.ts';

/** 批结算单 (payments.md, Slips): rows of domestic and foreign, debit and credit, with count and amount; the verdict; what differed. */
export function batchSlip(
  head: { readonly lines: Slip; readonly simulated: boolean },
  batch: Batch,
  duplicate: boolean,
): Slip {
  const { day, time } = shanghai(batch.closedAt ?? batch.openedAt);
  return [
    { kind: 'text', text: '批结算单', align: 'center', size: 'double' },
    { kind: 'text', text: 'BATCH SETTLEMENT', align: 'center' },
    { kind: 'rule' },
    ...head.lines,
    { kind: 'pair', left: '批次号 BATCH NO', right: batch.no },
    { kind: 'pair', left: '日期 DATE', right: `${day} ${time}` },
    { kind: 'rule' },
    row('类型 TYPE', '笔数', '金额 RMB'),
    ...groupRows('内卡', batch.totals.domestic),
    ...groupRows('外卡', batch.totals.foreign),
    ...groupRows('扫码', batch.totals.codes),
    { kind: 'rule' },
    { kind: 'text', text: isBalanced(batch) ? '对账平' : '对账不平', align: 'center', size: 'double', bold: true },
    { kind: 'text', text: isBalanced(batch) ? 'TOTALS BALANCED' : 'TOTALS NOT BALANCED', align: 'center' },
    ...differingLines(batch),
    ...(duplicate ? [{ kind: 'text', text: '****重打印/DUPLICATED****', align: 'center' } as const] : []),
    ...(head.simulated ? [{ kind: 'text', text: '***测试/TESTING,凭证无效***', align: 'center' } as const] : []),
    { kind: 'feed', lines: 3 },
    { kind: 'cut' },
  ];
}

const row = (name: string, count: string, amount: string): SlipLine => ({
  kind: 'columns',
  cells: [
    { text: name, width: 12 },
    { text: count, width: 6, align: 'right' },
    { text: amount, width: 14, align: 'right' },
  ],
});

const groupRows = (name: string, totals: GroupTotals): Slip => [
  row(`${name}借记`, String(totals.debitCount), formatYuan(totals.debitFen)),
  row(`${name}贷记`, String(totals.creditCount), formatYuan(totals.creditFen)),
];

const kinds = { 'missing-there': '主机缺', 'missing-here': '终端缺', amount: '金额不符' } as const;
const decisions = { booked: '已补记', rejected: '已撤除' } as const;

/** Each record on which the lists differed, and what became of it: the way from 不平 to resolved. */
const differingLines = (batch: Batch): Slip =>
  batch.differing.length === 0
    ? []
    : [
        { kind: 'rule' },
        { kind: 'text', text: '差异明细 DIFFERENCES' },
        ...batch.differing.map(
          (d): SlipLine => ({
            kind: 'pair',
            left: `${d.stan ?? '------'} ${kinds[d.kind]}`,
            right: `${formatYuan(d.hereFen ?? d.thereFen ?? 0)} ${decisions[d.decision]}`,
          }),
        ),
      ];
