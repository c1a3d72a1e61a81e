import type { Slip } from '../../drivers/devices.ts';
import { shanghai } from '../base/clock.ts';
import { type Fen, formatYuan } from '../base/money.ts';
import { totalRow } from '../settlement/batch-slip.ts';
import type { ShiftTotal } from '../users/shift.ts';

/** A shift with what it came to; until it has ended, so far. */
export interface ShiftView {
  readonly id: number;
  readonly operator: string;
  readonly begunAt: number;
  readonly endedAt: number | undefined;
  readonly endedBy: string | undefined;
  readonly totals: readonly ShiftTotal[];
  readonly debitCount: number;
  readonly debitFen: Fen;
  readonly creditCount: number;
  readonly creditFen: Fen;
  /** Debit less credit. */
  readonly netFen: Fen;
  /** Payments without an end yet; they count in the operator's next shift. */
  readonly undecided: number;
  readonly prints: number;
}

/** 操作员汇总: count and amount of each transaction type and instrument of one shift. Behind the head and before the marks of a slip. */
export const shiftLines = (shift: ShiftView): Slip => [
  { kind: 'pair', left: '操作员(OPERATOR NO)', right: shift.operator, bold: true },
  { kind: 'pair', left: '班次号(SHIFT NO)', right: String(shift.id) },
  { kind: 'pair', left: '开始(FROM)', right: timeOf(shift.begunAt) },
  { kind: 'pair', left: '结束(TO)', right: shift.endedAt === undefined ? '-' : timeOf(shift.endedAt) },
  { kind: 'rule' },
  ...typeRows(shift.totals),
  { kind: 'rule' },
  totalRow('借记 DEBIT', String(shift.debitCount), formatYuan(shift.debitFen)),
  totalRow('贷记 CREDIT', String(shift.creditCount), formatYuan(shift.creditFen)),
  { kind: 'pair', left: '净额 NET', right: formatYuan(shift.netFen), bold: true },
  ...(shift.undecided > 0 ? [{ kind: 'pair', left: '未定 UNDECIDED', right: String(shift.undecided) } as const] : []),
  ...(shift.endedAt === undefined ? goesOn : signature),
];

function timeOf(atMs: number): string {
  const { day, time } = shanghai(atMs);
  return `${day} ${time}`;
}

const types: Readonly<Record<string, string>> = {
  sale: '消费 SALE',
  'code-sale': '扫码 CODE SALE',
  'stored-sale': '离线消费 OFFLINE SALE',
  completion: '预授权完成 COMPLETION',
  'completion-advice': '预授权完成通知 ADVICE',
  void: '撤销 VOID',
  'completion-void': '完成撤销 COMPLETION VOID',
  refund: '退货 REFUND',
};

const instruments: Readonly<Record<string, string>> = {
  MAG: '刷卡 SWIPE',
  CHIP: '插卡 INSERT',
  CONTACTLESS: '挥卡 TAP',
  QR_WECHAT: '微信 WECHAT',
  QR_ALIPAY: '支付宝 ALIPAY',
  QR_UNIONPAY: '云闪付 QR',
};

/** A row for each transaction type and instrument. */
export function typeRows(totals: readonly ShiftTotal[]): Slip {
  if (totals.length === 0) return [{ kind: 'text', text: '没有交易 NO TRANSACTIONS' }];
  const kinds = [...new Set(totals.map(({ txn }) => txn))];
  return kinds.flatMap(
    (kind): Slip => [
      { kind: 'text', text: types[kind] ?? kind, bold: true },
      ...totals
        .filter(({ txn }) => txn === kind)
        .map((total) =>
          totalRow(
            ` ${instruments[total.instrument] ?? total.instrument}`,
            String(total.debitCount + total.creditCount),
            formatYuan(total.debitFen + total.creditFen),
          ),
        ),
    ],
  );
}

const goesOn: Slip = [{ kind: 'text', text: '班次未结束 SHIFT GOES ON', align: 'center' }];

const signature: Slip = [{ kind: 'text', text: '操作员签名(SIGNATURE)' }, { kind: 'feed', lines: 2 }, { kind: 'rule' }];
