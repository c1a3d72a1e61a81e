import type { Slip, SlipLine } from '../../drivers/devices.ts';
import { shanghai } from '../base/clock.ts';
import { reasonWords } from '../base/code-words.ts';
import { type Database, perDatabase, type Tx } from '../base/database.ts';
import { formatYuan } from '../base/money.ts';
import { businessCalendar, nextBusinessDay } from './calendar.ts';
import type { Settlement } from './settlement.ts';

/** 资金结算单 on the terminal's own printer (B-029). */

const pair = (left: string, right: string): SlipLine => ({ kind: 'pair', left, right });
const text = (value: string): SlipLine => ({ kind: 'text', text: value });
const rule: SlipLine = { kind: 'rule' };

const modes = { AUTO: '自动 AUTO', MANUAL: '手动 MANUAL', REALTIME: '实时 REALTIME' } as const;
const states = {
  REQUESTED: '已提交 REQUESTED',
  PROCESSING: '处理中 PROCESSING',
  SUCCESS: '成功 SUCCESS',
  FAILED: '失败 FAILED',
  RETURNED: '银行退回 RETURNED',
  CANCELLED: '已撤回 CANCELLED',
} as const;

/** Behind the head and before the marks of a slip. `arrival`: the day on which it came, or is expected. */
export function settlementLines(settlement: Settlement, arrival: string): Slip {
  const { no, mode, state, amountFen, serviceFeeFen, maskedAccount, requestedAt, valueDate, transferRef, reason } =
    settlement;
  const { day, time } = shanghai(requestedAt);
  return [
    text('结算号(SETTLEMENT NO)'),
    text(`  ${no}`),
    pair('申请人(BY)', settlement.requestedBy),
    pair('日期(DATE)', `${day} ${time}`),
    pair('方式(MODE)', modes[mode]),
    text('结算账户(ACCOUNT)'),
    text(`  ${maskedAccount}`),
    rule,
    pair('结算金额(GROSS)', formatYuan(amountFen)),
    pair('服务费(FEE)', formatYuan(serviceFeeFen)),
    { kind: 'pair', left: '到账金额(NET)', right: formatYuan(amountFen - serviceFeeFen), bold: true },
    rule,
    { kind: 'pair', left: '状态(STATE)', right: states[state], bold: true },
    ...(reason === null
      ? []
      : [
          text('原因(REASON)'),
          ...[...new Set([reasonWords(reason, 'zh'), reasonWords(reason, 'en')])].map((why) => text(`  ${why}`)),
        ]),
    pair(valueDate === null ? '预计到账(EXPECTED)' : '到账日(VALUE DATE)', arrival),
    ...(transferRef === null ? [] : [text('银行流水号(TRANSFER NO)'), text(`  ${transferRef}`)]),
    ...(settlement.checkedBy === null ? [] : [pair('确认人(CHECKED BY)', settlement.checkedBy)]),
  ];
}

/** T+1 by the calendar (B-025), in real time the same day; `-` where nothing will come. */
export function arrivalOf(db: Database, { mode, state, requestedAt, valueDate }: Settlement): string {
  if (valueDate !== null) return valueDate;
  if (state !== 'REQUESTED' && state !== 'PROCESSING' && state !== 'SUCCESS') return '-';
  const { day } = shanghai(requestedAt);
  return mode === 'REALTIME' ? day : nextBusinessDay(businessCalendar(db), day);
}

const statements = perDatabase((db) => ({
  prints: db.prepare<[string], number>('SELECT prints FROM settlement WHERE no = ?').pluck(),
  printed: db.prepare('UPDATE settlement SET prints = prints + 1 WHERE no = ?'),
}));

/** How often its slip came out of the printer. */
export const settlementPrints = (db: Database, no: string): number => statements(db).prints.get(no) ?? 0;

export const countSettlementPrint = (tx: Tx, no: string): void => {
  statements(tx.db).printed.run(no);
};
