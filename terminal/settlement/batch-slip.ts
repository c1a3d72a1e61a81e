import type { Slip, SlipLine } from '../../drivers/devices.ts';
import type { Differing } from '../../sync/protocol/batch.ts';
import type { Group, GroupTotals } from '../../sync/protocol/common.ts';
import { shanghai } from '../base/clock.ts';
import { formatYuan } from '../base/money.ts';
import { type Batch, groups, isBalanced } from './batch.ts';

/** 批结算单 (payments.md, Slips): domestic and foreign cards and codes, debit and credit, with count and amount; each verdict; what failed, and what differed. */

/** What was asked for in the batch and came to nothing although something had been done: told and refused, refunded and not paid out, stuck. */
export interface FailedItem {
  readonly stan: string;
  /** Its type and what happened, at most 20 cells: `离线 被拒 REFUSED`. */
  readonly what: string;
  readonly amountFen: number;
  /** In words; empty: nobody said. */
  readonly why: string;
}

export interface BatchSlipFacts {
  readonly failed: readonly FailedItem[];
  /** Voids that are left out of the totals, with what they voided: the net profile. */
  readonly leftOut: number;
}

/** Behind the head and before the marks of a slip. */
export function batchLines(batch: Batch, { failed, leftOut }: BatchSlipFacts): Slip {
  const { day, time } = shanghai(batch.closedAt ?? batch.openedAt);
  const words = isBalanced(batch) ? ['对账平', 'TOTALS BALANCED'] : ['对账不平', 'TOTALS NOT BALANCED'];
  return [
    ...(batch.closedBy === null ? [] : [pair('操作员(OPERATOR NO)', batch.closedBy)]),
    pair('批次号(BATCH NO)', batch.no),
    pair('日期(DATE)', `${day} ${time}`),
    rule,
    totalRow('类型(TYPE)', '笔数', '金额(RMB)'),
    ...groups.flatMap((group) => groupLines(batch, group)),
    rule,
    ...sumLines(groups.map((group) => batch.totals[group])),
    ...(leftOut > 0 ? [text(`撤销${leftOut}笔及其原交易不计`), text(`${leftOut} VOIDS NOT COUNTED (NET)`)] : []),
    rule,
    ...words.map((word, i): SlipLine => ({ kind: 'text', text: word, align: 'center', ...(i === 0 && double) })),
    ...failedLines(failed),
    ...differingLines(batch),
  ];
}

const double = { size: 'double', bold: true } as const;
const rule: SlipLine = { kind: 'rule' };
const text = (value: string): SlipLine => ({ kind: 'text', text: value });
const pair = (left: string, right: string): SlipLine => ({ kind: 'pair', left, right });

/** A character outside of ASCII takes two. */
const cellsOf = (value: string): number => value.length + (value.match(/[^ -~]/g)?.length ?? 0);
const countEnd = 18;

/** A row of a table: name, count, amount. An amount that is too long for what is left of the line stands in the next one, never cut. */
export const totalRow = (name: string, count: string, amount: string): SlipLine =>
  pair(name + ' '.repeat(Math.max(1, countEnd - cellsOf(name) - cellsOf(count))) + count, amount);

const names: Readonly<Record<Group, string>> = {
  domestic: '内卡 DOMESTIC',
  foreign: '外卡 FOREIGN',
  codes: '扫码 CODES',
};
const verdicts = { 1: '平 BALANCED', 2: '不平 DIFFERS', 3: '错 ERROR' } as const;

const groupLines = ({ totals, verdict }: Batch, group: Group): Slip => [
  { kind: 'pair', left: names[group], right: verdict ? verdicts[verdict[group]] : '', bold: true },
  ...sideRows(totals[group]),
];

const sideRows = ({ debitCount, debitFen, creditCount, creditFen }: GroupTotals): Slip => [
  totalRow('借记 DEBIT', String(debitCount), formatYuan(debitFen)),
  totalRow('贷记 CREDIT', String(creditCount), formatYuan(creditFen)),
];

/** All groups together, and what is left. */
export function sumLines(all: readonly GroupTotals[], title = '合计 TOTAL'): Slip {
  const sum = (of: keyof GroupTotals): number => all.reduce((total, group) => total + group[of], 0);
  const [debitFen, creditFen] = [sum('debitFen'), sum('creditFen')];
  return [
    { kind: 'text', text: title, bold: true },
    ...sideRows({ debitCount: sum('debitCount'), debitFen, creditCount: sum('creditCount'), creditFen }),
    { kind: 'pair', left: '净额 NET', right: formatYuan(debitFen - creditFen), bold: true },
  ];
}

const failedLines = (failed: readonly FailedItem[]): Slip =>
  failed.length === 0
    ? []
    : [
        rule,
        text('失败明细 FAILED ITEMS'),
        ...failed.flatMap(({ stan, what, amountFen, why }) => [
          text(`${stan} ${what}`),
          pair(`  ${why}`, formatYuan(amountFen)),
        ]),
      ];

const kinds = {
  'missing-there': '主机缺 NOT AT HOST',
  'missing-here': '终端缺 NOT HERE',
  amount: '金额不符 AMOUNT',
} as const;
const decisions = { booked: '已补记', rejected: '已撤除' } as const;

/** Each record on which the lists differed, how, and what became of it: the way from 不平 to resolved. */
const differingLines = ({ differing }: Batch): Slip =>
  differing.length === 0
    ? []
    : [
        rule,
        text('差异明细 DIFFERENCES'),
        text('已补记 BOOKED, 已撤除 TAKEN BACK'),
        ...differing.flatMap(({ stan, kind, hereFen, thereFen, decision }: Differing) => [
          pair(`${stan ?? '------'} ${kinds[kind]}`, decisions[decision]),
          pair('  终端 HERE', hereFen === null ? '缺 MISSING' : formatYuan(hereFen)),
          pair('  主机 HOST', thereFen === null ? '缺 MISSING' : formatYuan(thereFen)),
        ]),
      ];
